"""The decision: straight through, review with its reasons, or rejected."""

from collections.abc import Iterator
from math import prod

from pipeline.calibration.model import Calibration, load_calibration
from pipeline.calibration.signs import is_from_pixels
from pipeline.calibration.words import weakest_evidence
from pipeline.validate.duplicates import duplicate_finding
from schemas import (
    Draft,
    Field,
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
from schemas.limit import Limit
from schemas.terms import OPTIONAL_WHEN_NOT_PRINTED, POSTING_CRITICAL

TARGET = 0.003
"""The share of posted fields that may be wrong, where nobody says otherwise."""
MOST_DOUBTS = 3
"""Doubtful fields that a review names; more of them would not be read."""


def decide(
    draft: Draft,
    duplicates: tuple[str, ...],
    target: float = TARGET,
    calibration: Calibration | None = None,
    limit: Limit | None = None,
) -> Outcome:
    """Judge a draft, given the documents that already hold the same invoice.

    Straight through only without failures, without error findings, and with a risk at which, by the risk-coverage curve
    of the calibration, no more than `target` of the posted fields are wrong. A document that could not be read at all
    is rejected when it is itself at fault, else reviewed. `limit` asks for more certainty of its supplier.
    """
    judged = draft.model_copy(
        update={"findings": (*draft.findings, *(duplicate_finding(other) for other in duplicates))}
    )
    calibration = calibration or load_calibration()
    reasons = tuple(_reasons(judged, target, calibration)) or tuple(_watched(judged.record, limit, calibration))
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


def _reasons(draft: Draft, target: float, calibration: Calibration) -> Iterator[Reason]:
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
    yield from _doubts(draft.record, target, calibration)


def _watched(record: Record | None, limit: Limit | None, calibration: Calibration) -> Iterator[Reason]:
    """What holds a record that would go through, were its supplier not one of which too much was posted wrong."""
    if record is None or limit is None or limit.target_error is None:
        return
    if limit.reviews_all or risk_of(record) > _allowed(record, limit.target_error, calibration):
        yield Reason(code="supplier-watched", message=limit.why, field=FieldName.SELLER_NAME)


def _allowed(record: Record, target: float, calibration: Calibration) -> float:
    """The risk up to which a record may pass."""
    point = calibration.point_for(target, is_from_pixels(record))
    return point.risk if point else 0.0


def _of_finding(finding: Finding) -> Reason:
    return Reason(code=finding.rule, message=finding.message, field=next(iter(finding.fields), None))


def _doubts(record: Record, target: float, calibration: Calibration) -> Iterator[Reason]:
    """The weakest fields of a record whose risk is above what the target allows."""
    allowed, risk = _allowed(record, target, calibration), risk_of(record)
    if risk <= allowed:
        return
    weak = sorted((record.fields[name] for name in POSTING_CRITICAL if _counts(record.fields[name])), key=_confidence)
    share = [field for field in weak if 1.0 - field.confidence > allowed / len(POSTING_CRITICAL)] or weak[:1]
    for field in share[:MOST_DOUBTS]:
        what = field.name.replace("_", " ")
        said = f"The {what} '{field.value}'" if field.value is not None else f"That there is no {what}"
        why = weakest_evidence(field, record, calibration)
        yield Reason(
            code="low-confidence", field=field.name, message=f"{said} is only {field.confidence:.1%} sure: {why}."
        )
    if not share:
        yield Reason(code="high-risk", message=f"The record is wrong with a probability of {risk:.1%}.")


def risk_of(record: Record) -> float:
    """The probability of a wrong posting-critical field; by the fields' confidences where none was worked out."""
    if record.risk is not None:
        return record.risk
    return 1.0 - prod(record.fields[name].confidence for name in POSTING_CRITICAL if _counts(record.fields[name]))


def _counts(field: Field) -> bool:
    """Missing fields that must be there are the rules' business; one that may be absent has its own probability."""
    settled = (FieldStatus.CONFIRMED, FieldStatus.CORRECTED)
    is_optional = field.name in OPTIONAL_WHEN_NOT_PRINTED and field.confidence > 0
    return field.status not in settled and (field.status is not FieldStatus.MISSING or is_optional)


def _confidence(field: Field) -> float:
    return field.confidence
