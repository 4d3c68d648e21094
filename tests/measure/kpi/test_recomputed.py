"""Every key figure is what the event table says, worked out in another way, on both databases."""

from datetime import timedelta

import pytest

from pipeline.measure.kpi.catalogue import KPIS
from pipeline.measure.kpi.measured import measure, rows_by
from pipeline.store import tallies
from tests.measure.kpi.by_hand import Events, by_hand


def measured(history, scope, prices):
    with history.shop.database.reading() as session:
        return {one.kpi.name: one for one in measure(session, scope, prices)}


def compared(history, scope, prices):
    found = measured(history, scope, prices)
    wanted = by_hand(Events(history.shop.database, scope.clients, scope.first, scope.last), prices, scope.now)
    assert found.keys() == wanted.keys()
    for name, slices in wanted.items():
        figures = {one.slice: (one.value, one.n, one.count) for one in found[name].figures}
        assert figures.keys() == slices.keys(), name
        for slice_, (value, n, count) in slices.items():
            assert figures[slice_][0] == pytest.approx(value, abs=2e-3 / max(n, 1)), (name, slice_)
            assert figures[slice_][1:] == (n, count), (name, slice_)
    return found


def test_every_figure_can_be_worked_out_from_the_events(history, whole, prices):
    """Of all clients and the whole time; and none of the figures is empty here."""
    found = compared(history, whole, prices)
    assert found.keys() == {kpi.name for kpi in KPIS}
    assert all(one.figures for one in found.values())


def test_asked_together_every_figure_is_what_its_own_query_gives(history, whole, prices):
    """The page asks for many in one query; the definition of each names its own. A part of the months too."""
    for days in (30, 2):
        scope = whole.model_copy(update={"first": whole.last - timedelta(days=days)})
        together = measured(history, scope, prices)
        with history.shop.database.reading() as session:
            for kpi in KPIS:
                rows = rows_by(session, kpi.query(scope))
                assert kpi.work(rows, prices) == together[kpi.name].figures, kpi.name


def test_a_period_and_a_client_narrow_every_figure(history, whole, prices):
    """One client's days without the last one, on which its samples were checked, and the other's."""
    last = whole.last - timedelta(days=1)
    compared(history, whole.model_copy(update={"clients": ("main",), "last": last}), prices)


def test_what_happened_is_what_is_counted(history, whole, prices):
    """The history's own numbers, as somebody would count them on paper."""
    found = measured(history, whole, prices)
    assert found["documents"].of("all").value == 12
    assert found["pages"].of("all").value == 24  # twelve records of two pages; the unreadable file has none
    assert (found["straight-through"].of().count, found["straight-through"].of().n) == (6, 13)
    assert (found["touch-rate"].of().count, found["touch-rate"].of().n) == (5, 13)
    assert found["operator-seconds"].of("review").value == 40.0
    assert (found["sla-breaches"].of().count, found["sla-breaches"].of().n) == (2, 5)
    assert [found["queue-age"].of(name).value for name in ("all", "late", "7 d")] == [2, 2, 2]
    assert (found["samples-wrong"].of().count, found["samples-wrong"].of().n) == (1, 2)
    assert found["duplicates"].of("value").value == 120.0
    assert found["duplicates"].of("seen again").value == 1
    assert (found["discounts"].of().count, found["discounts"].of().n) == (1, 2)
    assert found["discounts"].of("discount.kept EUR").value == 2.4
    assert found["refused"].of("too-large").value == 1
    assert found["cpu-seconds"].of().value == 1.75


def test_the_tallies_are_those_of_the_events_and_can_be_made_anew(history):
    """Kept step by step they are what the events add up to; a tally that was changed is found, and mended."""
    database = history.shop.database
    with database.writing() as session:
        connection = session.connection()
        assert tallies.differences(connection) == ()
        connection.exec_driver_sql("UPDATE tallies SET n = n + 1 WHERE measure = 'decided' AND client_id = 'main'")
        assert {one.key[1] for one in tallies.differences(connection)} == {"decided"}
        assert tallies.rebuild(connection) > 50
        assert tallies.differences(connection) == ()


def test_nothing_gives_no_figure_and_no_error(history, whole, prices):
    """A period before the first event has no rate, and an interval that says nothing."""
    before = whole.model_copy(
        update={"first": whole.first - timedelta(days=99), "last": whole.first - timedelta(days=90)}
    )
    found = measured(history, before, prices)
    assert found["touch-rate"].of().value is None
    assert (found["touch-rate"].of().low, found["touch-rate"].of().high) == (0.0, 1.0)
    assert found["straight-through"].figures == ()
