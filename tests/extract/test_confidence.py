"""How sure the machine is of a value, from its evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.confidence import confidence_of
from schemas import Candidate, Evidence, EvidenceKind, FieldName

SURE = 0.85
TEXT = Evidence(kind=EvidenceKind.TEXT_LAYER, detail="1.00")
PROOF = Evidence(kind=EvidenceKind.CHECKSUM)
DISPROOF = Evidence(kind=EvidenceKind.CHECKSUM, supports=False)


def ocr(confidence):
    return Evidence(kind=EvidenceKind.OCR, detail=f"{confidence:.2f}")


def option(score, *evidence, value="F-17"):
    return Candidate(name=FieldName.INVOICE_NUMBER, value=value, score=score, evidence=evidence or (TEXT,))


def test_a_rival_close_behind_makes_it_less_sure():
    """A clear lead says more than a high score."""
    best = option(0.8)
    alone, ahead, close = (confidence_of(best, r) for r in ([], [option(0.3, value="1")], [option(0.75, value="2")]))
    assert alone >= ahead > close


def test_proof_makes_it_sure_and_disproof_doubtful():
    """A right check digit outweighs a weak label, a wrong one outweighs a strong one."""
    assert confidence_of(option(0.5, TEXT, PROOF), []) >= 0.9
    assert confidence_of(option(1.0, TEXT, DISPROOF), []) <= 0.4
    assert confidence_of(option(1.0, TEXT, PROOF, DISPROOF), []) <= 0.4


def test_a_badly_read_value_is_less_sure():
    """The engine's own doubt counts, unless proof outweighs it."""
    assert confidence_of(option(0.9, ocr(0.5)), []) < confidence_of(option(0.9, ocr(0.95)), [])
    assert confidence_of(option(0.9, ocr(0.5), PROOF), []) == confidence_of(option(0.9, ocr(0.99), PROOF), [])


def test_a_weak_candidate_alone_is_not_sure_enough_to_post():
    """Having no rival is no evidence."""
    assert confidence_of(option(0.35), []) < SURE


scores = st.floats(0.0, 1.5)


@given(scores, st.lists(scores, max_size=4), st.sampled_from([(TEXT,), (TEXT, PROOF), (DISPROOF,), (ocr(0.0),), ()]))
def test_it_is_a_probability_and_never_certainty(score, rivals, evidence):
    """Between 0 and 0.99, whatever the scores are."""
    sure = confidence_of(
        Candidate(name=FieldName.PO_NUMBER, value="x", score=score, evidence=evidence),
        [option(rival) for rival in rivals],
    )
    assert 0.0 <= sure <= 0.99


@given(scores, scores)
def test_a_better_score_is_never_less_sure(one, other):
    """With the same evidence and no rivals."""
    low, high = sorted((one, other))
    assert confidence_of(option(low), []) <= confidence_of(option(high), [])


@pytest.mark.parametrize("detail", ["", "0.00", "1.00"])
def test_any_confidence_that_a_reader_gives_can_be_used(detail):
    """An empty one counts as none."""
    assert confidence_of(option(0.8, Evidence(kind=EvidenceKind.OCR, detail=detail)), []) > 0


def test_a_seller_known_by_its_place_alone_is_not_posted():
    """A slogan stands at the head of the page too; a legal form, a label or a web address makes it a name."""
    placed = Candidate(name=FieldName.SELLER_NAME, value="Le bon goût", score=1.0)
    named = placed.model_copy(update={"evidence": (Evidence(kind=EvidenceKind.FORMAT, detail="a legal form"),)})
    assert confidence_of(placed, []) < SURE < confidence_of(named, [])
