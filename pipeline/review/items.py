"""What the desk shows: rows of the queue, and one item with all that its task lets a person see."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from pydantic import AwareDatetime
from pydantic import Field as Constraint

from pipeline.review.flow import OPEN, State, Task
from schemas import Document, Failure, FieldName, Finding, Reason, Record
from schemas.base import Amount, Value
from schemas.edits import CodeText, Edits
from schemas.field import FieldValue


class Hold(Value):
    """Proof that a person holds an item, to be given back with every act on it."""

    item_id: int
    version: int
    token: int
    until: AwareDatetime = Constraint(description="When the lease ends unless it is renewed.")


class Filters(Value):
    """Which items; what is empty does not narrow."""

    clients: tuple[str, ...] = ()
    states: tuple[State, ...] = OPEN
    text: str = Constraint(default="", max_length=200, description="In the seller's name, the number or the file name.")
    seller: str = Constraint(default="", max_length=200, description="In the seller's name.")
    gross_from: Amount | None = Constraint(default=None, description="A total with VAT of at least this, of any sign.")
    reason: str = Constraint(default="", description="A code among the machine's reasons, or why it was put off.")
    holder: str = Constraint(default="", description="Only what this person holds.")
    due_before: AwareDatetime | None = None


class Cursor(Value):
    """Where a page of the queue ended."""

    rank: AwareDatetime
    item_id: int


class QueueRow(Value):
    """One line of the queue. What a person is to key blind is not in it."""

    item_id: int
    client_id: str
    document_id: str
    part: int
    file_name: str
    state: State
    task: Task
    priority: int
    created_at: AwareDatetime
    deadline: AwareDatetime
    rank: AwareDatetime
    version: int
    holder: str | None
    until: AwareDatetime | None
    reason: str | None = Constraint(description="Code of why it was postponed, rejected or escalated.")
    number: str | None
    issue_date: date | None
    seller_name: str | None
    currency: str | None
    gross: Decimal | None


class QueuePage(NamedTuple):
    """Some rows of the queue, and where the next page begins; None at the end."""

    rows: tuple[QueueRow, ...]
    after: Cursor | None


class Difference(NamedTuple):
    """A field on which the machine, the first and the second person are not one."""

    field: FieldName
    machine: FieldValue | None
    first: FieldValue | None
    second: FieldValue | None


class Note(NamedTuple):
    """A remark on an item."""

    at: datetime
    user: str
    text: str


class Final(NamedTuple):
    """What became of an item. `record` is None when it was rejected."""

    decision: State
    reason: str | None
    decided_at: datetime
    decided_by: str
    first_by: str | None
    record: Record | None
    findings: tuple[Finding, ...]


class Item(NamedTuple):
    """One item as a person may see it."""

    row: QueueRow
    document: Document
    record: Record
    """What lies before the person: the machine's record, or what another person made of it; without the fields in
    `blind`, which he keys unseen."""
    machine: Record | None
    """What the machine read, where it may be seen."""
    blind: tuple[FieldName, ...]
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    differences: tuple[Difference, ...]
    """For a second pair of eyes: where the readings differ."""
    notes: tuple[Note, ...]
    typed: Edits | None
    """The person's draft."""
    final: Final | None
    coding: tuple[CodeText, ...] | None = None
    """The accounts that a person before this one left."""
