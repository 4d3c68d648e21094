"""The audit trail is tampered with for real, by somebody who may do everything in the database."""

import json
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text

from pipeline.errors import StoreError
from pipeline.house.anchors import anchor, read_anchors
from pipeline.house.audit import exported, verify
from pipeline.store import trail
from pipeline.store.trail import START, content, digest

EVENTS = 6


@pytest.fixture
def anchors(tmp_path):
    return tmp_path / "elsewhere" / "anchors.jsonl"


@pytest.fixture
def told(house, clock):
    """Events of two clients that took turns."""
    house.clients.add("ACME", "Acme", "root")
    with house.database.writing() as session:
        for number in range(EVENTS - 1):
            for client in ("main", "ACME"):
                data = {"before": None, "after": f"é{number}", "why": "\x00\udcff", "share": 0.1}
                trail.append(session, clock.now(), "noted", None, client, "anna", data, f"{client}\x00{number}")
        trail.append(session, clock.now(), "noted", None, "main", "anna", {})
    return house


@pytest.fixture
def tamper(database_url):
    """Run statements on the events, the guards taken away as their owner can."""
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))

    def run(*statements):
        with engine.begin() as connection:
            for guard in _GUARDS[engine.dialect.name]:
                connection.execute(text(guard))
            for statement, *values in statements:
                connection.execute(text(statement), *values)

    yield run
    engine.dispose()


_GUARDS = {
    "sqlite": ("DROP TRIGGER IF EXISTS events_no_update", "DROP TRIGGER IF EXISTS events_no_delete"),
    "postgresql": ("DROP TRIGGER IF EXISTS events_no_change ON events",),
}


def faults(house, anchors):
    return [(one.kind, one.client_id, one.number) for one in verify(house.database, read_anchors(anchors)).faults]


def test_an_untouched_trail_fits(told, anchors, clock):
    """Each client has a chain of its own, whatever text is in it, and all of it is anchored."""
    anchor(told.database, anchors, clock)
    found = verify(told.database, read_anchors(anchors))
    assert (found.faults, found.events, found.chains, found.anchored) == ((), 2 * EVENTS, 2, 2 * EVENTS)


def test_only_heads_that_moved_are_anchored_again(told, anchors, clock):
    """The file grows with the work, not with the batches."""
    assert {one.client_id for one in anchor(told.database, anchors, clock)} == {"main", "ACME"}
    assert anchor(told.database, anchors, clock) == ()
    told.clients.set_policy("ACME", {"sla_hours": 4}, "root")
    assert [(one.client_id, one.number) for one in anchor(told.database, anchors, clock)] == [("ACME", EVENTS + 1)]
    assert faults(told, anchors) == []


@pytest.mark.parametrize(
    "change", ["actor = 'bob'", "kind = 'x'", "data = '{}'", "arrival = NULL", "versions = '{}'", "previous = hash"]
)
def test_an_edited_event_is_found(told, anchors, tamper, change):
    """Whatever is changed of it."""
    tamper((f"UPDATE events SET {change} WHERE client_id = 'main' AND number = 3",))
    assert faults(told, anchors) == [("edited", "main", 3)]


def test_a_later_time_is_found(told, anchors, tamper):
    """An event that is made to have happened at another time."""
    with told.database.reading() as session:
        (at,) = session.execute(text("SELECT at FROM events WHERE client_id = 'ACME' AND number = 2")).one()
    other = at[:-1] + ("1" if at[-1] != "1" else "2") if isinstance(at, str) else at.replace(year=2001)
    tamper(("UPDATE events SET at = :at WHERE client_id = 'ACME' AND number = 2", {"at": other}))
    assert faults(told, anchors) == [("edited", "ACME", 2)]


def test_a_deleted_event_is_found(told, anchors, tamper):
    """In the middle of a chain; the other chain is as it was."""
    tamper(("DELETE FROM events WHERE client_id = 'main' AND number = 3",))
    assert faults(told, anchors) == [("deleted", "main", 3)]


def test_events_that_changed_places_are_found(told, anchors, tamper):
    """Two whole events swapped in the order in which they are shown, each with its own hash."""
    with told.database.reading() as session:
        query = text("SELECT id FROM events WHERE client_id = 'main' AND number IN (2, 3) ORDER BY number")
        first, second = session.scalars(query)
    swap = "UPDATE events SET id = :new WHERE id = :old"
    steps = ((-1, first), (first, second), (second, -1))
    tamper(*((swap, {"new": new, "old": old}) for new, old in steps))
    assert ("reordered", "main", 3) in faults(told, anchors)


def test_events_that_changed_numbers_are_found(told, anchors, tamper):
    """Two events that took each other's number in the chain."""
    move = "UPDATE events SET number = :new WHERE client_id = 'main' AND number = :old"
    tamper(*((move, {"new": new, "old": old}) for new, old in ((99, 2), (2, 3), (3, 99))))
    assert {("edited", "main", 2), ("edited", "main", 3)} <= set(faults(told, anchors))


def test_a_chain_that_was_cut_off_is_found_by_its_anchor(told, anchors, clock, tamper):
    """What is left fits in itself; the anchor knows that there was more."""
    anchor(told.database, anchors, clock)
    tamper((f"DELETE FROM events WHERE client_id = 'main' AND number > {EVENTS - 2}",))
    assert faults(told, anchors) == [("truncated", "main", EVENTS)]
    assert verify(told.database, ()).faults == ()


def test_a_chain_that_is_gone_is_found_by_its_anchor(told, anchors, clock, tamper):
    """Also when the whole client's events are."""
    anchor(told.database, anchors, clock)
    tamper(("DELETE FROM events WHERE client_id = 'ACME'",))
    assert faults(told, anchors) == [("truncated", "ACME", EVENTS)]


def test_a_chain_that_was_made_anew_is_found_by_its_anchor(told, anchors, clock, tamper):
    """Every hash fits again after a forger's work, but not the one that was written down."""
    anchor(told.database, anchors, clock)
    tamper(*_forged(told, "main", 2))
    assert faults(told, anchors) == [("rewritten", "main", EVENTS)]
    assert verify(told.database, ()).faults == ()


def _forged(house, client, at):
    """Statements that change an event and calculate every hash after it anew."""
    with _rows(house, client) as events:
        previous = START
        for event in events:
            event.actor = "mallory" if event.number == at else event.actor
            event.previous, event.hash = previous, None
            previous = event.hash = digest(content(event))
            change = "UPDATE events SET actor = :actor, previous = :previous, hash = :hash WHERE id = :id"
            yield (
                change,
                {"actor": event.actor, "previous": event.previous, "hash": event.hash, "id": event.id},
            )


@contextmanager
def _rows(house, client):
    from types import SimpleNamespace

    from sqlalchemy import select

    from pipeline.store.tables import EventRow

    query = select(*EventRow.__table__.columns).where(EventRow.client_id == client).order_by(EventRow.number)
    with house.database.reading() as session:
        rows = [SimpleNamespace(**row._mapping) for row in session.execute(query)]
    yield rows


def test_one_client_is_verified_by_itself(told, anchors, clock, tamper):
    """Faults and anchors of others do not count."""
    anchor(told.database, anchors, clock)
    tamper(("DELETE FROM events WHERE client_id = 'main' AND number = 3",))
    found = verify(told.database, read_anchors(anchors), "ACME")
    assert (found.faults, found.chains, found.events) == ((), 1, EVENTS)


def test_an_export_holds_the_chain(told):
    """Each line has all that its hash is over; a client's export has nothing of another."""
    lines = [json.loads(line) for line in exported(told.database, "ACME")]
    assert {line["client_id"] for line in lines} == {"ACME"}
    assert [line["number"] for line in lines] == list(range(1, EVENTS + 1))
    assert all(
        digest({name: value for name, value in line.items() if name != "hash"}) == line["hash"] for line in lines
    )


def test_damaged_anchors_are_told(told, anchors):
    """They are never passed over as if there were none."""
    anchors.parent.mkdir()
    anchors.write_text('{"at": "2026-\n')
    with pytest.raises(StoreError) as caught:
        read_anchors(anchors)
    assert caught.value.specific_code == "bad-anchors"


def test_a_last_line_that_was_not_written_to_its_end_is_written_anew(told, anchors, clock):
    """The machine stopped meanwhile: nobody has relied on it, and what stands before it counts."""
    first = anchor(told.database, anchors, clock)
    with anchors.open("ab") as file:
        file.write(b'{"at": "2026-')
    assert read_anchors(anchors) == first
    told.clients.set_policy("ACME", {"sla_hours": 4}, "root")
    moved = anchor(told.database, anchors, clock)
    assert read_anchors(anchors) == (*first, *moved)
