"""Text becomes numbers and dates, in all national notations. Babel knows the names and the notations.

Notation is told from the text itself: "1 234,56", "1.234,56", "1,234.56" and "1'234.50" are all 1234.56 or so.
"""

import re
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from babel.dates import get_month_names
from babel.numbers import NumberFormatError, parse_decimal

LANGUAGES = ("fr", "en", "de", "es", "it", "nl")
"""ISO 639-1 codes of the languages that are understood."""

CURRENCY_SIGNS = {
    "€": "EUR", "£": "GBP", "US$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "AU$": "AUD", "S$": "SGD", "$": "USD",
    "$US": "USD", "$CA": "CAD", "$AU": "AUD", "£GB": "GBP", "¥": "JPY", "zł": "PLN", "Kč": "CZK", "₹": "INR",
    "₽": "RUB", "₺": "TRY", "Fr.": "CHF", "SFr.": "CHF", "kr.": "DKK",
    "kr": "SEK", "Ft": "HUF", "lei": "RON", "RM": "MYR",
}  # fmt: skip
CURRENCY_CODES = frozenset(
    "EUR USD GBP CHF CAD AUD JPY CNY SEK NOK DKK PLN CZK HUF RON BGN HRK TRY RUB INR MAD TND DZD XOF XAF MGA MUR "
    "BRL MXN ZAR SGD HKD NZD ILS AED SAR KRW THB MYR IDR PHP ISK RSD UAH".split()
)

TOO_LARGE = Decimal(10) ** 12
"""No amount of an invoice is that large; sums of such numbers would be rounded, and no longer be what is printed."""

_SPACES = "\u0020\u00a0\u2009\u202f\u2007"
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"
# a mark may touch its number: "EUR12.50", "12,50€"
_CODE = re.compile(rf"{_NO_LETTER_BEFORE}(?:{'|'.join(sorted(CURRENCY_CODES))}){_NO_LETTER_AFTER}")
_SIGN = re.compile(
    "|".join(
        (_NO_LETTER_BEFORE if sign[0].isalpha() else "")
        + re.escape(sign)
        + (_NO_LETTER_AFTER if sign[-1].isalpha() else "")
        for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True)
    )
    + rf"|{_NO_LETTER_BEFORE}(?:[Ee]uros?|EUROS?){_NO_LETTER_AFTER}"
)
_MARK = re.compile(f"{_CODE.pattern}|{_SIGN.pattern}")
_BODY = re.compile(
    rf"(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|\d{{1,3}}(?:['’]\d{{3}})+|\d{{1,3}}(?:\.\d{{3}})+(?!\d)|\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)"
    r"(?:[.,]\d{1,6})?|[.,]\d{1,4}"
)


@lru_cache(maxsize=20_000)
def parse_amount(text: str, decimal_mark: str | None = None) -> Decimal | None:
    """One number below `TOO_LARGE` with an optional sign and currency, or None when the text is anything else.

    `decimal_mark` ("," or ".") settles what is ambiguous, such as "1.234"; without it three digits after a single
    mark are thousands, unless the number begins with 0.
    """
    found = _signed_body(text)
    if found is None:
        return None
    negative, body = found
    locale = _locale_of(body, decimal_mark)
    try:
        value = parse_decimal(_normalised(body), locale=locale)
    except NumberFormatError:
        return None
    if value >= TOO_LARGE:
        return None
    return -value if negative else value


def parse_percent(text: str) -> Decimal | None:
    """A percentage such as "20 %", "5,5%" or "TVA 20.00 %", in per cent; None without a percent sign."""
    match = re.search(rf"(?<![\d.,])(\d{{1,3}}(?:[.,]\d{{1,4}})?)[{_SPACES}]*%", text)
    return parse_decimal(match[1].replace(",", "."), locale="en_US") if match else None


def decimal_mark_of(texts: list[str]) -> str | None:
    """The decimal mark that a document uses, by its amounts with two decimals; None when it shows none."""
    commas = sum(1 for text in texts if re.search(r"\d,\d\d(?!\d)", text))
    points = sum(1 for text in texts if re.search(r"\d\.\d\d(?![\d.])", text) and not _NUMERIC_DATE.search(text))
    if commas == points:
        return None
    return "," if commas > points else "."


def currency_of(text: str) -> str | None:
    """The ISO 4217 code of the first currency code in a text, or else of the first sign."""
    if code := _CODE.search(text):
        return code[0]
    sign = _SIGN.search(text)
    return CURRENCY_SIGNS.get(sign[0], "EUR") if sign else None


def _signed_body(text: str) -> tuple[bool, str] | None:
    """Whether the number is negative, and its digits and marks; None when other text stands beside it."""
    rest = text.strip()
    negative = bool(re.match(r"^\(.*\)$", rest))
    rest = rest.strip("()").strip()
    match = _BODY.search(_MARK.sub(" ", rest))
    if match is None:
        return None
    outside = _MARK.sub(" ", rest).replace(match[0], " ", 1).strip(f"{_SPACES}*:")
    if outside not in ("", "+", "-", "−", "–", "—", "./.", "-.", ",-", ".-", ",–", ".–"):
        return None
    # "12.-" is Swiss for 12 francs; a lone minus at either side is a sign
    return negative or outside in ("-", "−", "–", "—"), match[0]


def _locale_of(body: str, decimal_mark: str | None) -> str:
    """A locale whose decimal mark is the one of this number: German for the comma, English for the point."""
    comma, point = body.rfind(","), body.rfind(".")
    if comma >= 0 and point >= 0:
        return "de_DE" if comma > point else "en_US"
    mark = max(comma, point)
    if mark < 0:
        return "en_US"
    sign = body[mark]
    decimal_locale, group_locale = ("de_DE", "en_US") if sign == "," else ("en_US", "de_DE")
    if body.count(sign) > 1:
        return group_locale
    whole, decimals = body[:mark], body[mark + 1 :]
    if len(decimals) != 3 or not whole or re.search(rf"[{_SPACES}'’]", whole) or len(whole) > 3:
        return decimal_locale
    if whole.startswith("0") or decimal_mark == sign:
        return decimal_locale
    return group_locale


def _normalised(body: str) -> str:
    return re.sub(rf"[{_SPACES}'’]", "", body)


# --- dates ---------------------------------------------------------------------------------------------------------

_NUMERIC_DATE = re.compile(
    r"(?<![\d.,/-])(?:(?P<y>(?:19|20)\d\d)(?P<s>[-./])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<t>\s?[-./]\s?)(?P<b>\d{1,2})(?P=t)(?P<z>(?:19|20)\d\d|\d\d))(?![\d/-]|[.,]\d)"
)
_SPACED_DATE = re.compile(r"(?<![\d.,/-])(?<!\d )(\d\d) (\d\d) ((?:19|20)\d\d)(?![\d/-]|[.,]\d| \d)")
"""Figures that only spaces part are a date with leading zeros and a full year, and never within a longer number."""
_COMPACT_DATE = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)")


@cache
def _months() -> dict[str, int]:
    """The names of the months and their abbreviations in the known languages, without a point, in small letters."""
    names = dict(_OTHER_MONTHS)
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    names[name.rstrip(".").casefold()] = number
    return {name: number for name, number in names.items() if len(name) > 2}


_OTHER_MONTHS = {
    "jan": 1, "janv": 1, "feb": 2, "fev": 2, "fév": 2, "fevr": 2, "fevrier": 2, "mar": 3, "maerz": 3, "mrz": 3,
    "mrt": 3, "apr": 4, "aout": 8, "agost": 8, "juill": 7, "juil": 7, "jul": 7, "sep": 9, "sept": 9, "sett": 9,
    "set": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "déc": 12, "decembre": 12, "dez": 12, "dic": 12,
}  # fmt: skip
"""Spellings that the CLDR lacks but invoices print."""


@cache
def _worded_date() -> re.Pattern[str]:
    month = rf"(?:{'|'.join(sorted(map(re.escape, _months()), key=len, reverse=True))})(?![^\W\d_])\.?"
    ordinal, year, of = r"(?:\s?(?:er|st|nd|rd|th)\b|\.|º|°)?", r"(?:19|20)\d\d", r"(?:d[e'’]\s*|del\s+|of\s+)?"
    return re.compile(
        rf"(?<![\d.,])(?:(?P<d>\d{{1,2}}){ordinal}[\s/-]*{of}(?P<m>{month})[\s,/-]*{of}(?P<y>{year}|\d\d(?!\d))"
        rf"|\b(?P<m2>{month})\s*(?P<d2>\d{{1,2}}){ordinal}\s*,?\s*(?P<y2>{year})"
        rf"|(?P<y3>{year})[\s-]+(?P<m3>{month})[\s-]+(?P<d3>\d{{1,2}}))(?!\d)",
        re.IGNORECASE,
    )


def find_dates(text: str, month_first: bool = False) -> list[tuple[date, int, int]]:
    """All dates in a text with the place (start, end) of each, left to right.

    `month_first` reads 03/04/2026 as 4 March, the American way; a number over 12 settles it by itself.
    """
    if not any(char.isdigit() for char in text):
        return []
    hits = [
        *((_from_numbers(m, month_first), m) for m in _NUMERIC_DATE.finditer(text)),
        *((_valid_date(int(m[1]), int(m[2]), int(m[3])), m) for m in _COMPACT_DATE.finditer(text)),
        *((_valid_date(int(m[3]), int(m[2]), int(m[1])), m) for m in _SPACED_DATE.finditer(text)),
        *((_from_words(m), m) for m in _worded_date().finditer(text)),
    ]
    found = [(value, match.start(), match.end()) for value, match in hits if value is not None]
    return sorted(found, key=lambda hit: hit[1])


def parse_date(text: str, month_first: bool = False) -> date | None:
    """The first date in a text, or None."""
    found = find_dates(text, month_first)
    return found[0][0] if found else None


def month_first_of(texts: list[str]) -> bool:
    """Whether a document writes the month before the day, by dates that can only be read so."""
    american = european = 0
    for text in texts:
        for match in _NUMERIC_DATE.finditer(text):
            if match["a"]:
                american += int(match["b"]) > 12 >= int(match["a"])
                european += int(match["a"]) > 12 >= int(match["b"])
    return american > european


def _from_numbers(match: re.Match[str], month_first: bool) -> date | None:
    if match["y"]:
        return _valid_date(int(match["y"]), int(match["m"]), int(match["d"]))
    first, second, year = int(match["a"]), int(match["b"]), int(match["z"])
    if year < 100:
        year += 2000
    swap = (month_first and "/" in match["t"] and first <= 12) or second > 12
    day, month = (second, first) if swap else (first, second)
    return _valid_date(year, month, day)


def _valid_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _from_words(match: re.Match[str]) -> date | None:
    day, month, year = (match[part] or match[f"{part}2"] or match[f"{part}3"] for part in "dmy")
    full_year = int(year) + (2000 if len(year) == 2 else 0)
    return _valid_date(full_year, _months()[month.rstrip(".").casefold()], int(day))
