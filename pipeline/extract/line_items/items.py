"""The rows of a table become invoice lines: rows with an amount, and the words above and below that belong to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.extract.line_items.body import SUMS, label_of
from pipeline.extract.line_items.columns import NumberColumn
from pipeline.extract.line_items.header import HeaderColumn
from pipeline.extract.line_items.labels import Role, RowLabel, row_label
from pipeline.extract.line_items.repair import with_decimal_marks
from pipeline.extract.line_items.roles import multiplies
from pipeline.extract.line_items.texts import text_cells
from pipeline.extract.line_items.tokens import Number, Row, Token, has_letters
from schemas import InvoiceLine

_AMOUNTS = (Role.NET_AMOUNT, Role.GROSS_AMOUNT)
_PRICES = (Role.UNIT_PRICE, Role.GROSS_UNIT_PRICE)
_TIGHT = 0.75
"""Rows of one cell are not further apart than this many line heights."""
_LONGEST_TEXT = 2000
_INTERLOCKED = 0.15
"""Rows so near each other belong to the same line even when they do not start alike: its cells are centred."""
_PARAGRAPH = 1.6
"""Words below the last line further away than this are no longer part of the table."""


@dataclass(frozen=True)
class RowCells:
    """A row with its numbers by role and its texts by role."""

    row: Row
    numbers: Mapping[Role, Token]
    texts: Mapping[Role, str]
    is_line: bool
    is_sum: bool

    @property
    def top(self) -> float:
        """Upper edge in points."""
        return self.row.line.box.y0

    @property
    def bottom(self) -> float:
        """Lower edge in points."""
        return self.row.line.box.y1

    @property
    def words(self) -> str:
        """The description that stands on the row."""
        return self.texts.get(Role.DESCRIPTION, "")


def read_items(
    rows: Sequence[Row],
    columns: Sequence[NumberColumn],
    roles: Mapping[Role, int],
    headers: Sequence[HeaderColumn],
) -> tuple[InvoiceLine, ...]:
    """The invoice lines of one page's part of a table."""
    cells = [_cells(rows, index, columns, roles, headers) for index in range(len(rows))]
    groups = _grouped(cells)
    lines = (_line(group, roles) for group in groups)
    return tuple(line for line in lines if line is not None)


def _cells(
    rows: Sequence[Row],
    index: int,
    columns: Sequence[NumberColumn],
    roles: Mapping[Role, int],
    headers: Sequence[HeaderColumn],
) -> RowCells:
    numbers = {role: columns[column].cells[index] for role, column in roles.items() if index in columns[column].cells}
    has_amount = any(role in numbers and _is_money(numbers[role], columns[roles[role]]) for role in _AMOUNTS)
    label = label_of(rows[index])
    is_sum = label is not None and (has_amount or label not in (RowLabel.TOTAL_ALONE, RowLabel.INFO))
    has_price = any(
        _alone(role, index, columns, roles) and _is_money(numbers[role], columns[roles[role]]) for role in _PRICES
    )
    has_product = has_price and _alone(Role.QUANTITY, index, columns, roles)
    no_amounts = has_price and not any(role in roles for role in _AMOUNTS)
    is_line = not is_sum and (has_amount or has_product or no_amounts)
    used = {id(token) for token in numbers.values()} if is_line else set()
    other = {
        id(column.cells[index])
        for column in columns
        if index in column.cells and is_line and (column.header is not None or len(column.cells) > 1)
    }
    free = [token for token in rows[index].tokens if id(token) not in used | other]
    return RowCells(rows[index], numbers, text_cells(free, headers, columns), is_line, is_sum)


def _is_money(token: Token, column: NumberColumn) -> bool:
    """Whether a number is printed like an amount: with decimals or a currency, where its column has them."""
    numbers = [cell.number for cell in column.cells.values() if cell.number]
    with_cents = sum(bool(number.decimals) for number in numbers)
    number = token.number
    return number is not None and (bool(number.decimals) or number.currency or 2 * with_cents <= len(numbers))


def _alone(role: Role, row: int, columns: Sequence[NumberColumn], roles: Mapping[Role, int]) -> bool:
    """Whether a row has a number of the role in a cell of its own."""
    column = columns[roles[role]] if role in roles else None
    return column is not None and row in column.cells and row not in column.embedded


def _grouped(cells: Sequence[RowCells]) -> list[list[RowCells]]:
    """Each row with an amount, together with the rows of words that belong to it, top to bottom."""
    anchors = [index for index, cell in enumerate(cells) if cell.is_line]
    if not anchors:
        return []
    groups: list[list[RowCells]] = [[] for _ in anchors]
    for number, (start, end) in enumerate(zip([-1, *anchors], [*anchors, len(cells)], strict=True)):
        described = number > 0 and any(cell.words for cell in groups[number - 1])
        above, below = _split_between(cells, start, end, described)
        if number > 0:
            groups[number - 1].extend(above)
        if number < len(anchors):
            groups[number].extend([*below, cells[end]])
    return groups


def _split_between(
    cells: Sequence[RowCells], start: int, end: int, described: bool
) -> tuple[list[RowCells], list[RowCells]]:
    """The rows between two lines: those that belong to the upper one, and those that belong to the lower one.

    `described` says that the upper line has words already.
    """
    between = list(range(start + 1, end))
    sums = [index for index in between if cells[index].is_sum]
    upper = list(range(start + 1, sums[0])) if sums else between
    lower = list(range(sums[-1] + 1, end)) if sums else between
    if start < 0:
        return [], _reach_up(cells, lower, end)
    if end == len(cells):
        return _reach_down(cells, upper, start), []
    if sums:
        return _reach_down(cells, upper, start), _reach_up(cells, lower, end)
    if not cells[end].words and described:
        return [], [cells[index] for index in between]
    return _split_at_widest_gap(cells, start, between, end)


def _split_at_widest_gap(
    cells: Sequence[RowCells], start: int, between: Sequence[int], end: int
) -> tuple[list[RowCells], list[RowCells]]:
    gaps = [cells[index + 1].top - cells[index].bottom for index in range(start, end)]
    widest = max(range(len(gaps)), key=lambda index: gaps[index])
    others = [gap for index, gap in enumerate(gaps) if index != widest]
    height = cells[end].row.line.height
    if not others or gaps[widest] - max(others) < 0.25 * height:
        return [cells[index] for index in between], []
    above = [cells[index] for index in between[:widest]]
    return above, _reach_up(cells, between[widest:], end)


def _reach_up(cells: Sequence[RowCells], between: Sequence[int], end: int) -> list[RowCells]:
    """Rows just above a line that touch it: its description may begin above its amounts."""
    taken: list[RowCells] = []
    limit = _TIGHT if cells[end].words else _PARAGRAPH
    below = cells[end]
    for index in reversed(between):
        gap = (below.top - cells[index].bottom) / cells[end].row.line.height
        if gap > limit:
            break
        if gap > _INTERLOCKED and cells[end].words and not _starts_alike(cells[index], cells[end]):
            break
        taken.insert(0, cells[index])
        below = cells[index]
    return taken


def _reach_down(cells: Sequence[RowCells], between: Sequence[int], start: int) -> list[RowCells]:
    """Rows below a line, as long as no gap sets them apart and they stand under its words."""
    taken: list[RowCells] = []
    above = cells[start]
    for index in between:
        gap = cells[index].top - above.bottom
        if gap > _PARAGRAPH * cells[start].row.line.height or not cells[index].words:
            break
        taken.append(cells[index])
        above = cells[index]
    return taken


def _starts_alike(one: RowCells, other: RowCells) -> bool:
    return abs(one.row.line.box.x0 - other.row.line.box.x0) < 3 * one.row.line.height


def _line(group: Sequence[RowCells], roles: Mapping[Role, int]) -> InvoiceLine | None:
    """The invoice line of a group of rows; None when it has no words at all (a sum without a label)."""
    anchor = next(cell for cell in group if cell.is_line)
    description = " ".join(filter(None, (cell.words for cell in group)))
    texts = {role: text for cell in reversed(group) for role, text in cell.texts.items()} | dict(anchor.texts)
    item_id = _printed(anchor.numbers.get(Role.ITEM_ID)) or texts.get(Role.ITEM_ID)
    number = _numbers(anchor, group)
    if any(token.from_pixels for token in anchor.numbers.values()):
        number = with_decimal_marks(number)
    if not has_letters(description, 1) and item_id is None:
        return None
    if Role.QUANTITY not in number and row_label(description) in SUMS:
        return None
    gross = Role.NET_AMOUNT not in roles and (Role.GROSS_AMOUNT in roles or Role.UNIT_PRICE not in roles)
    price = number.get(Role.GROSS_UNIT_PRICE if gross else Role.UNIT_PRICE) or number.get(Role.UNIT_PRICE)
    amount = number.get(Role.GROSS_AMOUNT if gross else Role.NET_AMOUNT)
    if amount is None and not any(role in roles for role in (*_AMOUNTS, Role.QUANTITY)):
        amount = price
    quantity = number.get(Role.QUANTITY)
    return InvoiceLine(
        identifier=_short(_printed(anchor.numbers.get(Role.POSITION)) or texts.get(Role.POSITION)),
        item_id=_short(item_id),
        description=_short(description),
        quantity=_value(quantity),
        unit=_short((quantity.unit if quantity else "") or texts.get(Role.UNIT)),
        unit_price=_value(price),
        discount=_discount(quantity, price, number.get(Role.DISCOUNT), amount),
        net_amount=_value(amount),
        tax_rate=_rate(number.get(Role.TAX_RATE)),
        includes_tax=gross,
    )


def _numbers(anchor: RowCells, group: Sequence[RowCells]) -> dict[Role, Number]:
    """The numbers of a line: those beside its amount, and what only the rows around it say."""
    found = {role: token.number for role, token in anchor.numbers.items() if token.number}
    others = [cell for cell in group if cell is not anchor]
    for role in (Role.QUANTITY, *_PRICES, Role.DISCOUNT, Role.TAX_RATE):
        options = [token.number for cell in others if (token := cell.numbers.get(role)) and token.number]
        proved = [option for option in options if _proves({**found, role: option})]
        if proved and not _proves(found):
            found[role] = proved[-1]
        elif len(options) == 1:
            found.setdefault(role, options[0])
    return found


def _proves(number: Mapping[Role, Number]) -> bool:
    amount = number.get(Role.NET_AMOUNT) or number.get(Role.GROSS_AMOUNT)
    price = number.get(Role.UNIT_PRICE) or number.get(Role.GROSS_UNIT_PRICE)
    quantity = number.get(Role.QUANTITY)
    if quantity is None or price is None or amount is None:
        return False
    return multiplies(quantity, price, number.get(Role.DISCOUNT), amount)


def _short(text: str | None) -> str | None:
    return text[:_LONGEST_TEXT] if text else None


def _printed(token: Token | None) -> str | None:
    return token.text if token else None


def _value(number: Number | None) -> Decimal | None:
    return number.value if number else None


def _rate(number: Number | None) -> Decimal | None:
    return number.value if number and 0 <= number.value <= 100 else None


def _discount(
    quantity: Number | None, price: Number | None, discount: Number | None, amount: Number | None
) -> Decimal | None:
    """The allowance as an amount; a percentage becomes what it takes off the price times the quantity."""
    if discount is None or discount.value == 0:
        return None
    if quantity and price and amount:
        less = quantity.value * price.value - amount.value
        return round(less, 2) if less else None
    return None if discount.percent else abs(discount.value)
