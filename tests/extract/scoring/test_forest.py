"""Trees as arrays say what LightGBM says."""

import lightgbm
import numpy as np
import pytest

from pipeline.extract.scoring.features import FEATURES
from pipeline.extract.scoring.forest import Forest
from pipeline.training.fit import fit_trees, flat

STUMP = {"column": [1, 0, 0], "threshold": [0.5, 0, 0], "left": [1, 1, 2], "right": [2, 1, 2], "value": [0, -1.0, 2.0]}
LEAF = {"column": [0], "threshold": [0.0], "left": [0], "right": [0], "value": [0.25]}


def rows_of_chance(count, seed):
    return np.random.default_rng(seed).random((count, len(FEATURES)), dtype=np.float32)


def test_values_up_to_the_threshold_go_left_and_trees_add_up():
    """A tree that is a leaf alone counts for every row."""
    rows = np.array([[9, 0.5], [9, 0.6]], dtype=np.float32)
    assert Forest.of([STUMP, LEAF]).log_odds(rows).tolist() == [-0.75, 2.25]


def test_no_rows_have_no_scores():
    """A field without candidates."""
    assert Forest.of([STUMP]).log_odds(np.empty((0, 2), dtype=np.float32)).size == 0


@pytest.fixture(scope="module")
def trained():
    """Rows, verdicts, and the forest fitted on them."""
    rows = rows_of_chance(400, 1)
    right = rows[:, 0] + 0.3 * rows[:, 6] + rows[:, 20] > 1.1
    return rows, right, fit_trees(rows, right, seed=1)


def test_training_twice_gives_the_same_trees(trained):
    """The seed decides."""
    rows, right, trees = trained
    assert fit_trees(rows, right, seed=1) == trees


def test_more_of_a_rising_feature_never_makes_a_candidate_less_likely(trained):
    """The hand-set score is one of them: the forest refines it and never turns it round."""
    rows, _, trees = trained
    forest = Forest.of(trees)
    better = rows.copy()
    better[:, 0] += 0.4
    assert (forest.log_odds(better) >= forest.log_odds(rows) - 1e-9).all()


def test_the_arrays_say_what_lightgbm_says():
    """On rows that it was not trained on, but for the rounding of leaves."""
    rows, unseen = rows_of_chance(300, 2), rows_of_chance(50, 3)
    right = (rows[:, 3] > 0.4) & (rows[:, 7] < 0.7)
    booster = lightgbm.train(
        {"objective": "binary", "num_leaves": 6, "use_missing": False, "verbose": -1, "num_threads": 1},
        lightgbm.Dataset(rows, right.astype(int)),
        num_boost_round=10,
    )
    forest = Forest.of([flat(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]])
    assert forest.log_odds(unseen) == pytest.approx(booster.predict(unseen, raw_score=True), abs=1e-3)
