"""The numbers of a table's rows become columns, and the columns find their header labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.extract.line_items.header import MONEY, HeaderColumn
from pipeline.extract.line_items.labels import Role
from pipeline.extract.line_items.tokens import Row, Token, gap_in_characters
from schemas import Box

_SET_APART = 1.4
"""A number this many character widths away from words stands in a cell of its own."""
_SAME_COLUMN = 0.35
_INSIDE = 0.6
_TEXT_ROLES = frozenset({Role.DESCRIPTION, Role.UNIT, Role.DATE})
_SKIP_NUMBERS, _SKIP_HEADER, _TEXT_COST = 90.0, 1.0, 12.0


@dataclass
class _Growing:
    """A column while cells are still added to it."""

    x0: float
    x1: float
    cells: dict[int, Token] = field(default_factory=dict)
    embedded: set[int] = field(default_factory=set)

    def share(self, box: Box) -> float:
        """How much of the narrower of column and box the other covers, 0 to 1."""
        overlap = min(self.x1, box.x1) - max(self.x0, box.x0)
        return overlap / max(min(self.x1 - self.x0, box.width), 0.1)

    def add(self, row: int, token: Token) -> None:
        """Take a cell, and grow to its width."""
        self.cells[row] = token
        self.x0, self.x1 = min(self.x0, token.box.x0), max(self.x1, token.box.x1)


@dataclass(frozen=True)
class NumberColumn:
    """Numbers that stand below each other: row index to token, the extent in points, and the header, if any."""

    cells: Mapping[int, Token]
    x0: float
    x1: float
    header: HeaderColumn | None = None
    embedded: frozenset[int] = frozenset()
    """Rows whose number touches words."""


def number_columns(rows: Sequence[Row], headers: Sequence[HeaderColumn]) -> tuple[NumberColumn, ...]:
    """The columns of numbers in the rows of a table on one page, left to right, each with its header."""
    growing = _clustered(rows)
    _add_embedded(rows, growing)
    growing += _only_embedded(rows, growing, headers)
    ordered = sorted(growing, key=lambda column: column.x0 + column.x1)
    matches = _aligned(ordered, headers)
    columns = [
        NumberColumn(column.cells, column.x0, column.x1, header, frozenset(column.embedded))
        for column, header in zip(ordered, matches, strict=True)
    ]
    return tuple(c for c in columns if not (c.header and c.header.roles[:1] == (Role.DESCRIPTION,)))


def _clustered(rows: Sequence[Row]) -> list[_Growing]:
    """Numbers that stand alone in their cell, gathered by horizontal overlap; one number a row and column."""
    columns: list[_Growing] = []
    for index, row in enumerate(rows):
        for position, token in enumerate(row.tokens):
            if token.number and _stands_alone(row.tokens, position):
                _place(columns, index, token)
    return _merged(columns)


def _stands_alone(tokens: Sequence[Token], position: int) -> bool:
    token = tokens[position]
    before = tokens[position - 1] if position else None
    after = tokens[position + 1] if position + 1 < len(tokens) else None
    left = before is None or before.number is not None or gap_in_characters(before, token) >= _SET_APART
    right = after is None or after.number is not None or gap_in_characters(token, after) >= _SET_APART
    return left and right


def _place(columns: list[_Growing], row: int, token: Token) -> None:
    free = [column for column in columns if row not in column.cells]
    best = max(free, key=lambda column: column.share(token.box), default=None)
    if best is None or best.share(token.box) < _SAME_COLUMN:
        best = _Growing(token.box.x0, token.box.x1)
        columns.append(best)
    best.add(row, token)


def _merged(columns: list[_Growing]) -> list[_Growing]:
    """Columns that overlap and never have a number in the same row are one."""
    merged: list[_Growing] = []
    for column in sorted(columns, key=lambda c: -len(c.cells)):
        box = Box(x0=column.x0, y0=0, x1=column.x1, y1=1)
        home = next(
            (m for m in merged if m.share(box) >= _SAME_COLUMN and not m.cells.keys() & column.cells.keys()),
            None,
        )
        if home is None:
            merged.append(column)
            continue
        for row, token in column.cells.items():
            home.add(row, token)
    return merged


def _add_embedded(rows: Sequence[Row], columns: Sequence[_Growing]) -> None:
    """Numbers that touch words still belong to a column when they stand inside its extent."""
    extents = [(column, column.x0, column.x1) for column in columns]
    for index, row in enumerate(rows):
        for position, token in enumerate(row.tokens):
            if token.number is None or _stands_alone(row.tokens, position):
                continue
            for column, x0, x1 in extents:
                inside = min(x1, token.box.x1) - max(x0, token.box.x0)
                if index not in column.cells and inside >= _INSIDE * token.box.width:
                    column.add(index, token)
                    column.embedded.add(index)
                    break


def _only_embedded(rows: Sequence[Row], columns: Sequence[_Growing], headers: Sequence[HeaderColumn]) -> list[_Growing]:
    """Columns of amounts that all touch words ("net: 60,00"), under a label of money that has no column yet."""
    wanted = [
        header.box
        for header in headers
        if MONEY & set(header.roles[:1]) and all(column.share(header.box) <= 0 for column in columns)
    ]
    taken = {id(token) for column in columns for token in column.cells.values()}
    found: list[_Growing] = []
    for index, row in enumerate(rows):
        for token in row.numbers:
            if id(token) in taken or token.number is None or token.number.decimals < 2:
                continue
            if any(min(box.x1, token.box.x1) > max(box.x0, token.box.x0) for box in wanted):
                _place(found, index, token)
    for column in found:
        column.embedded.update(column.cells)
    return found


def _aligned(columns: Sequence[_Growing], headers: Sequence[HeaderColumn]) -> list[HeaderColumn | None]:
    """For each column its header, in order from left to right, so that the distances are smallest in sum."""
    table: list[list[tuple[float, list[HeaderColumn | None]]]] = [[(0.0, [])] for _ in range(len(columns) + 1)]
    table[0] = [(_SKIP_HEADER * j, []) for j in range(len(headers) + 1)]
    for i, column in enumerate(columns, start=1):
        table[i] = [(_SKIP_NUMBERS * i, [None] * i)]
        for j, header in enumerate(headers, start=1):
            options = [
                (table[i - 1][j][0] + _SKIP_NUMBERS, [*table[i - 1][j][1], None]),
                (table[i][j - 1][0] + _SKIP_HEADER, table[i][j - 1][1]),
                (table[i - 1][j - 1][0] + _distance(column, header), [*table[i - 1][j - 1][1], header]),
            ]
            table[i].append(min(options, key=lambda option: option[0]))
    return table[-1][-1][1]


def _distance(column: _Growing, header: HeaderColumn) -> float:
    """The gap between column and label in points, a little for unlike edges, more where words are expected."""
    gap = max(column.x0 - header.box.x1, header.box.x0 - column.x1, 0.0)
    edges = min(
        abs(column.x0 - header.box.x0),
        abs(column.x1 - header.box.x1),
        abs((column.x0 + column.x1) / 2 - header.box.x_mid),
    )
    words_expected = bool(header.roles) and header.roles[0] in _TEXT_ROLES
    return gap + 0.3 * edges + (_TEXT_COST if words_expected else 0.0)
