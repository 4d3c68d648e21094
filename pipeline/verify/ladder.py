"""The ladder of second readings: cheap looks first, dear ones where the evidence is weak.

(a) the second reader looks at the places of the posting-critical values; (b) it reads the lines of those that stay
doubtful, or whole pages where something is missing, and the record is extracted from both views; (c) what is still
seen by one reader only, or contested, is enlarged and shown to the other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.errors import BackofficeError, EnvironmentFault, ReaderError
from pipeline.extract.record import Recall, as_they_are, extract_record
from pipeline.settings import Effort
from pipeline.verify.company_numbers import find_wrong_numbers
from pipeline.verify.hidden_text import find_hidden_text
from pipeline.verify.pictures import Pictures
from pipeline.verify.printed_places import printed_places
from pipeline.verify.read_again import boxes_by_page, read_again, read_lines_again
from pipeline.verify.readers import Readers
from pipeline.verify.weakness import doubtful, is_lacking
from pipeline.verify.witness import Place, look, places_of
from schemas import Evidence, EvidenceKind, Failure, Field, FieldName, Finding, Page, Record, TextSource

ENLARGED = 1.5
MOST_AT_EACH_END = 2
"""Of a long document the first and the last pages are read again: head and totals stand there."""

_TOLD = (EvidenceKind.TEXT_LAYER, EvidenceKind.XML)


class Checked(NamedTuple):
    """A record as far as the ladder was climbed, and what broke on the way."""

    record: Record
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class Ladder:
    """Takes second looks at one document, as many as `effort` allows and the evidence asks for.

    A look that fails costs the record no value: it is told beside it. EnvironmentFault is raised, for it is no fault
    of the document.
    """

    readers: Readers
    pictures: Pictures
    effort: Effort
    recall: Recall = as_they_are

    def read_record(self, pages: Sequence[Page]) -> Checked:
        """The record of an invoice's pages, read a second time where that is called for."""
        record = extract_record(pages, recall=self.recall)
        return _last_of(record, self._climb(record, pages)) if self.effort is not Effort.OFF else Checked(record)

    def look_at_print(self, record: Record, pages: Sequence[Page]) -> Checked:
        """The record of an e-invoice with what the second reader sees where the page prints its values."""
        if self.effort is Effort.OFF or not pages:
            return Checked(record)
        return _last_of(record, (self._look_at(places, record, pages) for places in [printed_places(record, pages)]))

    def inspect(self, record: Record, pages: Sequence[Page]) -> tuple[Finding, ...]:
        """What only a look at the pictures can tell: hidden text that is not shown, wrong company numbers."""
        reader = self.readers.second if self.effort is not Effort.OFF else None
        return tuple(
            finding
            for find in (find_hidden_text, find_wrong_numbers)
            for finding in find(record, pages, self.pictures, reader)
        )

    def _climb(self, record: Record, pages: Sequence[Page]) -> Iterator[Record]:
        """Records that are better at each rung; where all is read again anyway, the first looks are left out."""
        if not (self.effort is Effort.CAREFUL and _from_pixels(pages)):
            record = self._look_at(places_of(record.fields), record, pages)
            yield record
        again = self._read_again(record, pages)
        if again:
            view = tuple(again.get(page.number, page) for page in pages)
            record = extract_record(pages, view, recall=self.recall)
            yield record
            yield self._look_at(places_of(record.fields), record, pages)

    def _read_again(self, record: Record, pages: Sequence[Page]) -> dict[int, Page]:
        """The pages, by number, as the second reader sees them, as far as the record makes them worth it."""
        if self.effort is Effort.FAST:
            return {}
        scanned, second = _ends_of(_from_pixels(pages)), self.readers.second
        if (everything := self.effort is Effort.CAREFUL) or is_lacking(record, pages):
            return {
                page.number: read_again(page, self.pictures.of(page), second, everything=everything) for page in scanned
            }
        boxes = boxes_by_page(doubtful(record))
        return {
            page.number: read_lines_again(page, boxes[page.number], self.pictures.of(page), second)
            for page in scanned
            if page.number in boxes
        }

    def _look_at(self, places: Sequence[Place], record: Record, pages: Sequence[Page]) -> Record:
        """The record with what readers that have not read a value see in its place."""
        seen: dict[FieldName, dict[EvidenceKind, Evidence]] = {}
        for kind, scale, is_asked in _ROUNDS:
            reader = self.readers.second if kind is EvidenceKind.SECOND_READER else self.readers.first
            asked = [
                place
                for place in places
                if is_asked(record.fields[place.name]) and not _is_settled(seen.get(place.name, {}))
            ]
            for name, witness in look(asked, pages, self.pictures, reader, kind, scale=scale).items():
                by_kind = seen.setdefault(name, {})
                if witness.supports or kind not in by_kind:
                    by_kind[kind] = witness
        return with_evidence(record, {name: tuple(by_kind.values()) for name, by_kind in seen.items()})


def _last_of(record: Record, better: Iterator[Record]) -> Checked:
    """The last of ever better records, or the one before a failure, with the failure."""
    best = record
    try:
        for higher in better:
            best = higher
    except EnvironmentFault:
        raise
    except (BackofficeError, MemoryError) as error:
        return Checked(best, (_failure_of(error),))
    return Checked(best)


def _failure_of(error: BackofficeError | MemoryError) -> Failure:
    if isinstance(error, BackofficeError):
        return error.failure()
    return ReaderError("There was not enough memory for a second look.", code="second-reader-failed").failure()


def with_evidence(record: Record, found: Mapping[FieldName, Sequence[Evidence]]) -> Record:
    """The record with more witnesses for some of its fields."""
    fields = {
        name: field.model_copy(update={"evidence": (*field.evidence, *found.get(name, ()))})
        for name, field in record.fields.items()
    }
    return record.model_copy(update={"fields": fields})


def _from_pixels(pages: Sequence[Page]) -> tuple[Page, ...]:
    return tuple(page for page in pages if page.source is not TextSource.TEXT_LAYER)


def _ends_of(pages: Sequence[Page]) -> tuple[Page, ...]:
    if len(pages) <= 2 * MOST_AT_EACH_END:
        return tuple(pages)
    return (*pages[:MOST_AT_EACH_END], *pages[-MOST_AT_EACH_END:])


def _is_read_by(field: Field, *kinds: EvidenceKind) -> bool:
    return any(witness.kind in kinds and witness.supports for witness in field.evidence)


def _is_new_to_second(field: Field) -> bool:
    return not _is_read_by(field, EvidenceKind.SECOND_READER)


def _is_new_to_first(field: Field) -> bool:
    return not _is_read_by(field, EvidenceKind.OCR, *_TOLD)


def _is_new_to_tesseract(field: Field) -> bool:
    """Tesseract did not read what a text layer or an e-invoice says: it is the umpire over the second reader."""
    return not _is_read_by(field, EvidenceKind.OCR)


_ROUNDS: tuple[tuple[EvidenceKind, float, Callable[[Field], bool]], ...] = (
    (EvidenceKind.SECOND_READER, 1.0, _is_new_to_second),
    (EvidenceKind.SECOND_READER, ENLARGED, _is_new_to_second),
    (EvidenceKind.OCR, 1.0, _is_new_to_first),
    (EvidenceKind.OCR, ENLARGED, _is_new_to_tesseract),
)
"""Who looks, at what scale, at which values; a value that somebody new has seen needs no more looks."""


def _is_settled(by_kind: Mapping[EvidenceKind, Evidence]) -> bool:
    return any(witness.supports for witness in by_kind.values())
