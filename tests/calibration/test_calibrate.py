"""Confidence follows from all evidence, and the record has one risk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.calibration.calibrate import XML_CHANCE, calibrate
from pipeline.calibration.model import calibration_of, load_calibration
from pipeline.errors import EnvironmentFault
from schemas import Candidate, Evidence, EvidenceKind, FieldName, FieldStatus

NUMBER = FieldName.INVOICE_NUMBER


def witness(kind, supports=True, detail=""):
    return Evidence(kind=kind, supports=supports, detail=detail)


AGREES = witness(EvidenceKind.SECOND_READER, detail="'F-17' (0.98)")
DIFFERS = witness(EvidenceKind.SECOND_READER, supports=False, detail="'F-71' (0.98)")


@pytest.fixture
def sure(record_with, model):
    """How sure the invoice number is with some evidence more."""

    def of(*evidence, **changes):
        record = record_with(invoice_number={"evidence": evidence, **changes})
        return calibrate(record, model).fields[NUMBER].confidence

    return of


def test_a_second_reader_who_agrees_makes_it_surer_one_who_differs_doubtful(sure):
    """Contradiction outweighs a good score."""
    assert sure(AGREES) > sure() > sure(DIFFERS) + 0.3


def test_proof_makes_it_surer_and_disproof_doubtful(sure):
    """Check digits and sums."""
    assert sure(witness(EvidenceKind.CHECKSUM)) > sure() > sure(witness(EvidenceKind.CHECKSUM, supports=False))
    assert sure(witness(EvidenceKind.ARITHMETIC)) > sure() > sure(witness(EvidenceKind.ARITHMETIC, supports=False))


def test_what_is_known_of_the_supplier_counts(sure):
    """Though no training set has it."""
    assert (
        sure(witness(EvidenceKind.SUPPLIER_MEMORY))
        > sure()
        > sure(witness(EvidenceKind.SUPPLIER_MEMORY, supports=False))
    )


def test_a_rival_close_behind_makes_it_less_sure(sure):
    """A clear lead says more than a high score."""
    rival = Candidate(name=NUMBER, value="4711", score=0.85)
    assert sure(rivals=(rival,)) < sure()


def test_what_a_person_said_is_certain(record_with, model):
    """However little the machine found for it."""
    record = record_with(invoice_number={"status": FieldStatus.CORRECTED, "score": 0.0})
    assert calibrate(record, model).fields[NUMBER].confidence == 1.0


def test_an_e_invoice_is_believed(sure):
    """The rules and the page catch what it got wrong."""
    assert sure(witness(EvidenceKind.XML), score=0.0) == XML_CHANCE


def test_the_risk_grows_with_every_doubtful_field_that_money_hangs_on(record_with, model):
    """And with no other one."""
    calm = calibrate(record_with(), model).risk
    assert calibrate(record_with(gross_total={"score": 0.4}), model).risk > calm
    assert calibrate(record_with(due_date={"score": 0.4}), model).risk == calm


def test_a_missing_field_that_must_be_there_makes_the_risk_certain(record_with, model):
    """The record cannot be posted without it."""
    record = calibrate(record_with(invoice_number=None), model)
    assert record.fields[NUMBER].confidence == 0
    assert record.risk > 0.999


def test_a_missing_iban_is_doubted_where_one_nearly_won(record_with, model):
    """One that is nowhere on the page is probably not printed."""
    record = record_with(iban=None)
    rival = Candidate(name=FieldName.IBAN, value="FR76", score=0.28)
    overlooked = record.fields[FieldName.IBAN].model_copy(update={"rivals": (rival,)})
    doubtful = record.model_copy(update={"fields": {**record.fields, FieldName.IBAN: overlooked}})
    absent, doubted = (calibrate(each, model).fields[FieldName.IBAN].confidence for each in (record, doubtful))
    assert absent > 0.9 > doubted


def test_calibrating_twice_changes_nothing(record_with, model):
    """It is the last word, and can be said again after new evidence."""
    once = calibrate(record_with(), model)
    assert calibrate(once, model) == once


@given(st.floats(0, 1), st.floats(0, 1), st.lists(st.sampled_from([AGREES, DIFFERS]), max_size=2))
def test_a_better_score_is_never_less_sure(one, other, evidence):
    """With the built-in calibration too: its weights keep their signs."""
    from schemas import Record
    from tests.calibration.conftest import VALUES, field_of

    low, high = sorted((one, other))
    sure = [
        calibrate(Record(fields={NUMBER: field_of(NUMBER, VALUES[NUMBER], score=score, evidence=tuple(evidence))}))
        .fields[NUMBER].confidence
        for score in (low, high)
    ]  # fmt: skip
    assert 0 <= sure[0] <= sure[1] <= 1


def test_the_built_in_calibration_is_for_these_signs():
    """A change of signs asks for training anew."""
    assert load_calibration().coverage
    with pytest.raises(ValueError, match="make train"):
        calibration_of({"weights": {"other": 1.0}})


def test_a_folder_without_a_usable_calibration_says_what_to_do(tmp_path):
    """It is the installation that is at fault."""
    with pytest.raises(EnvironmentFault, match=r"calibration\.json"):
        load_calibration(tmp_path)
