"""The accounts of a decision: those that lay before the person, or before whoever looked first."""

from typing import Any, NamedTuple

from pipeline.review.bookkeeping import Bookkeeper
from pipeline.review.errors import AccountsMissing
from pipeline.review.flow import Task
from pipeline.review.moves import Turn
from pipeline.store.outbox import Settled
from pipeline.store.tables import RecordRow, ReviewItemRow
from schemas import Finding, Record
from schemas.edits import CodeText, Edits


class Accounts(NamedTuple):
    """What is settled; nothing where nobody was shown any."""

    settled: Settled | None = None
    by: str = ""
    changed: bool = False
    """Whether this person chose others than lay before him."""

    def told(self) -> dict[str, Any]:
        """What the audit trail keeps: accounts before and after, where they differ from what was proposed."""
        if self.settled is None:
            return {}
        pairs = zip(self.settled.proposed, self.settled.chosen, strict=True)
        changes = [[one.text, _said(one), _said(other)] for one, other in pairs if one != other]
        return {"accounts": changes} if changes else {}


NO_ACCOUNTS = Accounts()


def kept_of(item: ReviewItemRow) -> tuple[CodeText, ...] | None:
    """What the person before left."""
    return None if item.coding is None else tuple(map(CodeText.model_validate, item.coding))


def accounts_of(turn: Turn, item: ReviewItemRow, made: Record, edits: Edits, books: Bookkeeper | None) -> Accounts:
    """The accounts that this person leaves; who keys blind saw none, and neither did who sent none.

    Raises NotReadable and AccountsMissing, also where accounts were chosen and nothing is posted.
    """
    kept, typed = kept_of(item), edits.coding if item.task != Task.KEY else None
    if books is None:
        if typed:
            raise AccountsMissing("Nothing is posted for this client, so nothing can be coded.")
        return NO_ACCOUNTS
    row = turn.session.get_one(RecordRow, item.record_id)
    if typed:
        settled = books.settle(made, row.document_id, row.part, typed)
        before = kept or (settled.proposed if settled else ())
        return Accounts(settled, turn.actor.user, settled is not None and settled.chosen != before)
    try:
        settled = books.settle(made, row.document_id, row.part, kept) if kept else None
    except AccountsMissing:  # lines have changed since, and this person was not asked
        return NO_ACCOUNTS
    return Accounts(settled, item.first_by or "")


def judged(
    turn: Turn,
    item: ReviewItemRow,
    made: Record,
    findings: tuple[Finding, ...],
    accounts: Accounts,
    books: Bookkeeper | None,
) -> tuple[Finding, ...]:
    """The findings with what speaks against the accounts now; nothing does once a person has settled them."""
    if books is None:
        return findings
    row = turn.session.get_one(RecordRow, item.record_id)
    own = () if accounts.settled else books.findings(made, row.document_id, row.part)
    return (*(one for one in findings if one.rule not in books.rules), *own)


def _said(one: CodeText) -> str:
    return f"{one.account} {one.cost_centre}".strip()
