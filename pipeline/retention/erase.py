"""Erasing what a document says: original, pages, evidence, and every value in the database.

What stays: that there was a document (its hash, size, times), the decision with its reason codes, which voucher it
became (the hash of its key), and the audit trail, whose events nobody can change (docs/operations.md says what they
tell).
"""

import json
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Delete, Update, delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from pipeline.durable import remove, write_durably
from pipeline.effects import effect
from pipeline.errors import StoreError
from pipeline.intake.archive import Archive
from pipeline.ports import Clock
from pipeline.posting.enqueue import note_event
from pipeline.posting.states import JobState
from pipeline.retention.due import ERASED, is_erased
from pipeline.review.labelled import FILE_NAME
from pipeline.settings import Settings
from pipeline.store import trail
from pipeline.store.coding_tables import CodingEntryRow
from pipeline.store.database import Database
from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.review_tables import FinalRecordRow, ReviewDraftRow, ReviewNoteRow, ReviewWorkRow
from pipeline.store.supplier_tables import SupplierDocumentRow
from pipeline.store.tables import (
    DocumentRow,
    FailureRow,
    FieldRow,
    FindingRow,
    ReasonRow,
    RecordRow,
    ReviewItemRow,
)
from schemas import Document, Outcome, Reason, Record, Rejected

GONE = "erased"
"""What stands where a text was that could not be left empty."""


class Eraser:
    """Erases documents, one at a time; erasing again goes on where a crash cut it off."""

    def __init__(self, settings: Settings, database: Database, archive: Archive, clock: Clock) -> None:
        self._settings, self._database, self._archive, self._clock = settings, database, archive, clock

    def erase(self, document: Document, by: str, why: str) -> None:
        """The files first, then in one transaction the values and the event "erased". Raises StoreError."""
        try:
            self._remove_files(document)
        except OSError as error:
            raise StoreError(f"{document.document_id} could not be erased: {error}") from error
        at = self._clock.now()
        with self._database.writing() as session:
            _close_jobs(session, at, document.document_id, by)
            for statement in _statements(session, document.document_id):
                session.execute(statement)
            told = {"sha256": document.sha256, "why": why}
            trail.append(session, at, ERASED, document.document_id, document.client_id, by, told)

    def remove_returned(self) -> int:
        """Remove the originals of erased documents whose bytes were dropped again since; returns how many."""
        twin = aliased(DocumentRow)
        kept = exists().where(twin.sha256 == DocumentRow.sha256, ~is_erased(twin))
        with self._database.reading() as session:
            hashes = session.scalars(select(DocumentRow.sha256).where(is_erased(), ~kept).distinct()).all()
        returned = [sha256 for sha256 in hashes if self._archive.path(sha256).exists()]
        for sha256 in returned:
            self._archive.remove(sha256)
        return len(returned)

    def _remove_files(self, document: Document) -> None:
        for path in self._settings.pages.glob(f"{document.sha256[:2]}/{document.sha256}*"):
            remove(path)
        for folder in self._evidence(document.document_id):
            with effect("folder.remove", folder):
                shutil.rmtree(folder, ignore_errors=True)
        _forget_example(self._settings.labelled / FILE_NAME, document.document_id)
        if not self._is_anothers(document):
            self._archive.remove(document.sha256)

    def _is_anothers(self, document: Document) -> bool:
        """Whether another client has the same bytes, and still keeps them."""
        query = select(DocumentRow.id).where(DocumentRow.sha256 == document.sha256)
        query = query.where(DocumentRow.id != document.document_id, ~is_erased())
        with self._database.reading() as session:
            return session.scalar(query.limit(1)) is not None

    def _evidence(self, document_id: str) -> list[Path]:
        """The folders with the pictures that the robot kept of its way."""
        query = select(PostingJobRow.evidence).where(PostingJobRow.document_id == document_id)
        with self._database.reading() as session:
            paths = [Path(one) for evidence in session.scalars(query) for one in evidence]
        home = self._settings.home.resolve()
        return sorted({path.parent for path in paths if path.resolve().is_relative_to(home) and path.is_file()})


def _close_jobs(session: Session, at: datetime, document_id: str, by: str) -> None:
    """A voucher whose term is over is compared with the accounting system no more."""
    mine = PostingJobRow.document_id == document_id
    for job in session.scalars(select(PostingJobRow).where(mine, PostingJobRow.state == JobState.POSTED.value)):
        job.state, job.receipt = JobState.CLOSED.value, None
        note_event(session, at, "posting_closed", job, by, note=GONE)


def _statements(session: Session, document_id: str) -> Sequence[Delete | Update]:
    records = select(RecordRow.id).where(RecordRow.document_id == document_id).scalar_subquery()
    items = select(ReviewItemRow.id).where(ReviewItemRow.record_id.in_(records)).scalar_subquery()
    for record in session.scalars(select(RecordRow).where(RecordRow.document_id == document_id)):
        record.outcome = _emptied(record).model_dump_json()
    session.flush()
    children = [delete(table).where(table.record_id.in_(records)) for table in (FieldRow, FindingRow, FailureRow)]
    signs = [delete(table).where(table.item_id.in_(items)) for table in (ReviewDraftRow, ReviewNoteRow, ReviewWorkRow)]
    document = DocumentRow.id == document_id
    job = PostingJobRow.document_id == document_id
    return [
        *children,
        *signs,
        delete(SupplierDocumentRow).where(SupplierDocumentRow.document_id == document_id),
        delete(CodingEntryRow).where(CodingEntryRow.document.startswith(f"{document_id}/")),
        update(ReasonRow).where(ReasonRow.record_id.in_(records)).values(message=""),
        update(RecordRow).where(RecordRow.document_id == document_id).values(_NO_HEADLINE),
        update(ReviewItemRow).where(ReviewItemRow.record_id.in_(records)).values(_NO_PROPOSALS),
        update(FinalRecordRow)
        .where(FinalRecordRow.record_id.in_(records), FinalRecordRow.record.is_not(None))
        .values(record=Record(fields={}).model_dump_json()),
        update(FinalRecordRow).where(FinalRecordRow.record_id.in_(records)).values(business_key=None, findings=[]),
        update(PostingJobRow).where(job).values(_NO_JOB_TEXTS),
        update(DocumentRow).where(document).values(file_name=GONE, search=""),
    ]


_NO_HEADLINE = dict.fromkeys("number issue_date seller_name currency net tax gross business_key".split())
_NO_PROPOSALS: dict[str, Any] = {
    "proposal": None,
    "second_proposal": None,
    "coding": None,
    "search": "",
    "amount": None,
}
_NO_JOB_TEXTS: dict[str, Any] = {"evidence": []} | dict.fromkeys(
    "seller number issue_date gross seller_name printed_number coding failure warning note".split()
)


def _emptied(record: RecordRow) -> Outcome:
    """What reads the outcome of an erased record gets this."""
    reason = Reason(code=GONE, message="The content was erased when its time was over.")
    return Outcome(part=record.part, decision=Rejected(reasons=(reason,)))


def _forget_example(path: Path, document_id: str) -> None:
    """Take the lines of a document out of the training set."""
    if path.exists():
        lines = path.read_bytes().splitlines(keepends=True)
        left = [line for line in lines if not _is_of(line, document_id)]
        if len(left) < len(lines):
            write_durably(path, b"".join(left))


def _is_of(line: bytes, document_id: str) -> bool:
    try:
        return str(json.loads(line)["id"]).startswith(f"{document_id}/")
    except (ValueError, KeyError, TypeError):  # a line that a crash cut off
        return False
