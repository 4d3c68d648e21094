"""Reads the pages of a confirmed document again, with a memory: the one place that knows how extraction is called."""

from collections.abc import Mapping, Sequence

from pipeline.extract.candidates import Sheet, survey
from pipeline.extract.record import extract_record
from pipeline.extract.views import Proposals
from pipeline.suppliers.replay import Recall
from schemas import Candidate, EvidenceKind, Field, FieldName, Page, Record

_BY_SUMS = frozenset(
    (
        FieldName.NET_TOTAL,
        FieldName.TAX_TOTAL,
        FieldName.GROSS_TOTAL,
        FieldName.AMOUNT_DUE,
        FieldName.PREPAID_TOTAL,
    )
)
"""What the sums choose; a label's habit does not overrule them."""


def reread(pages: Sequence[Page], recall: Recall) -> Mapping[FieldName, object]:
    """The values that the memory would choose among those that the pages propose; the totals are left to the sums."""
    return remember(extract_record(pages), survey(pages), recall)


def remember(record: Record, sheet: Sheet, recall: Recall) -> Mapping[FieldName, object]:
    """As `reread`, of pages that were read already."""
    proposals: Proposals = {name: _options(field) for name, field in record.fields.items() if name not in _BY_SUMS}
    return {name: _value(record.fields[name], options) for name, options in recall(proposals, sheet).items()}


def _value(field: Field, options: tuple[Candidate, ...]) -> object:
    """The best value; a field that extraction left empty is filled only by what the memory speaks for."""
    best = next(iter(options), None)
    if best is None or (field.value is None and not _is_remembered(best)):
        return None
    return best.value


def _is_remembered(option: Candidate) -> bool:
    return any(one.kind is EvidenceKind.SUPPLIER_MEMORY and one.supports for one in option.evidence)


def _options(field: Field) -> tuple[Candidate, ...]:
    """A field and its rivals as the candidates they were; what was chosen leads them."""
    if field.value is None:
        return field.rivals
    score = max([field.confidence, *(rival.score for rival in field.rivals)])
    chosen = Candidate(
        name=field.name,
        value=field.value,
        raw=field.raw,
        page=field.page,
        box=field.box,
        score=score,
        evidence=field.evidence,
    )
    return (chosen, *field.rivals)
