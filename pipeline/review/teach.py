"""What was decided teaches: the supplier's rules and accounts, and the training set.

Learning comes after the decision, in transactions of its own, for it reads the pages again: a decision never waits for
it or fails of it. What was not learned yet is learned the next time.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select, update

from pipeline.errors import BackofficeError
from pipeline.intake.archive import Archive
from pipeline.ports import Clock
from pipeline.review.labelled import append_truth
from pipeline.store import rows
from pipeline.store.database import Database
from pipeline.store.review_tables import FinalRecordRow
from pipeline.store.tables import DocumentRow, RecordRow
from pipeline.suppliers.book import Book
from pipeline.suppliers.confirm import confirm
from schemas import Document, Page, Record

PagesOf = Callable[[Document], tuple[Page, ...]]
"""Reads the pages of a document. Raises BackofficeError."""


class Lesson(NamedTuple):
    """A decision that nothing was learned of yet."""

    final_id: int
    client_id: str
    document: Document
    part: int
    record: Record
    by: str


class Teacher:
    """Hands decisions on to what learns from them. Every method raises StoreError."""

    def __init__(self, database: Database, clock: Clock, archive: Archive, folder: Path) -> None:
        """`folder` is where the training set grows."""
        self._database = database
        self._clock = clock
        self._archive = archive
        self._folder = folder

    def teach(self, book: Book, pages_of: PagesOf, limit: int = 100) -> int:
        """Learn from the oldest decisions of which nothing was learned; returns from how many.

        A document whose pages cannot be read now is left for the next time; one that is itself at fault teaches its
        record only.
        """
        count = 0
        for lesson in self.pending(limit):
            try:
                pages = _own(lesson.record, pages_of(lesson.document))
                mine = book.of(lesson.client_id)
                confirm(mine, lesson.document.document_id, lesson.part, lesson.record, pages, lesson.by)
            except BackofficeError as error:
                if error.retryable:
                    continue
            self._finish(lesson)
            count += 1
        return count

    def pending(self, limit: int = 100) -> tuple[Lesson, ...]:
        """Decisions of which nothing was learned yet, oldest first; rejections teach nothing."""
        query = (
            select(FinalRecordRow, RecordRow.part, DocumentRow)
            .join(RecordRow, RecordRow.id == FinalRecordRow.record_id)
            .join(DocumentRow, DocumentRow.id == RecordRow.document_id)
            .where(FinalRecordRow.taught_at.is_(None), FinalRecordRow.record.is_not(None))
            .order_by(FinalRecordRow.id)
            .limit(limit)
        )
        with self._database.reading() as session:
            return tuple(
                Lesson(
                    final.id,
                    final.client_id,
                    rows.document(document),
                    part,
                    Record.model_validate_json(final.record or ""),
                    final.decided_by,
                )
                for final, part, document in session.execute(query)
            )

    def _finish(self, lesson: Lesson) -> None:
        """Add it to the training set and note that it taught; nobody else does so meanwhile."""
        mine = (FinalRecordRow.id == lesson.final_id, FinalRecordRow.taught_at.is_(None))
        with self._database.writing() as session:
            if session.scalar(select(FinalRecordRow.id).where(*mine)) is None:
                return
            original = self._archive.path(lesson.document.sha256)
            append_truth(self._folder, original, lesson.record, lesson.document.document_id, lesson.part)
            session.execute(update(FinalRecordRow).where(*mine).values(taught_at=self._clock.now()))


def _own(record: Record, pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """The pages of the file that are this invoice's."""
    return tuple(page for page in pages if page.number in record.pages) if record.pages else pages
