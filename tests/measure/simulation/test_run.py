"""One run of a scenario: the formulas of queueing theory, shifts, mistakes, seeds."""

from datetime import date
from math import factorial

import numpy as np
import pytest
from numpy.random import SeedSequence

from pipeline.measure.simulation.run import Run, backlog, run, working_time
from schemas.scenario import Arrivals, Duration, Exponential, Fixed, Scenario, Shift, Stage

MONDAY = date(2026, 1, 5)
HOUR = 3600.0
FLAT = {"hours": (1.0,) * 24, "weekdays": (1.0,) * 7}


def erlang_c(servers: int, load: float) -> float:
    """The probability to wait in M/M/c; `load` is arrivals times mean service (Erlang 1917)."""
    top = load**servers / factorial(servers) * servers / (servers - load)
    return top / (sum(load**number / factorial(number) for number in range(servers)) + top)


def mean_wait(servers: int, per_second: float, seconds: float) -> float:
    """Seconds of waiting in M/M/c."""
    load = per_second * seconds
    return erlang_c(servers, load) * seconds / (servers - load)


def queue(servers: int, busy: float, seconds: Duration, customers: int) -> Scenario:
    per_day = busy * servers / 60.0 * 86_400
    return Scenario(
        title="queue",
        start=MONDAY,
        days=int(customers / per_day) + 3,
        warm_up_days=1,
        arrivals=Arrivals(per_day=per_day, **FLAT),
        stages=(Stage(name="desk", servers=servers, seconds=seconds),),
    )


def realised(one: Run, servers: int, factor: float = 1.0) -> float:
    """Waiting by the formula, at the rates that this very run drew: chance in the rates is no fault of the queue."""
    per_second = one.arrived.size / one.end
    seconds = one.busy["desk"] / np.count_nonzero(~np.isnan(one.left))
    return mean_wait(servers, per_second, seconds) * factor


@pytest.mark.parametrize(
    ("servers", "busy", "seconds", "factor"),
    [
        (1, 0.5, Exponential(mean=60), 1.0),
        (2, 0.5, Exponential(mean=60), 1.0),
        (1, 0.5, Fixed(seconds=60), 0.5),  # M/D/1 waits half as long as M/M/1 (Pollaczek and Khinchine)
    ],
    ids=["M/M/1", "M/M/2", "M/D/1"],
)
def test_the_waiting_is_that_of_queueing_theory(servers: int, busy: float, seconds: Duration, factor: float) -> None:
    """Within 2 %; the standard error of a run of this length is a third to a half of that."""
    one = run(queue(servers, busy, seconds, 250_000), SeedSequence(5))
    assert one.waits["desk"].mean() == pytest.approx(realised(one, servers, factor), rel=0.02)


@pytest.mark.real
@pytest.mark.parametrize(("servers", "busy"), [(3, 0.6), (5, 0.7)])
def test_the_waiting_with_several_servers_is_erlangs(servers: int, busy: float) -> None:
    """Rarer and longer waits need longer runs for the same 2 %."""
    runs = [run(queue(servers, busy, Exponential(mean=60), 1_000_000), SeedSequence(seed)) for seed in (1, 2)]
    found = np.mean([one.waits["desk"].mean() / realised(one, servers) for one in runs])
    assert found == pytest.approx(1.0, abs=0.02)


def office(**more: object) -> Scenario:
    """One clerk from nine to ten on working days; an invoice takes 20 minutes."""
    shift = Shift(begin="09:00", end="10:00", breaks=0)
    stage = Stage(name="desk", servers=1, shift=shift, seconds=Fixed(seconds=1200))
    given = {
        "title": "office",
        "start": MONDAY,
        "days": 14,
        "stages": (stage,),
        "arrivals": Arrivals(per_day=2, **FLAT),
    }
    return Scenario(**{**given, **more})


def test_people_begin_work_in_their_shift_only_and_finish_what_they_have() -> None:
    """Nothing is done before nine, at night, or at a weekend; the last one may end up to its length after ten."""
    one = run(office(), SeedSequence(1))
    left = one.left[~np.isnan(one.left)]
    begun = left - 1200
    day, second = np.divmod(begun, 86_400)
    assert left.size > 15
    assert ((second >= 9 * HOUR) & (second < 10 * HOUR)).all()
    assert (day % 7 < 5).all()


def test_first_come_is_first_served() -> None:
    """With one server nobody overtakes."""
    left = run(office(), SeedSequence(2)).left
    done = left[~np.isnan(left)]
    assert (np.diff(done) > 0).all()


def test_nothing_is_lost() -> None:
    """All that arrived is done or open at every moment."""
    one = run(office(), SeedSequence(3))
    [at_end] = backlog(one, np.array([one.end]))
    assert at_end == np.isnan(one.left).sum()
    assert one.arrived.size == at_end + np.count_nonzero(~np.isnan(one.left))


def test_the_same_seed_gives_the_same_run_and_other_stages_the_same_arrivals() -> None:
    """So that two scenarios differ by what they do, not by their luck."""
    first, again = run(office(), SeedSequence(4)), run(office(), SeedSequence(4))
    assert np.array_equal(first.left, again.left, equal_nan=True)
    more = office(stages=(Stage(name="desk", servers=9, seconds=Fixed(seconds=1)),))
    assert np.array_equal(first.arrived, run(more, SeedSequence(4)).arrived)
    assert not np.array_equal(first.arrived, run(office(), SeedSequence(5)).arrived)


def test_caught_mistakes_go_back_and_the_others_leave() -> None:
    """One in five is wrong, half of them are noticed: of a thousand a ninth leaves wrong (0.2 * 0.5 / (1 - 0.1))."""
    keying = Stage(name="keying", servers=50, seconds=Fixed(seconds=1), wrong=0.2)
    check = Stage(name="check", servers=50, seconds=Fixed(seconds=1), catches=0.5, back_to="keying")
    one = run(office(stages=(keying, check), arrivals=Arrivals(per_day=3000, **FLAT)), SeedSequence(6))
    assert one.wrong.mean() == pytest.approx(1 / 9, abs=0.006)  # 42,000 invoices: four standard errors
    assert one.busy["keying"] / one.arrived.size == pytest.approx(1 / 0.9, abs=0.01)


def test_only_the_share_that_needs_a_stage_goes_there() -> None:
    """A third of the invoices, within four standard errors."""
    review = Stage(name="review", servers=9, seconds=Fixed(seconds=1), share=1 / 3)
    one = run(office(stages=(review,), arrivals=Arrivals(per_day=1000, **FLAT)), SeedSequence(7))
    assert one.busy["review"] / one.arrived.size == pytest.approx(1 / 3, abs=0.016)


def test_the_working_clock_stands_still_at_weekends() -> None:
    """From Friday noon to Monday noon is one day."""
    friday, monday = 4.5 * 86_400, 7.5 * 86_400
    noon = working_time(np.array([friday, 5 * 86_400, 6.9 * 86_400, monday]), MONDAY)
    assert (noon - noon[0]).tolist() == [0, 43_200, 43_200, 86_400]
    from_wednesday = working_time(np.array([2.5 * 86_400, 5.5 * 86_400]), date(2026, 1, 7))
    assert from_wednesday[1] - from_wednesday[0] == 86_400
