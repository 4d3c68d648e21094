"""Moves through the fields and the cells of the tables."""

from textual.widgets import ContentSwitcher

from pipeline.terminal.grids import Cells, Entry, Fields
from pipeline.terminal.keeping import Keeping


class Moving(Keeping):
    """The part of the session that moves the cursor. `arrive` comes from `Work`."""

    def arrive(self) -> None:
        """The cursor is at another place."""
        raise NotImplementedError

    def action_add(self) -> None:
        """A new row below the cursor."""
        raise NotImplementedError

    @property
    def entry(self) -> Entry:
        """The line that is typed into."""
        return self.query_one(Entry)

    @property
    def where(self) -> str | None:
        """The place that is being typed into."""
        return self.grid.where

    @property
    def grid(self) -> Fields | Cells:
        """What is shown: the fields or a table."""
        name = self.query_one("#tables", ContentSwitcher).current
        return self.query_one(Fields) if name == "fields" else self.query_one(f"#{name}", Cells)

    def action_down(self) -> None:
        """The next field, or the row below."""
        self.grid.action_cursor_down()
        self.arrive()

    def action_up(self) -> None:
        """The field or row above."""
        self.grid.action_cursor_up()
        self.arrive()

    def action_on(self) -> None:
        """The next field or cell; in an empty queue, look again."""
        if self.session.item is None:
            self.open(self.session.open_next)
        elif isinstance(self.grid, Fields):
            self.action_down()
        elif not self.grid.step(1):
            self.action_add()
        else:
            self.arrive()

    def action_previous(self) -> None:
        """The previous field or cell."""
        if isinstance(self.grid, Fields):
            self.action_up()
        elif self.grid.step(-1):
            self.arrive()

    def action_page_down(self) -> None:
        """Further down."""
        self.grid.action_page_down()
        self.arrive()

    def action_page_up(self) -> None:
        """Further up."""
        self.grid.action_page_up()
        self.arrive()

    def action_table(self, name: str) -> None:
        """Show the fields, the lines or the VAT rows; the same key goes back to the fields."""
        if self.session.item is None:
            return
        switcher = self.query_one("#tables", ContentSwitcher)
        switcher.current = "fields" if switcher.current == name else name
        self.screen.set_class(switcher.current != "fields", "-cells")
        self.show()
        self.arrive()
