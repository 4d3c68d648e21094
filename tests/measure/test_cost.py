"""CPU seconds by stage."""

import pytest

from pipeline.measure.cost import Spent, costs


def test_a_stage_costs_by_file_and_by_page() -> None:
    """Three files of one, three and an unknown number of pages."""
    found = costs(
        [
            Spent(stages={"read": 1.0, "extract": 0.5}, pages=1),
            Spent(stages={"read": 5.0, "extract": 0.5}, pages=3),
            Spent(stages={"read": 3.0}, pages=0),
            Spent(stages={}, pages=2),
        ]
    )
    read = found["read"]
    assert (read.files, read.mean, read.median, read.highest) == (3, 3.0, 3.0, 5.0)
    assert read.p90 == pytest.approx(4.6)
    assert read.page == pytest.approx(6.0 / 4)
    assert found["extract"].files == 2
    assert (found["all"].files, found["all"].mean, found["all"].page) == (3, pytest.approx(10 / 3), 7.0 / 4)


def test_unknown_time_costs_nothing_known() -> None:
    """Predictions of other programs come without seconds."""
    assert costs([Spent(stages={}, pages=1)]) == {}
