"""A total that the page names twice with different values: the sums may hold with one and not with the other."""

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.extract.rates import VAT_RATES
from pipeline.validate.finding import error, say
from schemas import Candidate, EvidenceKind, FieldName, Finding, Record

RULE = "total-contradicted"
LEAST_STRENGTH = 0.45
"""A value that stands worse to the label of a total is not named by it."""
_TOTALS = (FieldName.NET_TOTAL, FieldName.TAX_TOTAL)
"""A gross total is often printed beside earlier balances and instalments."""
_STRENGTH = re.compile(r"\((\d\.\d+)\)$")
_WITH_CENTS = re.compile(r"[.,]\d\d\D*$")
HIGHEST_RATE = 30
"""Per cent; VAT rates are at most 27."""
MOST_RIVALS = 5


def find_rival_totals(record: Record) -> tuple[Finding, ...]:
    """An error finding where another amount bears the label of the net or the VAT total and nothing explains it.

    An amount is explained when it is another total, the end of this one, a line's, a sum of lines, a part of the VAT
    breakdown, or a rate.
    """
    known = frozenset(_known(record))
    return tuple(
        error(RULE, f"The page names two {_NAMES[name]}: {say(field.value)} and {say(rival.value)}.", name)
        for name in _TOTALS
        if (field := record.fields[name]).value is not None
        for rival in field.rivals[:MOST_RIVALS]
        if _is_named(rival) and abs(rival.value) not in known and not _is_rate(rival.value)
        if not _is_tail(rival.value, field.value)
    )


_NAMES = {FieldName.NET_TOTAL: "net totals", FieldName.TAX_TOTAL: "VAT totals"}


def _is_named(rival: Candidate) -> bool:
    labels = (each.detail for each in rival.evidence if each.kind is EvidenceKind.LABEL)
    strengths = [float(found[1]) for detail in labels if (found := _STRENGTH.search(detail))]
    return max(strengths, default=0.0) >= LEAST_STRENGTH and _WITH_CENTS.search(rival.raw) is not None


def _is_rate(value: Decimal) -> bool:
    """Whether an amount may be a rate in per cent that is printed without its sign."""
    return value in VAT_RATES or (0 <= value <= HIGHEST_RATE and (2 * value) % 1 == 0)


def _is_tail(rival: Decimal, value: Decimal) -> bool:
    """Whether an amount is the end of the total: its thousands were taken for a word of their own ("17 736.50")."""
    whole, part = (str(abs(each)).replace(".", "") for each in (value, rival))
    return len(part) < len(whole) and whole.endswith(part)


def _known(record: Record) -> Iterator[Decimal]:
    """The amounts of a record that are something else than a total of its own."""
    yield from (abs(value) for name in FieldName if isinstance(value := record.value(name), Decimal))
    for row in record.vat_breakdown:
        base, tax = row.base or Decimal(0), row.amount or Decimal(0)
        yield from (abs(base), abs(tax), abs(base + tax))
    carried = Decimal(0)
    for line in record.lines:
        carried += line.net_amount or Decimal(0)
        amounts = (line.net_amount, line.unit_price, line.quantity, line.discount, line.charge, carried)
        yield from (abs(amount) for amount in amounts if amount is not None)
