"""The terminal session: one item after the other, worked by the keyboard.

The entry line always has the keyboard. What is typed there goes into the place at the cursor, the rules say at once
what comes of it, and it is kept as a draft; a key with Ctrl or a function key acts on the item.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import ContentSwitcher, Input, Label, Static

from pipeline.errors import BackofficeError
from pipeline.terminal import told
from pipeline.terminal.ask import Sheet
from pipeline.terminal.crop import Crop, Shots
from pipeline.terminal.grids import Cells, Entry, Fields
from pipeline.terminal.keys import ACTIONS, keys_line, keys_sheet
from pipeline.terminal.moving import Moving
from pipeline.terminal.page_view import PageView
from pipeline.terminal.session import Now, Session
from pipeline.terminal.typing import box_of
from schemas import FieldName


class Work(Moving):
    """Opens the next item of a session, and the next, until the person leaves."""

    CSS_PATH = "screen.tcss"
    ENABLE_COMMAND_PALETTE = False
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high"), (48, "-highest")]  # noqa: RUF012 (as Textual declares it)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join((one.key, *one.others)), one.action, show=False, priority=True) for one in ACTIONS
    ]

    def __init__(
        self,
        session: Session,
        shots: Shots,
        clock: Callable[[], datetime],
        learn: Callable[[], object] | None = None,
        crop: Crop | None = None,
    ) -> None:
        """`learn`: called in another thread after a decision; `crop`: how the place of a value is drawn."""
        super().__init__(session, clock, learn)
        self._shots, self._crop = shots, crop or Crop()
        self._now: Now | None = None

    def compose(self) -> ComposeResult:
        """The screen, from top to bottom."""
        yield Static(id="title")
        yield Static(id="reasons")
        yield self._crop
        with Horizontal(id="entry-line"):
            yield Label(id="label")
            yield Entry(id="entry", compact=True, select_on_focus=False)
        yield Static(id="about")
        with ContentSwitcher(id="tables", initial="fields"):
            yield Fields()
            yield Cells("lines", self.session.language)
            yield Cells("taxes", self.session.language)
            yield Cells("coding", self.session.language)
        yield Static(id="coding-line")
        yield Static(id="rest")
        yield Static(id="sums")
        yield Static(id="status")
        yield Static(keys_line(self.session.language), id="keys")

    def on_mount(self) -> None:
        """Open the first item."""
        self.title = "backoffice review work"
        self.entry.focus()
        self.open(self.session.open_next)

    # --- typing

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was typed goes into the place at the cursor."""
        where = self.where
        if event.input.id != "entry" or where is None or self.session.item is None:
            return
        if event.value == self.session.text(where):
            return
        if self.entry.is_fresh:
            self.session.step()
            self.entry.is_fresh = False
        self.session.put(where, event.value)
        self.show()
        self.keep_soon()

    def action_restore(self) -> None:
        """What was typed since the place was entered is dropped."""
        if not self.entry.is_fresh:
            self.action_undo()

    def action_choose(self, key: int) -> None:
        """Take a competing reading."""
        if (where := self.where) is None:
            return
        try:
            self.session.choose(where, key)
        except LookupError:
            self.bell()
            return
        self._changed()

    def action_empty(self) -> None:
        """The page does not have it."""
        self.entry.value = ""

    def action_undo(self) -> None:
        """Take the last step back."""
        if self.session.item is not None and self.session.undo():
            self._changed()
        else:
            self.tell(self.t("There is nothing to undo."))

    def action_add(self) -> None:
        """A new row below the cursor."""
        if isinstance(grid := self.grid, Cells) and self.session.item is not None:
            if grid.table == "coding":  # its rows are those of the invoice
                self.action_table("coding")
                return
            after = grid.cursor_row if grid.row_count else -1
            self.session.add_row(grid.table, after)
            self._changed()
            grid.move_cursor(row=after + 1, column=0, animate=False)
            self.arrive()

    def action_remove(self) -> None:
        """Take the row at the cursor away."""
        if isinstance(grid := self.grid, Cells) and grid.row_count and grid.table != "coding":
            self.session.remove_row(grid.table, grid.cursor_row)
            self._changed()

    def action_code_all(self) -> None:
        """The account at the cursor for all lines."""
        if isinstance(grid := self.grid, Cells) and grid.row_count and grid.table == "coding":
            self.session.code_all(grid.cursor_row)
            self._changed()

    # --- items and pages

    def action_skip(self) -> None:
        """Leave it undecided and take the next one."""
        if self.session.item is not None:
            self.open(self._skip)

    def _skip(self) -> bool:
        if not self.session.skip():
            self.tell(self.t("No other item waits."))
        return True

    def action_take_again(self) -> None:
        """Take back an item that was lost."""
        if self.session.lost is not None:
            self.open(self.session.take_again)

    async def action_quit(self) -> None:
        """Give the item back and leave."""
        with self.told_errors():
            self.session.leave()
        self.exit()

    def action_keys(self) -> None:
        """The sheet of keys."""
        self.push_screen(Sheet(keys_sheet(self.session.language)))

    def action_page(self) -> None:
        """The whole page."""
        item, where = self.session.item, self.where
        if item is not None:
            place = (field.place if where and (field := self.session.field(where)) else None) or None
            box = box_of(place.box) if place else None
            self.push_screen(PageView(self._shots, item.document, place.page if place else 1, box, self.t))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Behind a question only leaving works."""
        return action == "quit" or len(self.screen_stack) == 1 or action not in {one.name for one in ACTIONS}

    # --- inside

    def open(self, act: Callable[[], bool]) -> None:
        """Take up an item and show it."""
        with self.told_errors():
            self.forget()
            if act():
                self.query_one("#tables", ContentSwitcher).current = "fields"
                self.tell("")
            self.screen.set_class(False, "-cells")
            self.query_one("#title", Static).update(told.title(self.session, self._waiting()))
            self.show()
            self.query_one(Fields).move_cursor(row=0, animate=False)
            self.arrive()
            self.run_worker(self._prepare(), group="prepare", exclusive=True)

    async def _prepare(self) -> None:
        """Have the next item's picture made."""
        with suppress(BackofficeError):  # told when it is opened
            if document := await asyncio.to_thread(self.session.next_document):
                self._shots.prepare(document)

    def arrive(self) -> None:
        """The cursor is at another place: its text goes into the entry line, its picture above."""
        where, entry = self.where, self.entry
        entry.is_fresh = True
        entry.disabled = where is None and self.session.item is not None
        text = self.session.text(where) if where and self.session.item else ""
        entry.value = text
        entry.cursor_position = len(text)
        entry.action_select_all()
        self.query_one("#label", Label).update(told.place(self.session, where))
        self._show_about()
        self._show_crop()

    def _changed(self) -> None:
        """Something other than a key in the entry line changed what was typed."""
        self.show()
        self.arrive()
        self.keep_soon()

    def show(self) -> None:
        """Show how things stand."""
        session = self.session
        is_open = session.item is not None
        self.screen.set_class(not is_open, "-empty")
        self._tell_in("#reasons", told.reasons(session))
        if not is_open:
            hint = self.t("Decided: %(count)s. Enter looks again, Ctrl+Q leaves.", count=session.decided)
            self.tell(hint)
            return
        self._now = session.now()
        self.grid.fill(session, self._now)
        self._tell_in("#coding-line", told.coding(session, self._now))
        self._tell_in("#rest", told.rest(session, self._now))
        self._tell_in("#sums", told.sums(session, self._now))
        self._show_about()

    def _show_about(self) -> None:
        if self._now is not None and self.session.item is not None:
            self._tell_in("#about", told.about(self.session, self._now, self.where or ""))

    def _tell_in(self, selector: str, text: Text) -> None:
        """Show a text; an empty one takes no room. What is there already is not drawn anew."""
        place = self.query_one(selector, Static)
        if place.content == text:
            return
        place.display = bool(text)
        place.update(text)

    def _show_crop(self) -> None:
        item, where, crop = self.session.item, self.where, self._crop
        field = self.session.field(where) if item is not None and where else None
        if item is None or field is None:
            return
        if field.place is None:
            crop.say(self.t("Nothing was read on the page for this. Ctrl+O shows the page."))
            return
        raw = item.record.fields[FieldName(field.name)].raw
        instead = self.t("read as: %(raw)s", raw=raw) if raw else ""
        crop.look(self._shots, item.document, field.place.page, box_of(field.place.box), instead)

    def _waiting(self) -> str:
        count, is_more = self.session.waiting()
        return self.t("%(count)s waiting", count=f"{count}+" if is_more else count)
