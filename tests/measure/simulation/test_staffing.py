"""Scenarios come along, take measured times, keep their promise with enough people, and cost what they cost."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.measure.simulation.library import load_scenario, shipped, with_measured
from pipeline.measure.simulation.replicate import MONTH_DAYS, simulate
from pipeline.measure.simulation.shown import simulation_pictures, simulation_tables
from pipeline.measure.simulation.staffing import cost_curve, staff_needed, with_staff
from schemas.scenario import Arrivals, Lognormal, Promise, Sampled, Scenario, Shift, Stage


def small(servers: int = 1, fixed: float = 0.0) -> Scenario:
    """Sixty invoices a day at eight minutes: eight hours of work for shifts of seven."""
    stage = Stage(name="desk", servers=servers, shift=Shift(), seconds=Lognormal(mean=480), hour=10)
    return Scenario(
        title="small",
        start=date(2026, 1, 5),
        days=14,
        arrivals=Arrivals(per_day=60),
        stages=(stage,),
        promise=Promise(hours=24, share=0.95),
        fixed_month=fixed,
        replications=3,
    )


def test_the_scenarios_that_come_along_are_valid_and_of_the_four_kinds() -> None:
    """By hand, keyed twice, the pipeline, and the pipeline short of people."""
    assert shipped() == ["by-hand", "by-hand-twice", "pipeline", "pipeline-three-clerks"]
    for name in shipped():
        assert load_scenario(name).arrivals.surges[0].factor == 2


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("title: x", "start"),
        ("[", "bad.yaml"),
        ("title: x\nstart: 2026-01-05\ndays: 1\narrivals: {per_day: 0}\nstages: []", "per_day"),
    ],
)
def test_a_bad_scenario_is_refused_with_its_place(tmp_path: Path, text: str, what: str) -> None:
    """As is one that is not there; the remedy names those that are."""
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=what):
        load_scenario(str(path))
    with pytest.raises(InputError) as caught:
        load_scenario("nothing-of-that-name")
    assert "by-hand" in caught.value.specific_remedy


def test_measured_times_replace_the_assumption_where_there_are_enough() -> None:
    """And what was taken for each stage is said."""
    ready, notes = with_measured(load_scenario("pipeline"), {"operator": [30.0] * 40, "machine": [1.0] * 3})
    by_name = {stage.name: stage.seconds for stage in ready.stages}
    assert by_name["review"] == Sampled(seconds=(30.0,) * 40)
    assert isinstance(by_name["machine"], Lognormal)
    assert "review: drawn from 40 measured" in notes
    assert "machine: assumed (lognormal); 3 measured, 30 needed" in notes


def test_too_few_people_let_the_backlog_grow() -> None:
    """One clerk cannot do eight hours of work in seven; two can."""
    one, two = simulate(small(1)), simulate(small(2))
    assert one.unfinished.value > two.unfinished.value
    assert one.cycle["95"].value > two.cycle["95"].value
    assert one.stages["desk"].busy.value > 0.95
    assert two.kept.value > one.kept.value


def test_people_are_paid_for_their_shifts_and_the_fixed_part_is_added() -> None:
    """Two clerks, ten working days of seven hours at ten euros; a month's fixed cost for the days simulated."""
    found = simulate(small(2, fixed=MONTH_DAYS))
    assert found.euros.value == pytest.approx(2 * 10 * 7 * 10 + 14)


def test_the_people_found_keep_the_promise_and_one_fewer_does_not() -> None:
    """The fewest that do."""
    staff = staff_needed(small())
    assert staff.is_enough
    assert staff.kept.value >= 0.95
    fewer = simulate(with_staff(small(), {"desk": staff.people - 1}))
    assert fewer.kept.value < 0.95


def test_more_invoices_need_more_people_and_spread_what_is_fixed() -> None:
    """The cost an invoice falls where most of it is fixed."""
    costs = cost_curve(small(fixed=5000), (1.0, 3.0))
    assert costs[0].people < costs[1].people
    assert costs[0].euros_an_invoice.value > costs[1].euros_an_invoice.value
    assert costs[1].invoices_month == pytest.approx(3 * costs[0].invoices_month, rel=0.1)


def test_a_simulation_is_shown_with_its_pictures_in_words() -> None:
    """The backlog and the curve say their numbers to those who do not see them."""
    found = simulate(small(2))
    costs = cost_curve(small(2), (1.0,))
    titles = [table.title for table in simulation_tables(found, costs[0], costs)]
    assert titles == ["small", "Stages", "People needed", "Cost against volume"]
    backlog, curve = (str(picture) for picture, _ in simulation_pictures(found, costs))
    assert "The median is highest on day" in backlog
    assert "small:" in curve
