"""Many write to one chain at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.errors import StoreError
from pipeline.house.audit import verify
from pipeline.store import trail
from pipeline.store.ledger import open_ledger
from pipeline.store.tables import EventRow

WRITERS, EACH = 6, 10


def test_a_chain_does_not_fork(ledger, database_url, clock):
    """However many append, each event has exactly one before it."""

    def write(writer):
        with open_ledger(database_url, clock) as own:
            for number in range(EACH):
                with own.database.writing() as session:
                    trail.append(session, clock.now(), "noted", None, "main", str(writer), {"number": number})

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    found = verify(ledger.database, ())
    assert (found.events, found.faults) == (WRITERS * EACH, ())


def test_a_writer_who_does_not_keep_to_the_rules_is_refused(ledger, clock):
    """An event with a number that is taken is no event: the database itself says so."""
    with ledger.database.writing() as session:
        trail.append(session, clock.now(), "noted", None, "main", "anna", {})
    twin = {"at": clock.now(), "kind": "noted", "actor": "bob", "data": {}, "versions": {}, "previous": "", "hash": ""}

    def push():
        with ledger.database.reading() as session:
            session.add(EventRow(client_id="main", number=1, **twin))
            session.flush()

    with pytest.raises(StoreError, match="number"):
        push()


def test_a_transaction_that_fails_leaves_no_gap(ledger, clock):
    """The next event takes the number."""

    def fail():
        with ledger.database.writing() as session:
            trail.append(session, clock.now(), "noted", None, "main", "anna", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with ledger.database.writing() as session:
        trail.append(session, clock.now(), "noted", None, "main", "anna", {})
    assert verify(ledger.database, ()).faults == ()
