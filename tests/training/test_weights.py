"""What the signs weigh."""

import numpy as np
import pytest

from pipeline.calibration.signs import SIGNS
from pipeline.training.weights import FEWEST_WRONG, Row, logistic, weigh
from schemas import FieldName

SUMS = list(SIGNS).index("sums")


def test_weights_keep_the_sign_of_their_prior():
    """However the data fall: a disagreement never makes a value likelier."""
    design = np.array([[1.0], [0.0]] * 50)
    fitted = logistic(design, np.array([True, False] * 50), [-1.0], [-1.0])
    assert fitted.weights[0] == 0
    assert logistic(design, np.array([True, False] * 50), [1.0], [1.0]).weights[0] > 1


def test_few_data_leave_the_prior_nearly_as_it_is():
    """What was never seen keeps its weight by common sense."""
    fitted = logistic(np.zeros((20, 1)), np.array([True] * 10 + [False] * 10), [-3.0], [-3.0])
    assert fitted.weights[0] == pytest.approx(-3.0)


def rows_of(name, with_sums, without_sums):
    """Rows of a field: how many are right and wrong with the sign "sums", and how many without."""
    for has, (right, wrong) in ((1.0, with_sums), (0.0, without_sums)):
        signs = tuple(has if index == SUMS else 0.0 for index in range(len(SIGNS)))
        yield from [Row(name, signs, True)] * right
        yield from [Row(name, signs, False)] * wrong


def test_a_field_weighs_a_sign_by_its_own_cases():
    """Sums prove a net total; that they hold says little of a name."""
    net = rows_of(FieldName.NET_TOTAL, (200, 0), (100, 50))
    name = rows_of(FieldName.SELLER_NAME, (150, 50), (150, 50))
    weighed = weigh([*net, *name])
    assert weighed.own[FieldName.NET_TOTAL][SUMS] > weighed.common[SUMS] > weighed.own[FieldName.SELLER_NAME][SUMS] >= 0


def test_a_field_that_was_hardly_ever_wrong_takes_the_common_weights():
    """So few cases tell nothing."""
    net = rows_of(FieldName.NET_TOTAL, (200, 0), (100, 50))
    dates = rows_of(FieldName.ISSUE_DATE, (200, 0), (100, FEWEST_WRONG - 1))
    assert set(weigh([*net, *dates]).own) == {FieldName.NET_TOTAL}
