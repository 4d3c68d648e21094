"""Rates of exchange in the form of the European Central Bank's `eurofxref-hist.csv`."""

import csv
from bisect import bisect_right
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipeline.errors import InputError
from pipeline.posting.files.booking import Rate

PATIENCE = timedelta(days=7)
"""So old may a rate be: there is none on weekends and holidays."""

_REMEDY = "Take eurofxref-hist.csv of the European Central Bank, or make one with the columns Date,USD,CHF."


def read_rates(path: Path) -> Rate:
    """The rates in a file with the columns Date (ISO) and a currency code each: units for one euro.

    Raises InputError when it is not such a file.
    """
    found: dict[str, list[tuple[date, Decimal]]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                day = date.fromisoformat(row["Date"].strip())
                for name, text in row.items():
                    if name and name.strip().isupper() and text and text.strip() not in ("", "N/A"):
                        found.setdefault(name.strip(), []).append((day, Decimal(text.strip())))
    except (KeyError, ValueError, InvalidOperation, AttributeError) as error:
        raise InputError(f"{path.name} holds no rates: {error}", code="bad-rates", remedy=_REMEDY) from error
    if not found:
        raise InputError(f"{path.name} holds no rates.", code="bad-rates", remedy=_REMEDY)
    for days in found.values():
        days.sort()

    def rate(currency: str, day: date) -> Decimal | None:
        days = found.get(currency, [])
        place = bisect_right(days, day, key=lambda pair: pair[0])
        return days[place - 1][1] if place and day - days[place - 1][0] <= PATIENCE else None

    return rate
