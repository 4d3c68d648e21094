"""The decision: straight through, review with its reasons, or rejected."""

from collections.abc import Iterator

from pipeline.validate.duplicates import duplicate_finding
from schemas import (
    Draft,
    FieldName,
    FieldStatus,
    Finding,
    Outcome,
    Reason,
    Record,
    Rejected,
    Review,
    Severity,
    StraightThrough,
)
from schemas.terms import POSTING_CRITICAL

THRESHOLD = 0.85
"""The least confidence of a posting-critical field that goes through without a person."""
MONEY_THRESHOLD = 0.9
"""The same for the account that is paid and the total that is paid to it."""

_THRESHOLDS = {FieldName.IBAN: MONEY_THRESHOLD, FieldName.GROSS_TOTAL: MONEY_THRESHOLD}


def decide(draft: Draft, duplicates: tuple[str, ...]) -> Outcome:
    """Judge a draft, given the documents that already hold the same invoice.

    Straight through only without failures, without error findings, and with every posting-critical field above its
    threshold. A document that could not be read at all is rejected when it is itself at fault, else reviewed.
    """
    judged = draft.model_copy(
        update={"findings": (*draft.findings, *(duplicate_finding(other) for other in duplicates))}
    )
    reasons = tuple(_reasons(judged))
    decision: StraightThrough | Review | Rejected
    if not reasons:
        decision = StraightThrough()
    elif _is_at_fault(judged):
        decision = Rejected(reasons=reasons)
    else:
        decision = Review(reasons=reasons)
    # built anew, not copied: only so the validators of Outcome see the decision beside its findings
    return Outcome(**{name: getattr(judged, name) for name in Draft.model_fields}, decision=decision)


def _is_at_fault(draft: Draft) -> bool:
    """Whether the document itself is the reason that nothing could be read."""
    return draft.record is None and bool(draft.failures) and not any(f.retryable for f in draft.failures)


def _reasons(draft: Draft) -> Iterator[Reason]:
    for failure in draft.failures:
        place = f"Page {failure.page}: " if failure.page else ""
        yield Reason(code=failure.code, message=f"{place}{failure.message} {failure.remedy}".strip())
    for finding in draft.findings:
        if finding.severity is Severity.ERROR:
            yield _of_finding(finding)
    if draft.record is None:
        if not draft.failures:
            yield Reason(code="nothing-read", message="No invoice was found in the document.")
        return
    yield from _weak_fields(draft.record)


def _of_finding(finding: Finding) -> Reason:
    return Reason(code=finding.rule, message=finding.message, field=next(iter(finding.fields), None))


def _weak_fields(record: Record) -> Iterator[Reason]:
    """Posting-critical fields that were read with doubt; missing ones are the rules' business."""
    for name in POSTING_CRITICAL:
        field = record.fields[name]
        if field.status is FieldStatus.MISSING or field.status is FieldStatus.CONFIRMED:
            continue
        threshold = _THRESHOLDS.get(name, THRESHOLD)
        if field.confidence < threshold:
            witnesses = ", ".join(e.detail or e.kind for e in field.evidence if e.supports) or "no evidence"
            sure = f"{name} '{field.value}' is sure to {field.confidence:.0%}, below {threshold:.0%}"
            yield Reason(code="low-confidence", field=name, message=f"{sure} ({witnesses}).")
