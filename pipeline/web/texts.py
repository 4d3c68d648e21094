"""Texts, amounts and dates as a person reads them: in French or English.

The English text is the key. Translations are gettext catalogues, `locale/<language>/*.po`, read as they are.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent

from pipeline.review.keyed import text_of
from schemas.edits import ENGLISH, FRENCH, Notation
from schemas.field import FieldValue

LANGUAGES: Mapping[str, str] = {"fr": "Français", "en": "English"}
DEFAULT = "en"
_LOCALES = {"fr": Locale("fr", "FR"), "en": Locale("en", "GB")}
_FOLDER = Path(__file__).parent / "locale"
_MARK = re.compile(r"(?<=«) | (?=[:;?!»])")


def choose_language(wanted: str | None, accepted: str) -> str:
    """The language that a person chose, or the best one of the header Accept-Language."""
    if wanted in LANGUAGES:
        return str(wanted)
    asked = [one.partition(";")[0].strip().replace("-", "_") for one in accepted.split(",")]
    return (negotiate_locale(asked, list(LANGUAGES)) or DEFAULT) if accepted else DEFAULT


def notation_of(language: str) -> Notation:
    """How a person who reads that language types numbers and dates."""
    return FRENCH if language == "fr" else ENGLISH


def translate(language: str, text: str, /, **values: object) -> str:
    """A text in a language, with `%(name)s` replaced; the English text where nobody translated it."""
    said = catalogue(language).get(text, text)
    return said % values if values else said


def money(language: str, amount: Decimal | None, currency: str | None = None) -> str:
    """An amount to the cent or as exact as it is, with its currency where it is known."""
    if amount is None:
        return ""
    locale = _LOCALES[language]
    if currency and currency.isascii() and currency.isalpha():
        return format_currency(amount, currency, locale=locale, decimal_quantization=False)
    return format_decimal(amount, format="#,##0.00###", locale=locale, decimal_quantization=False)


def value(language: str, value: FieldValue | None, currency: str | None = None) -> str:
    """A field's value: an amount, a date, or text as it is."""
    if isinstance(value, Decimal):
        return money(language, value, currency)
    return day(language, value) if isinstance(value, date) else value or ""


def typed(language: str, value: Decimal | float | None) -> str:
    """A number as a person would type it."""
    return "" if value is None else text_of(Decimal(str(value)).normalize(), notation_of(language))


def number(language: str, value: Decimal | int | float | None) -> str:
    """A number as exact as it is."""
    return "" if value is None else format_decimal(value, locale=_LOCALES[language], decimal_quantization=False)


def percent(language: str, share: float | None) -> str:
    """A share of 1 in per cent, with one digit after the mark."""
    return "" if share is None else format_percent(share, format="#,##0.0 %", locale=_LOCALES[language])


def day(language: str, value: date | None) -> str:
    """A date, day first."""
    return "" if value is None else format_date(value, format="dd/MM/yyyy", locale=_LOCALES[language])


def moment(language: str, at: datetime | None) -> str:
    """A time in the zone of this machine."""
    return "" if at is None else format_datetime(at.astimezone(), format="dd/MM/yyyy HH:mm", locale=_LOCALES[language])


def distance(language: str, at: datetime | None, now: datetime | None = None) -> str:
    """How far away a time is: "in 3 hours", "2 days ago"."""
    if at is None:
        return ""
    away: timedelta = at - (now or datetime.now(UTC))
    return format_timedelta(away, add_direction=True, locale=_LOCALES[language])


@cache
def catalogue(language: str) -> dict[str, str]:
    """The translations of a language, by their English texts."""
    texts: dict[str, str] = {}
    for path in sorted((_FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            texts |= {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}
    return {english: _spaced(said) for english, said in texts.items()} if language == "fr" else texts


def _spaced(text: str) -> str:
    """No line of a French text begins with the mark that ends one: the space before it does not break."""
    return _MARK.sub("\N{NO-BREAK SPACE}", text)
