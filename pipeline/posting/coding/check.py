"""Says what keeps a record from being booked without a person."""

from pipeline.posting.amounts import NotBookable
from pipeline.posting.coding.code import Coder
from pipeline.validate.finding import error
from schemas import FieldName, Finding, Record
from schemas.posting import Coding

DOUBTFUL = "coding-doubtful"
SHOWN = 3
"""Reasons that the message names."""


def check_coding(record: Record, coder: Coder, document_id: str = "", part: int = 1) -> tuple[Finding, ...]:
    """Findings on the coding of a record; empty when it can be booked as it is.

    coding-doubtful (error): less sure than the plan's `sure_from`. not-bookable (error): the amounts do not make the
    total with VAT.
    """
    try:
        coding = coder.code(record, document_id, part)
    except NotBookable as fault:
        message = f"It cannot be booked: {fault.message} {fault.specific_remedy}"
        return (error(NotBookable.code, message, FieldName.GROSS_TOTAL),)
    if coding.confidence >= coder.plan.sure_from:
        return ()
    return (error(DOUBTFUL, _said(coding, document_id)),)


def _said(coding: Coding, document_id: str) -> str:
    accounts = ", ".join(dict.fromkeys(line.account for line in coding.lines))
    remedy = (
        "Look at it under Coding in the review, and change it there if it is wrong. Without the desk: "
        f"`backoffice coding confirm {document_id or 'DOCUMENT'} --account ...`, or a rule in the coding plan."
    )
    why = "; ".join(coding.why[:SHOWN])
    return f"The coding to {accounts} is only {coding.confidence:.0%} sure: {why}. {remedy}"
