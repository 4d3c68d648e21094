"""One person at the desk, one item after the other: what lies before him, what he typed, and what he decides.

Knows nothing of screens. Every call is short; `save` may run in another thread than the rest.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import RLock
from typing import NamedTuple

from pipeline.ports import Clock
from pipeline.posting.coding.at_desk import AtDesk, Shown
from pipeline.review.bookkeeping import nobody
from pipeline.review.correct import EMPTY, Preview, preview
from pipeline.review.desk import Desk
from pipeline.review.errors import DeskError, ItemTaken
from pipeline.review.items import Cursor, Filters, Hold, Item
from pipeline.review.reasons import PostponeReason, RejectReason
from pipeline.terminal.typing import Table as TableName
from pipeline.terminal.typing import added, chosen, coded_alike, removed, text_at, typed_at
from pipeline.validate.rules import validate
from pipeline.web.review_coding import findings_of, look
from pipeline.web.review_form import Form, Input, Start, form_of, start_of
from pipeline.web.texts import notation_of
from schemas import Document, Finding, Record
from schemas.edits import Edits
from schemas.people import Actor

LOOK_AHEAD = 20
"""Rows of the queue that are looked through for the next free item."""


class Now(NamedTuple):
    """What would come of what was typed so far."""

    preview: Preview
    findings: tuple[Finding, ...]
    mistakes: dict[str, str]
    """What could not be read, by place."""
    coding: Shown | None = None
    """Where it would be booked; None where nothing is posted, or where it is keyed blind."""


class Session:
    """The items of one person's session. `item` is None while nothing waits for him."""

    item: Item | None = None
    form: Form
    start: Start
    edits: Edits
    lost: ItemTaken | None = None
    """Told when the item went into other hands; what is typed is still kept."""

    def __init__(
        self,
        desk: Desk,
        actor: Actor,
        clock: Clock,
        language: str = "en",
        filters: Filters | None = None,
        books_of: Callable[[str], AtDesk | None] = nobody,
    ) -> None:
        """`books_of` knows the accounts of a client."""
        self.actor, self.language, self.notation = actor, language, notation_of(language)
        self.decided = 0
        self._desk, self._clock, self._filters = desk, clock, filters or Filters()
        self._books_of = books_of
        self._hold: Hold | None = None
        self._steps: list[Edits] = []
        self._lock = RLock()

    # --- items

    def open_next(self) -> bool:
        """Take the most urgent item; False when nothing waits."""
        return self._open(self._desk.claim_next(self.actor, self._filters))

    def skip(self) -> bool:
        """Give the item back and take the next one behind it in the queue; False when there is no other."""
        before = self._held()
        hold = self._claim_behind(before) or self._desk.claim_next(self.actor, self._filters)
        if hold is None:
            return False
        self.leave()
        return self._open(hold)

    def leave(self) -> None:
        """Give the item back undecided; what was typed stays."""
        self._keep()
        if self._hold is not None and self.lost is None:
            with suppress(DeskError):  # it is in other hands already
                self._desk.release(self.actor, self._hold)
        self.item = self._hold = None

    def take_again(self) -> bool:
        """Take a lost item back, if it is free; what was typed is kept. Raises ItemTaken, SamePerson."""
        self._keep()
        return self._open(self._desk.claim(self.actor, self._held().row.item_id))

    def waiting(self) -> tuple[int, bool]:
        """How many items wait besides, and whether there are more than that."""
        page = self._desk.page(self.actor, self._filters, limit=200)
        return len(page.rows), page.after is not None

    def next_document(self) -> Document | None:
        """The document that is likely to come next, to prepare its picture."""
        rows = self._desk.page(self.actor, self._filters, limit=1).rows
        return self._desk.item(self.actor, rows[0].item_id).document if rows else None

    # --- typing

    def text(self, where: str) -> str:
        """What stands in a place."""
        return text_at(self.start, self.edits, where)

    def field(self, where: str) -> Input | None:
        """The header field of a place."""
        return next((one for one in (*self.form.doubtful, *self.form.others) if one.name == where), None)

    def step(self) -> None:
        """Remember how it stands, for undo."""
        if not self._steps or self._steps[-1] != self.edits:
            self._steps.append(self.edits)

    def put(self, where: str, text: str) -> None:
        """Put a text into a place."""
        field = self.field(where)
        self.edits = typed_at(self.start, self.edits, where, text, is_blind=bool(field and field.is_blind))

    def choose(self, where: str, key: int) -> None:
        """Take the competing reading with that key. Raises LookupError."""
        if (field := self.field(where)) is None:
            raise LookupError("A cell has no other readings.")
        made = chosen(self.start, self.edits, field, key)
        self.step()
        self.edits = made

    def add_row(self, table: TableName, after: int) -> None:
        """Put an empty row behind a row."""
        self.step()
        self.edits = added(self.start, self.edits, table, after)

    def remove_row(self, table: TableName, row: int) -> None:
        """Take a row away."""
        self.step()
        self.edits = removed(self.start, self.edits, table, row)

    def code_all(self, row: int) -> None:
        """The account of a row for all of them."""
        self.step()
        self.edits = coded_alike(self.start, self.edits, row)

    def undo(self) -> bool:
        """Take the last step back; False when there is none."""
        while self._steps:
            if (before := self._steps.pop()) != self.edits:
                self.edits = before
                return True
        return False

    def now(self) -> Now:
        """The rules' word on what was typed so far. On an item with blind fields they keep silent."""
        item, today = self._held(), self._clock.now().date()
        made = preview(item.record, self.edits, today, self.actor.user)
        mistakes = {one.where: one.message for one in made.mistakes}
        if item.blind:
            return Now(made, (), mistakes)
        judged = {one.rule for one in (*made.findings, *validate(item.machine or EMPTY, today))}
        books = self._books_of(item.row.client_id)
        judged |= books.rules if books else frozenset()
        found = (*made.findings, *(one for one in item.findings if one.rule not in judged))
        if books is None:
            return Now(made, found, mistakes)
        shown = self._coding(books, item, made.record)
        mistakes |= {one.where: one.message for one in shown.mistakes}
        return Now(made, (*found, *findings_of(books, item, made.record)), mistakes, shown)

    def save(self, item_id: int, edits: Edits | None) -> None:
        """Keep what was typed, if anything was, and lengthen the lease, while that item is open.

        A lost item is told in `lost`. Raises StoreError.
        """
        with self._lock:
            if self.item is None or self.item.row.item_id != item_id:
                return
            if edits is not None:
                self._desk.save_draft(self.actor, item_id, edits)
            if self._hold is not None and self.lost is None:
                try:
                    self._hold = self._desk.renew(self.actor, self._hold)
                except ItemTaken as error:
                    self.lost = error

    # --- deciding. All raise ItemTaken, told in `lost` too, and keep what was typed.

    def approve(self, note: str = "") -> None:
        """It is right as it stands now, with the accounts that are shown.

        Raises NotReadable, ErrorsLeft, KeysMissing, AccountsMissing.
        """
        shown = self.now().coding
        coding = shown.chosen() if shown else None
        edits = self.edits.model_copy(update={"coding": coding or None})
        self._decide(lambda hold: self._desk.correct(self.actor, hold, edits, note))

    def reject(self, reason: RejectReason, note: str) -> None:
        """It will not be posted. Raises WrongMove."""
        self._decide(lambda hold: self._desk.reject(self.actor, hold, reason, note))

    def postpone(self, reason: PostponeReason, until: datetime, note: str) -> None:
        """Put it off."""
        self._keep()
        self._decide(lambda hold: self._desk.postpone(self.actor, hold, reason, until, note))

    def escalate(self, note: str) -> None:
        """Ask a supervisor. Raises WrongMove without a note."""
        self._keep()
        self._decide(lambda hold: self._desk.escalate(self.actor, hold, note))

    def note(self, text: str) -> None:
        """Add a remark."""
        item = self._held()
        self._desk.note(self.actor, item.row.item_id, text)
        self.item = item._replace(notes=self._desk.item(self.actor, item.row.item_id).notes)

    # --- inside

    def _open(self, hold: Hold | None) -> bool:
        with self._lock:
            self._hold, self.lost, self._steps = hold, None, []
            self.item = self._desk.item(self.actor, hold.item_id) if hold else None
        if self.item is None:
            return False
        self.form, self.start = form_of(self.item, self.notation), start_of(self.item, self.notation)
        self.edits = self.start.draft or Edits(notation=self.notation)
        if self.edits:
            self._steps.append(Edits(notation=self.notation))
        return True

    def _coding(self, books: AtDesk, item: Item, record: Record) -> Shown:
        """The accounts of a record; the rows follow its lines."""
        shown = look(books, item, record, self.edits.coding)
        rows = shown.chosen()
        if self.edits.coding is None:
            self.start = self.start._replace(coding=rows)
        elif [one.text for one in self.edits.coding] != [one.text for one in rows]:
            self.edits = self.edits.model_copy(update={"coding": rows})
        return shown

    def _claim_behind(self, item: Item) -> Hold | None:
        after = Cursor(rank=item.row.rank, item_id=item.row.item_id)
        for row in self._desk.page(self.actor, self._filters, after, LOOK_AHEAD).rows:
            try:
                return self._desk.claim(self.actor, row.item_id)
            except DeskError:  # somebody was quicker, or it is not his to see a second time
                continue
        return None

    def _held(self) -> Item:
        if self.item is None:
            raise LookupError("No item is open.")
        return self.item

    def _keep(self) -> None:
        if self.item is not None and self._steps:
            self._desk.save_draft(self.actor, self.item.row.item_id, self.edits)

    def _decide(self, act: Callable[[Hold], object]) -> None:
        with self._lock:
            if self._hold is None:
                raise LookupError("No item is open.")
            if self.lost is not None:
                raise self.lost
            try:
                act(self._hold)
            except ItemTaken as error:
                self.lost = error
                raise
            self.item = self._hold = None
        self.decided += 1
