"""Amounts and dates as the portal's screens write and accept them: 1 234,56 and 31/12/2026, nothing else."""

import re
from datetime import date, datetime
from decimal import Decimal

_AMOUNT = re.compile(r"-?\d{1,3}(?:[ \u00a0\u202f]?\d{3})*(?:,\d{1,2})?")


class NotFrench(ValueError):
    """The text is no amount or date in this notation; the message is for the clerk."""


def amount(text: str) -> Decimal:
    """An amount that was keyed."""
    if not _AMOUNT.fullmatch(text.strip()):
        raise NotFrench(f"Montant invalide : « {text} » (exemple : 1 234,56)")
    return Decimal(re.sub(r"[^\d,-]", "", text).replace(",", ".")).quantize(Decimal("0.01"))


def day(text: str) -> date:
    """A date that was keyed."""
    try:
        return datetime.strptime(text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError as error:
        raise NotFrench(f"Date invalide : « {text} » (exemple : 31/12/2026)") from error


def money(value: Decimal | str | None) -> str:
    """An amount for the screen, in groups of three."""
    if value is None or value == "":
        return ""
    return f"{Decimal(value):,.2f}".replace(",", "\u00a0").replace(".", ",").replace("-", "−")


def keyed(value: Decimal | str | None) -> str:
    """An amount for a field, as it may be keyed."""
    return "" if value is None or value == "" else f"{Decimal(value):.2f}".replace(".", ",")


def shown_day(value: date | str | None) -> str:
    """A date for the screen."""
    if not value:
        return ""
    return (date.fromisoformat(value) if isinstance(value, str) else value).strftime("%d/%m/%Y")
