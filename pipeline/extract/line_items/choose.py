"""Which of several readings of the tables is right: the one whose lines add up to a printed sum."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.extract.line_items.body import SUMS, amounts_of_sum, label_of
from pipeline.extract.line_items.tables import Table
from pipeline.extract.line_items.tokens import Row
from schemas import InvoiceLine

_SUM_PRINTED, _SUM_SOMEWHERE, _MULTIPLIES, _HEADER = 4.0, 1.0, 2.0, 1.0


_MOST_CUT = 4


def lines_sum(lines: Iterable[InvoiceLine]) -> Decimal | None:
    """The sum of the lines' amounts (BT-131), or None when there are no lines or one lacks its amount."""
    amounts = [line.net_amount for line in lines]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def mark_tax_inclusive(
    lines: Sequence[InvoiceLine], net: Decimal | None, gross: Decimal | None
) -> tuple[InvoiceLine, ...]:
    """The lines with `includes_tax` as the totals show it: their sum is the gross total, or the net total.

    A cent a line of rounding is allowed. When neither total fits, or net and gross are equal, nothing changes.
    """
    total = lines_sum(lines)
    if total is None or net is None or gross is None or net == gross:
        return tuple(lines)
    tolerance = Decimal("0.01") * len(lines)
    fits_net, fits_gross = abs(total - net) <= tolerance, abs(total - gross) <= tolerance
    if fits_net == fits_gross:
        return tuple(lines)
    return tuple(line.model_copy(update={"includes_tax": fits_gross}) for line in lines)


def choose(readings: Sequence[Sequence[Table]], pages: Sequence[Sequence[Row]]) -> tuple[InvoiceLine, ...]:
    """The lines of the best reading; empty when there is none.

    Every table stands for itself, and all tables of one reading together.
    """
    totals, amounts = printed_totals(pages), printed_amounts(pages)
    candidates: list[tuple[Table, ...]] = []
    for tables in readings:
        candidates.extend((shorter,) for table in tables for shorter in _cut_short(table))
        if len(tables) > 1:
            candidates.append(tuple(tables))
    best = max(candidates, key=lambda tables: _score(tables, totals, amounts), default=())
    return tuple(line for table in best for line in table.lines)


def _cut_short(table: Table) -> Iterator[Table]:
    """The table, and without last lines that have an amount only: sums whose labels OCR lost look so."""
    table = replace(table, lines=_without_running_sums(table.lines))
    yield table
    for count in range(len(table.lines) - 1, max(len(table.lines) - _MOST_CUT, 1) - 1, -1):
        if not _is_amount_only(table.lines[count]) or all(map(_is_amount_only, table.lines[:count])):
            return
        yield replace(table, lines=table.lines[:count])


def _without_running_sums(lines: Sequence[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    """The lines without amounts that only repeat the sum of all lines before: carried sums with unknown labels."""
    kept: list[InvoiceLine] = []
    for line in lines:
        if len(kept) < 2 or not _is_amount_only(line) or line.net_amount != lines_sum(kept):
            kept.append(line)
    return tuple(kept) if any(not _is_amount_only(line) for line in kept) else tuple(lines)


def _is_amount_only(line: InvoiceLine) -> bool:
    return line.quantity is None and line.unit_price is None


def _score(tables: Sequence[Table], totals: Counter[Decimal], amounts: frozenset[Decimal]) -> float:
    lines = [line for table in tables for line in table.lines]
    if not lines:
        return 0.0
    total = lines_sum(lines)
    score = _SUM_PRINTED * (total in totals) or _SUM_SOMEWHERE * (total in amounts and len(lines) > 1)
    score += _MULTIPLIES * sum(t.multiplies * len(t.lines) for t in tables) / len(lines)
    score += _HEADER * sum(table.has_header for table in tables) / len(tables)
    score += 0.1 * min(len(lines), 10)
    return score - 0.5 * sum(line.net_amount is None for line in lines) / len(lines)


def printed_totals(pages: Sequence[Sequence[Row]]) -> Counter[Decimal]:
    """The amounts on rows that are called a sum, or on the row below such a label; and how often each stands there."""
    found: Counter[Decimal] = Counter()
    for rows in pages:
        for index, row in enumerate(rows):
            if label_of(row) in SUMS:
                found.update(token.number.value for token in amounts_of_sum(rows, index) if token.number)
    return found


def printed_amounts(pages: Sequence[Sequence[Row]]) -> frozenset[Decimal]:
    """All numbers with two decimals."""
    return frozenset(
        token.number.value
        for rows in pages
        for row in rows
        for token in row.numbers
        if token.number and token.number.decimals == 2
    )
