"""The decision, and why a wrong one cannot be written down."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline import route
from pipeline.calibration.model import Calibration, Curve, Point
from pipeline.calibration.signs import SIGNS
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
ERROR = Finding(rule="sum", severity=Severity.ERROR, message="Does not add up.", fields=(FieldName.GROSS_TOTAL,))
BROKEN = Failure(code="broken-file", message="The file is truncated.", remedy="Ask for it again.")
DIED = Failure(code="reader-died", message="The reader died.", retryable=True)

ALLOWED = 0.4
CALIBRATION = Calibration(
    weights=dict.fromkeys(SIGNS, 1.0),
    own={},
    constants={},
    usual={name: {"named": 1.0, "odds": 4.0} for name in FieldName},
    curves={True: Curve((0.0, 1.0), (0.0, 1.0)), False: Curve((0.0, 1.0), (0.0, 1.0))},
    absent={"constant": 3.0},
    risk=(0.0, 1.0),
    coverage=dict.fromkeys(
        (False, True),
        (Point(0.1, 80, 640, 0, 0.002), Point(ALLOWED, 90, 720, 1, 0.003), Point(0.9, 100, 800, 9, 0.02)),
    ),
    version="test",
)
"""Records up to this risk go through at the default target: by the curve, 0.3 % of their fields may be wrong."""


def decide(draft, duplicates, target=route.TARGET):
    return route.decide(draft, duplicates, target, CALIBRATION)


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


@pytest.mark.parametrize(("risk", "decision"), [(ALLOWED, "straight_through"), (ALLOWED + 0.01, "review")])
def test_a_record_passes_up_to_the_risk_that_the_curve_allows(risk, decision):
    """And not beyond."""
    record = record_with().model_copy(update={"risk": risk})
    assert decide(Draft(record=record), ()).decision.kind == decision


@pytest.mark.parametrize(("target", "decision"), [(0.0005, "review"), (0.003, "straight_through")])
def test_a_stricter_target_lets_less_through(target, decision):
    """The operator states the share of wrong posted fields; the curve says up to which risk that holds."""
    record = record_with().model_copy(update={"risk": 0.3})
    assert decide(Draft(record=record), (), target).decision.kind == decision


def test_a_calibration_that_proves_nothing_lets_nothing_through():
    """Without a single point without error there is no risk that is low enough."""
    model = replace(CALIBRATION, coverage=dict.fromkeys((False, True), (Point(0.001, 5, 40, 2, 0.2),)))
    record = record_with().model_copy(update={"risk": 0.0005})
    assert route.decide(Draft(record=record), (), calibration=model).decision.kind == "review"


@pytest.mark.parametrize("name", POSTING_CRITICAL)
def test_the_reason_names_the_doubtful_field_first(name):
    """Where several are doubtful, the weakest comes first."""
    outcome = decide(Draft(record=record_with({name: 0.5})), ())
    assert outcome.decision.kind == "review"
    reason = outcome.decision.reasons[0]
    assert (reason.code, reason.field) == ("low-confidence", name)


def test_the_reason_is_in_words_that_a_clerk_understands():
    """What was read, how sure it is, and what is weakest about it."""
    reason = decide(Draft(record=record_with({FieldName.INVOICE_NUMBER: 0.5})), ()).decision.reasons[0]
    assert reason.message == "The invoice number 'F-17' is only 50.0% sure: what stands around it hardly fits."


def test_a_contradiction_is_what_the_reason_says():
    """With what the other reader sees."""
    against = Evidence(kind=EvidenceKind.SECOND_READER, supports=False, detail="'F-71' (0.97)")
    field = Field(name=FieldName.INVOICE_NUMBER, value="F-17", confidence=0.2, evidence=(against,))
    reason = decide(Draft(record=record_with(invoice_number=field)), ()).decision.reasons[0]
    assert "the second reader sees something else there: 'F-71' (0.97)" in reason.message


def test_fields_that_nothing_hangs_on_may_be_doubtful():
    """A doubtful due date keeps no invoice back."""
    due = Field(name=FieldName.DUE_DATE, value=date(2026, 4, 2), confidence=0.1)
    assert decide(Draft(record=record_with(due_date=due)), ()).decision == StraightThrough()


def test_an_iban_that_is_not_printed_keeps_nothing_back():
    """But one that is printed and badly read does."""
    assert decide(Draft(record=record_with(iban=missing(FieldName.IBAN))), ()).decision == StraightThrough()
    outcome = decide(Draft(record=record_with({FieldName.IBAN: 0.5})), ())
    assert (outcome.decision.reasons[0].code, outcome.decision.reasons[0].field) == ("low-confidence", FieldName.IBAN)


def test_an_iban_that_was_probably_overlooked_keeps_the_record_back():
    """A missing one has the probability that there is none."""
    overlooked = missing(FieldName.IBAN).model_copy(update={"confidence": 0.3})
    reason = decide(Draft(record=record_with(iban=overlooked)), ()).decision.reasons[0]
    assert reason.message == "That there is no iban is only 30.0% sure: it may have been overlooked."


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
    assert codes(decide(draft, ("aaaa",)))[:4] == ["reader-died", "sum", "duplicate", "low-confidence"]


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
        and route.risk_of(record) <= ALLOWED
    )
    assert (outcome.decision.kind == "straight_through") == is_clean
    assert bool(outcome.decision.reasons) == (not is_clean)
