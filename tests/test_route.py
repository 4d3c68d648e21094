"""The decision, and why a wrong one cannot be written down."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.route import MONEY_THRESHOLD, THRESHOLD, decide
from pipeline.validate.rules import validate
from schemas import (
    Draft,
    Evidence,
    EvidenceKind,
    Failure,
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
from schemas.field import missing
from schemas.terms import OPTIONAL_WHEN_NOT_PRINTED, POSTING_CRITICAL

REQUIRED = sorted(set(POSTING_CRITICAL) - OPTIONAL_WHEN_NOT_PRINTED)
MONEY = (FieldName.IBAN, FieldName.GROSS_TOTAL)
ERROR = Finding(rule="sum", severity=Severity.ERROR, message="Does not add up.", fields=(FieldName.GROSS_TOTAL,))
BROKEN = Failure(code="broken-file", message="The file is truncated.", remedy="Ask for it again.")
DIED = Failure(code="reader-died", message="The reader died.", retryable=True)

VALUES = {
    FieldName.INVOICE_NUMBER: "F-17",
    FieldName.ISSUE_DATE: date(2026, 3, 3),
    FieldName.SELLER_NAME: "Martin",
    FieldName.CURRENCY: "EUR",
    FieldName.NET_TOTAL: Decimal(100),
    FieldName.TAX_TOTAL: Decimal(20),
    FieldName.GROSS_TOTAL: Decimal(120),
    FieldName.IBAN: "FR7630006000011234567890189",
}


def record_with(confidences=None, **changes):
    """A sure record, some of whose fields are changed or less sure."""
    fields = {
        name: Field(
            name=name,
            value=value,
            confidence=(confidences or {}).get(name, 0.95),
            evidence=(Evidence(kind=EvidenceKind.LABEL, detail="beside its label"),),
        )
        for name, value in VALUES.items()
    }
    return Record(fields=fields | {FieldName(name): field for name, field in changes.items()})


def codes(outcome):
    return [reason.code for reason in outcome.decision.reasons]


def test_a_sure_record_without_findings_goes_straight_through():
    """No reason speaks against it."""
    outcome = decide(Draft(record=record_with()), ())
    assert outcome.decision == StraightThrough()
    assert outcome.decision.reasons == ()


def test_the_outcome_is_the_draft_with_its_decision():
    """Nothing that was found out is lost on the way."""
    warning = Finding(rule="odd", severity=Severity.WARNING, message="Odd.")
    draft = Draft(
        part=2, record=record_with(), findings=(warning,), seconds={"read": 0.5}, versions={"backoffice": "1"}
    )
    outcome = decide(draft, ())
    assert Draft.model_validate(outcome.model_dump(exclude={"decision"})) == draft
    assert outcome.decision == StraightThrough()


@pytest.mark.parametrize("name", POSTING_CRITICAL)
def test_each_posting_critical_field_has_its_threshold(name):
    """At the threshold it passes, below it a person looks; for what is paid the threshold is higher."""
    threshold = MONEY_THRESHOLD if name in MONEY else THRESHOLD
    assert decide(Draft(record=record_with({name: threshold})), ()).decision == StraightThrough()
    outcome = decide(Draft(record=record_with({name: threshold - 0.01})), ())
    (reason,) = outcome.decision.reasons
    assert (outcome.decision.kind, reason.code, reason.field) == ("review", "low-confidence", name)


def test_the_reason_is_in_words_that_a_clerk_understands():
    """What was read, how sure it is, and what speaks for it."""
    (reason,) = decide(Draft(record=record_with({FieldName.INVOICE_NUMBER: 0.5})), ()).decision.reasons
    assert all(part in reason.message for part in ("invoice_number", "F-17", "50%", "85%", "beside its label"))


def test_fields_that_nothing_hangs_on_may_be_doubtful():
    """A doubtful due date keeps no invoice back."""
    due = Field(name=FieldName.DUE_DATE, value=date(2026, 4, 2), confidence=0.1)
    assert decide(Draft(record=record_with(due_date=due)), ()).decision == StraightThrough()


def test_an_iban_that_is_not_printed_keeps_nothing_back():
    """But one that is printed and badly read does."""
    assert decide(Draft(record=record_with(iban=missing(FieldName.IBAN))), ()).decision == StraightThrough()
    assert codes(decide(Draft(record=record_with({FieldName.IBAN: 0.5})), ())) == ["low-confidence"]


def test_what_a_person_confirmed_is_not_doubted():
    """However unsure the machine was."""
    confirmed = Field(
        name=FieldName.INVOICE_NUMBER, value="F-17", confidence=0.1, status=FieldStatus.CONFIRMED
    )  # fmt: skip
    assert decide(Draft(record=record_with(invoice_number=confirmed)), ()).decision == StraightThrough()


def test_only_findings_of_severity_error_keep_a_record_back():
    """A reason has the name of the rule and the first field that it is about."""
    mild = [Finding(rule=severity, severity=severity, message="Odd.") for severity in (Severity.INFO, Severity.WARNING)]
    assert decide(Draft(record=record_with(), findings=tuple(mild)), ()).decision == StraightThrough()
    outcome = decide(Draft(record=record_with(), findings=(*mild, ERROR)), ())
    (reason,) = outcome.decision.reasons
    assert (reason.code, reason.message, reason.field) == ("sum", "Does not add up.", FieldName.GROSS_TOTAL)


def test_a_duplicate_is_reviewed_and_says_of_what():
    """Of every document that holds the same invoice."""
    outcome = decide(Draft(record=record_with()), ("aaaa", "bbbb"))
    assert outcome.decision.kind == "review"
    assert codes(outcome) == ["duplicate", "duplicate"]
    assert "aaaa" in outcome.decision.reasons[0].message
    assert "bbbb" in outcome.decision.reasons[1].message
    assert [finding.rule for finding in outcome.findings] == ["duplicate", "duplicate"]


def test_a_document_that_cannot_be_read_is_rejected_with_its_remedy():
    """It is itself at fault: a person could not read it either."""
    outcome = decide(Draft(failures=(BROKEN,)), ())
    assert outcome.decision.kind == "rejected"
    assert codes(outcome) == ["broken-file"]
    assert "Ask for it again." in outcome.decision.reasons[0].message


@pytest.mark.parametrize("failures", [(DIED,), (BROKEN, DIED)])
def test_a_document_whose_reader_died_is_reviewed(failures):
    """Not the document is at fault, or not for sure: a person looks at it."""
    assert decide(Draft(failures=failures), ()).decision.kind == "review"


def test_a_failure_on_one_page_is_reviewed_and_names_the_page():
    """The rest of the record may be right, but nobody knows what the page said."""
    failure = BROKEN.model_copy(update={"page": 3})
    outcome = decide(Draft(record=record_with(), failures=(failure,)), ())
    assert outcome.decision.kind == "review"
    assert outcome.decision.reasons[0].message.startswith("Page 3: ")


def test_a_draft_without_anything_is_reviewed():
    """Nothing found and nothing failed is a reason too."""
    outcome = decide(Draft(), ())
    assert (outcome.decision.kind, codes(outcome)) == ("review", ["nothing-read"])


def test_all_reasons_are_given_at_once():
    """So that a clerk need not come back for the second one."""
    draft = Draft(record=record_with({FieldName.CURRENCY: 0.2}), findings=(ERROR,), failures=(DIED,))
    assert codes(decide(draft, ("aaaa",))) == ["reader-died", "sum", "duplicate", "low-confidence"]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_required_field_is_a_rules_error_and_so_reviewed(name):
    """The rules complain of it, and the complaint is the reason."""
    record = record_with(**{name: missing(name)})
    outcome = decide(Draft(record=record, findings=validate(record, date(2026, 3, 4))), ())
    assert outcome.decision.kind == "review"
    assert any(reason.field == name for reason in outcome.decision.reasons)


# --- what cannot be built


@pytest.mark.parametrize("failure", [BROKEN, DIED])
def test_a_clean_decision_with_a_failure_inside_cannot_be_built(failure):
    """Whoever tries gets an error, not an outcome."""
    with pytest.raises(ValidationError, match="failure inside"):
        Outcome(record=record_with(), failures=(failure,), decision=StraightThrough())


def test_a_clean_decision_with_an_error_finding_cannot_be_built():
    """Nor can one be read back from a tampered file."""
    with pytest.raises(ValidationError, match="error finding"):
        Outcome(record=record_with(), findings=(ERROR,), decision=StraightThrough())
    clean = Outcome(record=record_with(), decision=StraightThrough()).model_dump(mode="json")
    with pytest.raises(ValidationError, match="error finding"):
        Outcome.model_validate(clean | {"findings": [ERROR.model_dump(mode="json")]})


def test_a_clean_decision_without_a_record_cannot_be_built():
    """There would be nothing to post."""
    with pytest.raises(ValidationError, match="only a record"):
        Outcome(decision=StraightThrough())


@pytest.mark.parametrize("name", REQUIRED)
def test_a_clean_decision_without_a_required_field_cannot_be_built(name):
    """Not even by `decide`, should a rule be forgotten."""
    record = record_with(**{name: missing(name)})
    with pytest.raises(ValidationError, match=name.value):
        Outcome(record=record, decision=StraightThrough())
    with pytest.raises(ValidationError, match=name.value):
        decide(Draft(record=record), ())


@pytest.mark.parametrize("kind", [Review, Rejected])
def test_a_stop_without_a_reason_cannot_be_built(kind):
    """Nobody is asked to look without being told at what."""
    with pytest.raises(ValidationError):
        kind(reasons=())


def test_an_outcome_cannot_be_changed_afterwards():
    """A frozen value: the decision stays with what it was made on."""
    outcome = Outcome(failures=(BROKEN,), decision=Rejected(reasons=(Reason(code="x", message="y"),)))
    with pytest.raises(ValidationError):
        outcome.decision = StraightThrough()


failures = st.builds(Failure, code=st.just("x"), message=st.just("y"), retryable=st.booleans())
findings = st.builds(Finding, rule=st.just("r"), severity=st.sampled_from(Severity), message=st.just("m"))
confidences = st.dictionaries(st.sampled_from(sorted(VALUES)), st.floats(0, 1))


@given(
    st.one_of(st.none(), st.builds(record_with, confidences)),
    st.lists(findings, max_size=3),
    st.lists(failures, max_size=2),
    st.lists(st.just("aaaa"), max_size=1),
)
def test_every_draft_has_a_decision_and_only_a_clean_one_goes_through(record, findings, failures, duplicates):
    """Straight through exactly when nothing failed, no error was found, nothing is a duplicate and all is sure."""
    outcome = decide(Draft(record=record, findings=tuple(findings), failures=tuple(failures)), tuple(duplicates))
    is_clean = (
        record is not None
        and not failures
        and not duplicates
        and all(finding.severity is not Severity.ERROR for finding in findings)
        and all(record.fields[n].confidence >= (MONEY_THRESHOLD if n in MONEY else THRESHOLD) for n in POSTING_CRITICAL)
    )
    assert (outcome.decision.kind == "straight_through") == is_clean
    assert bool(outcome.decision.reasons) == (not is_clean)
