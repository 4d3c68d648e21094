"""What becomes of one invoice is written down: its record, its place in the queue, its posting job, its events."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from pipeline.store import rows, summary, trail
from pipeline.store.outbox import Cleared, ToPost
from pipeline.store.policies import policy_of
from pipeline.store.slot import Enqueue
from pipeline.store.tables import DocumentRow, ReviewItemRow
from schemas import Draft, Outcome, Record, StraightThrough
from schemas.people import SYSTEM

Decide = Callable[[Draft, tuple[str, ...]], Outcome]
"""Turns a draft, and the ids of the documents that hold the same business key, into an outcome."""

Tell = Callable[[Outcome], Mapping[str, Any]]
"""What the event of a decision tells of an invoice beside the decision; JSON values, named in `store/measures.py`."""

BusinessKey = Callable[[Record], tuple[str, ...] | None]
"""What makes an invoice the same invoice in another file; None when the record does not say enough."""


class Asked(NamedTuple):
    """Who is asked when an invoice is settled; `Ledger.settle` tells what each one answers."""

    decide: Decide
    business_key: BusinessKey
    enqueue: Enqueue
    to_post: ToPost
    tell: Tell


def settle(session: Session, document: DocumentRow, draft: Draft, asked: Asked, at: datetime) -> Outcome:
    """Decide on an invoice of a document and write what became of it, inside a transaction."""
    key = rows.key_digest(asked.business_key(draft.record)) if draft.record else None
    outcome = asked.decide(draft, summary.holders(session, document.client_id, key))
    slot = asked.enqueue(policy_of(session, document.client_id), document.id, outcome, at)
    item = rows.item_row(slot, document.client_id, at) if slot else None
    record = rows.record_row(document, outcome, key, at, item)
    session.add(record)
    session.flush()  # the next draft must see this key
    _tell_trail(session, document, outcome, item, asked.tell, at)
    if isinstance(outcome.decision, StraightThrough):
        where = (document.client_id, document.id, outcome.part, record.id)
        asked.to_post(session, at, Cleared(*where, outcome.record, SYSTEM.user))
    return outcome


def _tell_trail(
    session: Session, document: DocumentRow, outcome: Outcome, item: ReviewItemRow | None, tell: Tell, at: datetime
) -> None:
    codes = [reason.code for reason in outcome.decision.reasons]
    data: dict[str, Any] = {"part": outcome.part, "decision": outcome.decision.kind, "reasons": codes}
    data |= {"waited": (at - document.received_at).total_seconds(), "media_type": document.media_type}
    data |= tell(outcome)
    mine = (document.id, document.client_id, SYSTEM.user)
    trail.append(session, at, "decided", *mine, data, versions=outcome.versions)
    if item:
        place = {"part": outcome.part, "sample": item.is_sample, "deadline": item.deadline.isoformat()}
        trail.append(session, at, "review_opened", *mine, place)
