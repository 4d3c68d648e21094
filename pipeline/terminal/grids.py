"""The line that is typed into, and the fields and tables that it is typed for."""

from collections.abc import Sequence

from rich.text import Text
from textual.coordinate import Coordinate
from textual.widgets import DataTable, Input

from pipeline.terminal import told
from pipeline.terminal.session import Now, Session
from pipeline.terminal.typing import Table
from pipeline.web.texts import translate

FIELD_COLUMNS = {"sign": 1, "label": 19, "value": 24, "sure": 4}
"""Cells that a column takes; what speaks against a field has the rest."""
LINE_WIDTHS = {"description": 26, "quantity": 8, "unit": 5, "unit_price": 10, "net_amount": 10, "tax_rate": 6}
OTHER_WIDTH = 12
BESIDE_WIDTHS = {"What was bought": 30, "Sure": 5, "Why": 60}


class Entry(Input):
    """The line that is typed into. While nothing was typed yet, a question mark asks for the keys."""

    is_fresh = True

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is text here."""
        return super().check_consume_key(key, character) and not (character == "?" and self.is_fresh)


class Grid(DataTable[Text]):
    """A table that is moved through from the entry line and never has the focus itself."""

    can_focus = False

    def __init__(self, id: str, cursor: str) -> None:
        super().__init__(id=id, cursor_type="row" if cursor == "row" else "cell", cell_padding=1)
        self.show_header = cursor != "row"

    def put(self, rows: Sequence[Sequence[Text]]) -> None:
        """Show these rows; only what differs is drawn anew, and the cursor stays."""
        if len(rows) != self.row_count:
            at = self.cursor_coordinate
            self.clear()
            for row in rows:
                self.add_row(*row)
            self.move_cursor(row=min(at.row, len(rows) - 1), column=at.column, animate=False)
            return
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                place = Coordinate(number, column)
                if self.get_cell_at(place) != cell:
                    self.update_cell_at(place, cell)


class Fields(Grid):
    """All fields, doubtful ones first."""

    def __init__(self) -> None:
        super().__init__("fields", "row")
        self._names: list[str] = []

    def on_mount(self) -> None:
        """Lay out the columns."""
        for name, width in FIELD_COLUMNS.items():
            self.add_column(name, width=width)
        self.add_column("said", width=100)

    def fill(self, session: Session, now: Now) -> None:
        """Show the fields."""
        self._names = [one.name for one in (*session.form.doubtful, *session.form.others)]
        self.put(list(told.field_rows(session, now)))

    @property
    def where(self) -> str | None:
        """The field at the cursor."""
        return self._names[self.cursor_row] if self.cursor_row < len(self._names) else None


class Cells(Grid):
    """The line table or the VAT breakdown."""

    def __init__(self, table: Table, language: str) -> None:
        super().__init__(table, "cell")
        self.table, self._language = table, language

    def on_mount(self) -> None:
        """Lay out the columns."""
        for name, label in told.COLUMNS[self.table].items():
            self.add_column(translate(self._language, label), width=LINE_WIDTHS.get(name, OTHER_WIDTH), key=name)
        for label in told.BESIDE.get(self.table, ()):
            self.add_column(translate(self._language, label), width=BESIDE_WIDTHS[label])

    def fill(self, session: Session, now: Now) -> None:
        """Show the rows."""
        self.put(list(told.table_rows(session, now, self.table)))

    @property
    def where(self) -> str | None:
        """The cell at the cursor; None in a table without rows."""
        if not self.row_count:
            return None
        column = list(told.COLUMNS[self.table])[self.cursor_column]
        return f"{self.table}.{self.cursor_row}.{column}"

    def step(self, by: int) -> bool:
        """Go to the next or previous cell in the order of reading; False at the end."""
        width = len(told.COLUMNS[self.table])
        to = self.cursor_row * width + self.cursor_column + by
        if not 0 <= to < self.row_count * width:
            return False
        self.move_cursor(row=to // width, column=to % width, animate=False)
        return True
