"""National and personal ways to write amounts, dates, percentages and identifiers."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random

from babel.dates import format_date

from samples.words import chance, weighted

NARROW, NO_BREAK = "\u202f", "\u00a0"

_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF"}

_GROUPING: dict[str, dict[str, float]] = {
    "fr": {NARROW: 3, NO_BREAK: 3, " ": 4, "": 2, ".": 0.4},
    "de": {".": 8, "": 2},
    "en": {",": 8, "": 2},
    "CH": {"'": 6, "’": 3, "": 1},
    "es": {".": 8, "": 3}, "it": {".": 8, "": 2}, "nl": {".": 8, "": 2},
}  # fmt: skip
_DATES: dict[str, dict[str, float]] = {
    "fr": {"dd/MM/y": 10, "dd/MM/yy": 2, "d MMMM y": 5, "dd-MM-y": 1, "dd.MM.y": 1, "y-MM-dd": 1, "d MMM y": 1},
    "de": {"dd.MM.y": 10, "dd.MM.yy": 3, "d. MMMM y": 4, "y-MM-dd": 1, "d.M.y": 2},
    "en": {"dd/MM/y": 5, "d MMMM y": 5, "d MMM y": 4, "dd/MM/yy": 1, "y-MM-dd": 1, "dd-MMM-y": 1},
    "US": {"MM/dd/y": 5, "MMMM d, y": 4, "MMM d, y": 3, "M/d/y": 1},
    "CH": {"dd.MM.y": 8, "d. MMMM y": 3, "dd.MM.yy": 1},
    "es": {"dd/MM/y": 10, "dd/MM/yy": 2, "d 'de' MMMM 'de' y": 4, "dd-MM-y": 3, "d/M/y": 2},
    "it": {"dd/MM/y": 10, "dd/MM/yy": 2, "d MMMM y": 4, "dd-MM-y": 2, "dd.MM.y": 1},
    "nl": {"dd-MM-y": 10, "d-M-y": 3, "d MMMM y": 5, "dd/MM/y": 2, "dd-MM-yy": 1},
}
_TEST_DATES: dict[str, dict[str, float]] = {
    "fr": {
        "EEEE d MMMM y": 0.5, "dd MMM y": 1, "d/M/y": 1, "~ MMMM y": 2, "dd-MMM-yy": 1, "y/MM/dd": 1, "dd MM y": 1,
        "dd/MM/y": 5, "dd.MM.yy": 1,
    },
    "de": {"d.M.yy": 2, "dd. MMM y": 2, "EEEE, d. MMMM y": 0.5, "dd.MM.y": 6, "dd-MM-y": 1, "d. MMMM y": 2},
    "en": {"~ MMMM y": 3, "EEEE, d MMMM y": 0.5, "d MMM yy": 2, "dd.MM.y": 2, "d/M/y": 2, "dd/MM/y": 3, "dd MMM y": 2},
    "US": {"MMM dd, y": 2, "MM-dd-y": 2, "EEEE, MMMM d, y": 1, "MM/dd/y": 3},
    "es": {"dd.MM.y": 2, "d-MMM-y": 2, "dd/MM/y": 4, "EEEE, d 'de' MMMM 'de' y": 1, "y-MM-dd": 1},
    "it": {"d MMM y": 2, "d/M/y": 2, "dd/MM/y": 4, "y-MM-dd": 1, "EEEE d MMMM y": 1},
    "nl": {"dd.MM.y": 1, "d MMM y": 3, "dd-MM-y": 4, "y-MM-dd": 1, "EEEE d MMMM y": 1},
}  # fmt: skip
_BLIND_DATES: dict[str, dict[str, float]] = {
    "fr": {"dd/MM/y": 12, "d MMMM y": 4, "dd MMMM y": 1, "dd/MM/yy": 1.5, "dd.MM.y": 1, "d MMM y": 2, "y-MM-dd": 1},
    "de": {"dd.MM.y": 12, "d. MMMM y": 3, "dd.MM.yy": 1, "dd. MMMM y": 1, "y-MM-dd": 0.5},
    "en": {"d MMM y": 4, "dd/MM/y": 5, "d MMMM y": 4, "dd MMM y": 2, "dd-MM-y": 1, "MMMM d, y": 1, "y-MM-dd": 0.5},
    "US": {"MMMM d, y": 4, "MM/dd/y": 4, "MMM d, y": 3},
    "es": {"dd/MM/y": 10, "d/M/y": 2, "dd-MM-y": 2, "d 'de' MMMM 'de' y": 2},
    "it": {"dd/MM/y": 10, "dd-MM-y": 1, "d MMMM y": 3, "dd.MM.y": 0.5},
    "nl": {"dd-MM-y": 8, "d MMMM y": 4, "d-M-y": 2, "dd/MM/y": 1},
}


@dataclass(frozen=True)
class Notation:
    """How one supplier writes values."""

    language: str
    country: str
    group: str
    decimal: str
    currency_form: str  # "symbol", "code" or "" (amounts stand without a currency)
    currency_first: bool
    trailing_minus: bool
    date_pattern: str
    percent_gap: str
    percent_decimals: bool
    quantity_decimals: int
    parentheses: bool = False
    capitals: bool = False

    def number(self, value: Decimal, places: int = 2) -> str:
        """The number with grouped thousands, without a currency."""
        text = f"{abs(value):,.{places}f}".replace(",", "\0").replace(".", self.decimal).replace("\0", self.group)
        if value >= 0:
            return text
        if self.parentheses:
            return f"({text})"
        return f"{text}-" if self.trailing_minus else f"-{text}"

    def money(self, value: Decimal, currency: str) -> str:
        """The amount with the currency as the supplier writes it, if it does."""
        sign = self.currency_sign(currency)
        if not sign:
            return self.number(value)
        gap = "" if self.currency_first and len(sign) == 1 else NO_BREAK
        if self.currency_first:
            minus = "-" if value < 0 and not self.parentheses else ""
            return f"{minus}{sign}{gap}{self.number(abs(value) if minus else value)}"
        return f"{self.number(value)}{gap}{sign}"

    def currency_sign(self, currency: str) -> str:
        """The printed sign of a currency; empty when the supplier prints none beside amounts."""
        return {"symbol": _SYMBOLS[currency], "code": currency}.get(self.currency_form, "")

    def date(self, value: date) -> str:
        """The date in the supplier's pattern."""
        english = "en_US" if self.country == "US" else "en_GB"
        locale = english if self.language == "en" else f"{self.language}_{self.language.upper()}"
        text = format_date(value, self.date_pattern, locale=locale)
        # What no pattern can say: '3rd March', '1er mars', '03-MAR-2026'.
        text = text.replace("~", _ordinal(value.day, self.language)) if "~" in text else text
        return text.upper() if self.capitals else text

    def percent(self, rate: Decimal) -> str:
        """A rate as '20 %', '5,5%' or '20,00 %'."""
        text = f"{rate:.2f}" if self.percent_decimals else f"{rate.normalize():f}"
        return f"{text.replace('.', self.decimal)}{self.percent_gap}%"

    def quantity(self, value: Decimal) -> str:
        """A quantity with the supplier's number of decimals, more when the value needs them."""
        exponent = value.normalize().as_tuple().exponent
        return self.number(value, max(self.quantity_decimals, -int(exponent)))


def make_notation(rng: Random, language: str, country: str, split: str = "train") -> Notation:
    """Draw a notation that is in use in the country; splits that are held out have dates of their own."""
    notation = _drawn(rng, language, country)
    if split == "train":
        return notation
    dates = "US" if country == "US" else language
    if split == "blind":
        return replace(notation, date_pattern=weighted(rng, _BLIND_DATES[dates]))
    pattern = weighted(rng, _TEST_DATES[dates])
    return replace(
        notation,
        date_pattern=pattern,
        capitals="MMM-" in pattern and chance(rng, 0.5),
        currency_first=notation.currency_first or chance(rng, 0.7 if language == "nl" else 0.15),
        parentheses=not notation.trailing_minus and chance(rng, 0.15),
    )


def _ordinal(day: int, language: str) -> str:
    if language == "fr":
        return "1er" if day == 1 else str(day)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th") if day not in {11, 12, 13} else "th"
    return f"{day}{ending}"


def _drawn(rng: Random, language: str, country: str) -> Notation:
    region = "CH" if country == "CH" else language
    swiss_or_english = region in {"CH", "en"}
    dates = "US" if country == "US" else region
    if country == "CH" and language == "fr":
        dates = "fr"
    return Notation(
        language=language,
        country=country,
        group=weighted(rng, _GROUPING[region]),
        decimal="." if swiss_or_english else ",",
        currency_form=weighted(rng, {"symbol": 6, "code": 2, "": 2}),
        currency_first=swiss_or_english,
        trailing_minus=language == "de" and chance(rng, 0.1),
        date_pattern=weighted(rng, _DATES[dates]),
        percent_gap=weighted(rng, {NO_BREAK: 3, "": 3} if language != "en" else {"": 1}),
        percent_decimals=chance(rng, 0.3),
        quantity_decimals=weighted(rng, {0: 6, 2: 3, 3: 0.7}),
    )
