"""What a person types, place by place; pure. A place is named as in `pipeline.review.keyed.Mistake`:

"gross_total", "lines.2.quantity" (rows from 0), "taxes.0.rate", "coding.0.account"
"""

from typing import Any, Literal, NamedTuple

from pipeline.web.review_form import Input, Start
from schemas import FieldName
from schemas.edits import CodeText, Edits, LineText, Typed, VatText
from schemas.page import Box

Table = Literal["lines", "taxes", "coding"]
Row = LineText | VatText | CodeText
EMPTY_ROWS: dict[Table, Row] = {"lines": LineText(), "taxes": VatText(), "coding": CodeText()}


class Cell(NamedTuple):
    """A place in a table."""

    table: Table
    row: int
    column: str


def cell_of(where: str) -> Cell | None:
    """The cell that a place names; None for a header field."""
    table, _, rest = where.partition(".")
    if not rest:
        return None
    row, _, column = rest.partition(".")
    return Cell(next(one for one in EMPTY_ROWS if one == table), int(row), column)


def rows_of(start: Start, edits: Edits, table: Table) -> tuple[Row, ...]:
    """The rows of a table as they stand."""
    typed: tuple[Row, ...] | None = getattr(edits, table)
    return getattr(start, table) if typed is None else typed


def text_at(start: Start, edits: Edits, where: str) -> str:
    """What stands in a place."""
    if cell := cell_of(where):
        return str(getattr(rows_of(start, edits, cell.table)[cell.row], cell.column))
    typed = edits.fields.get(FieldName(where))
    return start.fields[where] if typed is None else typed.text


def typed_at(start: Start, edits: Edits, where: str, text: str, *, is_blind: bool = False) -> Edits:
    """The edits with that text in a place; what reads as at the start is no edit, but for a field to be keyed blind."""
    if cell := cell_of(where):
        rows = list(rows_of(start, edits, cell.table))
        rows[cell.row] = rows[cell.row].model_copy(update={cell.column: text})
        return _with_rows(start, edits, cell.table, rows)
    name = FieldName(where)
    if text != start.fields[where] or is_blind:
        return edits.with_field(name, text)
    return without(edits, name)


def without(edits: Edits, name: FieldName) -> Edits:
    """The edits without those of one field."""
    return edits.model_copy(update={"fields": {one: typed for one, typed in edits.fields.items() if one != name}})


def chosen(start: Start, edits: Edits, field: Input, key: int) -> Edits:
    """The edits with one of a field's competing readings, and where that stands. Raises LookupError."""
    choice = next((one for one in field.choices if one.key == key), None)
    if choice is None:
        raise LookupError(f"There is no reading {key}.")
    made = typed_at(start, edits, field.name, choice.text)
    if choice.place is None or made.fields.get(FieldName(field.name)) is None:
        return made
    typed = Typed(text=choice.text, page=choice.place.page, box=box_of(choice.place.box))
    return made.model_copy(update={"fields": {**made.fields, FieldName(field.name): typed}})


def added(start: Start, edits: Edits, table: Table, after: int) -> Edits:
    """The edits with an empty row behind a row (-1: before all)."""
    rows = list(rows_of(start, edits, table))
    return _with_rows(start, edits, table, [*rows[: after + 1], EMPTY_ROWS[table], *rows[after + 1 :]])


def removed(start: Start, edits: Edits, table: Table, row: int) -> Edits:
    """The edits without a row."""
    rows = list(rows_of(start, edits, table))
    return _with_rows(start, edits, table, [*rows[:row], *rows[row + 1 :]])


def coded_alike(start: Start, edits: Edits, row: int) -> Edits:
    """The edits with the account and cost centre of a row for all rows."""
    rows = rows_of(start, edits, "coding")
    same = rows[row].model_dump(exclude={"text"})
    return _with_rows(start, edits, "coding", [one.model_copy(update=same) for one in rows])


def box_of(text: str) -> Box:
    """The box that "x0 y0 x1 y1" tells."""
    x0, y0, x1, y1 = map(float, text.split())
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)


def _with_rows(start: Start, edits: Edits, table: Table, rows: list[Any]) -> Edits:
    typed = None if tuple(rows) == getattr(start, table) else tuple(rows)
    return edits.model_copy(update={table: typed})
