"""The tables of a document: each header with the rows below it, carried on over pages, read into invoice lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.extract.line_items.body import SUMS, body, is_itemlike, label_of
from pipeline.extract.line_items.columns import NumberColumn, number_columns
from pipeline.extract.line_items.header import Header, HeaderColumn
from pipeline.extract.line_items.items import read_items
from pipeline.extract.line_items.labels import ColumnLabel, Role, squeeze
from pipeline.extract.line_items.roles import Roles, assign_roles
from pipeline.extract.line_items.tokens import Row, has_letters
from schemas import Box, InvoiceLine

PageRows = Sequence[Row]
_LONGEST_CLIMB = 150
"""So many rows above a sum are looked at."""
_AMOUNTS = (Role.NET_AMOUNT, Role.GROSS_AMOUNT, Role.UNIT_PRICE, Role.GROSS_UNIT_PRICE)


@dataclass(frozen=True)
class Table:
    """Invoice lines read from one table, and how far to trust the reading."""

    lines: tuple[InvoiceLine, ...]
    multiplies: float
    has_header: bool


@dataclass(frozen=True)
class _Part:
    """The part of a table on one page."""

    lines: tuple[InvoiceLine, ...]
    roles: Roles
    columns: tuple[HeaderColumn, ...]
    ended: bool


def headed_tables(
    pages: Sequence[PageRows], headers_of: Sequence[Sequence[Header]], *, beyond_subtotals: bool
) -> tuple[Table, ...]:
    """The tables below the headers of each page, in reading order.

    A table goes on where the header is repeated, or on a page without a header.
    """
    chains: list[list[_Part]] = []
    for rows, headers in zip(pages, headers_of, strict=True):
        if not headers and chains and not chains[-1][-1].ended:
            if part := _continued(rows, chains[-1][-1], beyond_subtotals):
                chains[-1].append(part)
            continue
        for header, below in _sections(rows, headers):
            part = _read_part(*body(below, beyond_subtotals=beyond_subtotals), header.columns)
            if not part.lines:
                continue
            if chains and _same_layout(chains[-1][-1].columns, header.columns):
                chains[-1].append(part)
            else:
                chains.append([part])
    return tuple(_table(chain) for chain in chains)


def main_headers(headers_of: Sequence[Sequence[Header]]) -> tuple[tuple[Header, ...], ...]:
    """Only the headers that are laid out as the one with the most known labels."""
    every = [header for headers in headers_of for header in headers]
    main = max(every, key=lambda header: header.named, default=None)
    return tuple(
        tuple(h for h in headers if main is not None and _same_layout(main.columns, h.columns))
        for headers in headers_of
    )


def bare_tables(pages: Sequence[PageRows]) -> tuple[Table, ...]:
    """The table without a header: from the first row that multiplies out to the sums."""
    parts: list[_Part] = []
    for rows in pages:
        first = next((index for index, row in enumerate(rows) if is_itemlike(row)), None)
        if first is None:
            continue
        inside, ended = body(rows[first:], beyond_subtotals=False)
        part = _read_part(inside, ended, ())
        if part.lines:
            parts.append(part)
    return (_table(parts, has_header=False),) if parts else ()


def summed_tables(pages: Sequence[PageRows]) -> tuple[Table, ...]:
    """The table without a header that a printed sum proves: the amounts above the sum add up to it."""
    rows = [(number, row) for number, page in enumerate(pages) for row in page]
    for index, (_, row) in enumerate(rows):
        if label_of(row) in SUMS and row.amounts and (first := _start_of_sum(rows, index)) is not None:
            numbers = sorted({number for number, _ in rows[first:index]})
            parts = [_read_part([r for n, r in rows[first:index] if n == page], True, ()) for page in numbers]
            return (_table(parts, has_header=False),)
    return ()


def _start_of_sum(rows: Sequence[tuple[int, Row]], index: int) -> int | None:
    """The first of the rows above a sum whose amounts, in one column with it, add up to it; None if there is none."""
    total = rows[index][1].amounts[-1]
    rest = total.number.value if total.number else Decimal(0)
    for start in range(index - 1, max(index - _LONGEST_CLIMB, 0) - 1, -1):
        row = rows[start][1]
        cell = row.amounts[-1] if row.amounts else None
        if cell is None or cell.number is None or label_of(row) or abs(cell.box.x1 - total.box.x1) > row.line.height:
            continue
        rest -= cell.number.value
        if not rest and cell.number.value and has_letters(row.text, 3):
            return start
    return None


def _sections(rows: PageRows, headers: Sequence[Header]) -> Iterator[tuple[Header, PageRows]]:
    """Each header with the rows between it and the next one."""
    ends = [*(header.first_row for header in headers[1:]), len(rows)][: len(headers)]
    for header, end in zip(headers, ends, strict=True):
        yield header, rows[header.last_row + 1 : end]


def _read_part(rows: PageRows, ended: bool, headers: tuple[HeaderColumn, ...]) -> _Part:
    columns = number_columns(rows, headers)
    roles = assign_roles(columns)
    if not any(role in roles.of for role in _AMOUNTS):
        return _Part((), roles, headers, ended)
    return _Part(read_items(rows, columns, roles.of, headers), roles, _placed(headers, columns, roles), ended)


def _placed(headers: Sequence[HeaderColumn], columns: Sequence[NumberColumn], roles: Roles) -> tuple[HeaderColumn, ...]:
    """The header as the numbers below it proved it: each column with its role and the extent of its numbers."""
    role_of = {index: role for role, index in roles.of.items()}
    proved = []
    for index, column in enumerate(columns):
        if role := role_of.get(index):
            box = column.header.box if column.header else Box(x0=column.x0, y0=0, x1=column.x1, y1=0)
            box = box.model_copy(update={"x0": column.x0, "x1": column.x1})
            proved.append(HeaderColumn((ColumnLabel(role, 1.0),), box, column.header.text if column.header else ""))
    numeric = {id(column.header) for column in columns if column.header}
    words = [header for header in headers if id(header) not in numeric]
    return tuple(sorted([*proved, *words], key=lambda header: header.box.x0))


def _continued(rows: PageRows, before: _Part, beyond_subtotals: bool) -> _Part | None:
    """The part of a table on a page that does not repeat the header, if its rows fit the columns of the page before."""
    inside, ended = body(rows, beyond_subtotals=beyond_subtotals)
    part = _read_part(inside, ended, before.columns)
    proved = part.roles.multiplies >= 0.5 or before.roles.multiplies == 0.0
    return part if part.lines and proved and _cents(part) >= _cents(before) else None


def _cents(part: _Part) -> bool:
    """Whether an amount of the part is printed with cents."""
    return any(line.net_amount is not None and line.net_amount.as_tuple().exponent == -2 for line in part.lines)


def _same_layout(one: Sequence[HeaderColumn], other: Sequence[HeaderColumn]) -> bool:
    # OCR reads the same heading with other spaces and signs on the next page
    texts, others = ({key for column in columns if (key := squeeze(column.text))} for columns in (one, other))
    return len(texts & others) >= 0.6 * max(len(texts), len(others), 1)


def _table(parts: Sequence[_Part], *, has_header: bool = True) -> Table:
    count = sum(len(part.lines) for part in parts)
    weighted = sum(part.roles.multiplies * len(part.lines) for part in parts)
    return Table(tuple(line for part in parts for line in part.lines), weighted / max(count, 1), has_header)
