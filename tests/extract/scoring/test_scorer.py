"""Candidates get the probability that the trained scorer sees, or keep their hand-set score."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import EnvironmentFault
from pipeline.extract.adding_up import Proof
from pipeline.extract.candidates import survey
from pipeline.extract.propose import propose
from pipeline.extract.record import extract_record
from pipeline.extract.scoring.features import FEATURES
from pipeline.extract.scoring.forest import Forest
from pipeline.extract.scoring.scorer import FieldScorer, Scorer, load_scorer, scorer_of, scoring_with, shares
from pipeline.extract.scoring.surroundings import Surroundings
from schemas import FieldName

NO_PROOF = Proof(None, None, None)
PAGE = ((40, 60, "Facture n° F-17"), (40, 80, "Client n° 4711"), (40, 100, "Date : 03/03/2026"), (300, 100, "120,00"))


def preferring(feature):
    """A scorer of invoice numbers that looks at one feature alone."""
    column = list(FEATURES).index(feature)
    tree = {
        "column": [column, 0, 0],
        "threshold": [0.5, 0, 0],
        "left": [1, 1, 2],
        "right": [2, 1, 2],
        "value": [0, -3.0, 3.0],
    }
    return Scorer({FieldName.INVOICE_NUMBER: FieldScorer(Forest.of([tree]), 1.0, 0.0, 0.2)})


def rescored(scorer, pages):
    sheet = survey(pages)
    return scorer.rescore(propose(sheet), Surroundings(sheet, NO_PROOF))


def test_candidates_come_best_first_with_their_probability(page_of):
    """A scorer that likes other labels turns the choice round."""
    usual, odd = (rescored(preferring(f), [page_of(*PAGE)])[FieldName.INVOICE_NUMBER] for f in ("label", "not_label"))
    assert (usual[0].value, odd[0].value) == ("F-17", "4711")
    assert all(0 <= one.score <= 1 for one in (*usual, *odd))
    assert [one.score for one in usual] == sorted((one.score for one in usual), reverse=True)


def test_a_field_without_a_scorer_keeps_its_hand_set_scores(page_of):
    """Where training did not win."""
    sheet = survey([page_of(*PAGE)])
    by_hand = propose(sheet)[FieldName.ISSUE_DATE]
    assert rescored(Scorer({}), [page_of(*PAGE)])[FieldName.ISSUE_DATE] == by_hand[:5]


def test_values_that_no_label_names_are_candidates_too(page_of):
    """The scorer may know better; by hand they are worth next to nothing."""
    page = page_of((40, 60, "Pièce F-2026-17"), (40, 80, "Lyon, 03/03/2026"))
    proposals = propose(survey([page]))
    (number,) = [one for one in proposals[FieldName.INVOICE_NUMBER] if one.value == "F-2026-17"]
    assert number.score < 0.05
    assert rescored(Scorer({}), [page])[FieldName.INVOICE_NUMBER] == (number,)


def test_another_scorer_can_be_put_in_place_for_a_while(page_of):
    """Training judges every layout by a scorer that has not seen it."""
    with scoring_with(preferring("not_label")):
        odd = extract_record([page_of(*PAGE)]).value(FieldName.INVOICE_NUMBER)
    assert (odd, extract_record([page_of(*PAGE)]).value(FieldName.INVOICE_NUMBER)) == ("4711", "F-17")


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=9), st.floats(0.3, 3), st.floats(-6, 3))
def test_what_is_certain_is_shared_among_the_rivals_and_none(log_odds, sharpness, none):
    """No more than one is right, and a better one never has less."""
    parts = shares(np.array(log_odds), sharpness, none)
    assert 0 <= parts.sum() <= 1 + 1e-9
    order = np.argsort(log_odds, kind="stable")
    assert (np.diff(parts[order]) >= -1e-12).all()


def test_the_built_in_scorer_is_for_these_features():
    """A model with features that are no more asks for training anew."""
    assert load_scorer().fields
    with pytest.raises(ValueError, match="make train"):
        scorer_of({"features": ["other"], "fields": {}, "version": "1"})


def test_a_folder_without_a_usable_model_says_what_to_do(tmp_path):
    """It is the installation that is at fault, not the document."""
    with pytest.raises(EnvironmentFault, match=r"scorer\.json"):
        load_scorer(tmp_path)
    (tmp_path / "scorer.json").write_text(json.dumps({"features": []}))
    with pytest.raises(EnvironmentFault, match=r"scorer\.json"):
        load_scorer(tmp_path)


def test_a_model_that_knows_fewer_features_is_still_good(page_of):
    """Features that were added since are left out for it, wherever they stand among the others."""
    tree = {"column": [0, 0, 0], "threshold": [0.5, 0, 0], "left": [1, 1, 2], "right": [2, 1, 2], "value": [0, -3, 3]}
    part = {"trees": [tree], "sharpness": 1.0, "none": 0.0, "least": 0.2}
    older = scorer_of({"features": ["label"], "fields": {"invoice_number": part}, "version": "1"})
    best, *others = rescored(older, [page_of(*PAGE)])[FieldName.INVOICE_NUMBER]
    assert best.value == "F-17"
    assert all(other.score < best.score for other in others)
