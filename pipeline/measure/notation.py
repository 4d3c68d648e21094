"""Figures, amounts and dates as people read them, in French or English (babel; CLDR's own notation of money)."""

from datetime import date, datetime
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent

from pipeline.measure.scores import Share

LOCALES = {"fr": Locale("fr", "FR"), "en": Locale("en", "GB")}
UNKNOWN = "–"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
_SMALL = 0.02


def percent(rate: float | None, language: str = "en", decimals: int | None = None) -> str:
    """0.1234 as "12.3 %", 0.0123 as "1.23 %", or with so many decimals; a dash for what is not known."""
    if rate is None:
        return UNKNOWN
    digits = "0" * (_decimals(rate) if decimals is None else decimals)
    return format_percent(rate, format=f"#,##0.{digits} %", locale=LOCALES[language])


def interval(share: Share, language: str = "en") -> str:
    """A share's 95 % interval: "0.0 to 30.8 %"."""
    decimals, to = _decimals(share.high), "à" if language == "fr" else "to"
    low, high = (percent(end, language, decimals) for end in (share.low, share.high))
    return f"{low.removesuffix(' %')} {to} {high}"


def count(number: float, language: str = "en") -> str:
    """12345 as "12,345"; what is no whole number with one digit more."""
    return format_decimal(number, format="#,##0.#", locale=LOCALES[language])


def seconds(value: float | None, language: str = "en") -> str:
    """1.234 as "1.2 s"; a dash for what is not known."""
    return UNKNOWN if value is None else f"{format_decimal(value, format='#,##0.0', locale=LOCALES[language])} s"


def score(value: float | None) -> str:
    """0.98765 as "0.988"; a dash for what is not known."""
    return UNKNOWN if value is None else f"{value:.3f}"


def duration(seconds: float, language: str) -> str:
    """A time in the unit that suits it."""
    day = "j" if language == "fr" else "d"
    steps = ((2 * DAY, DAY, day), (2 * HOUR, HOUR, "h"), (2 * MINUTE, MINUTE, "min"))
    size, name = next(((size, name) for least, size, name in steps if seconds >= least), (1.0, "s"))
    digits = "#,##0.##" if size == 1 else "#,##0.#"
    return f"{format_decimal(seconds / size, format=digits, locale=LOCALES[language])} {name}"


def money(amount: Decimal | None, currency: str | None, language: str = "en") -> str:
    """1234.5 euros as "€1,234.50" or "1 234,50 €", with all its decimals; a dash for what is not known.

    Currencies that share a sign with others are told apart: "US$". Without a currency it is a number.
    """
    if amount is None:
        return UNKNOWN
    locale = LOCALES[language]
    if currency is None:
        return format_decimal(amount, locale=locale, decimal_quantization=False)
    return format_currency(amount, currency, locale=locale, decimal_quantization=False)


def day(value: date | None, language: str = "en") -> str:
    """A date, day first; a dash for what is not known."""
    return UNKNOWN if value is None else format_date(value, format="dd/MM/yyyy", locale=LOCALES[language])


def moment(at: datetime, language: str = "en") -> str:
    """A time with minutes and zone."""
    return f"{format_datetime(at, format='dd/MM/yyyy HH:mm', locale=LOCALES[language])} {at:%Z}"


def unbroken(text: str) -> str:
    """No line ends inside of it: not between a number and its unit."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _decimals(rate: float) -> int:
    """Small rates are error rates: their second decimal matters."""
    return 2 if 0 < rate < _SMALL else 1
