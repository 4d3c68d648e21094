"""What the database has seen, on both kinds of database."""

from datetime import UTC, date, datetime, timedelta

from pipeline.measure.observed import machine_seconds, operator_seconds, received_by_day, reviewed, robot_seconds
from pipeline.store.tables import DocumentRow

EVENING = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def received(ledger, *moments):
    """Put documents into the table as if they had come in at these times."""
    with ledger.database.writing() as session:
        for number, at in enumerate(moments):
            session.add(
                DocumentRow(
                    id=f"{number:016d}",
                    sha256=f"{number:064d}",
                    file_name="a.pdf",
                    media_type="application/pdf",
                    size=1,
                    received_at=at,
                    state="received",
                )
            )


def test_documents_are_counted_by_client_and_utc_day(ledger):
    """Half an hour before and after midnight are two days, whatever the time zone of the database is."""
    received(ledger, EVENING, EVENING, EVENING + timedelta(hours=1))
    assert received_by_day(ledger.database) == {"main": {date(2026, 3, 1): 2, date(2026, 3, 2): 1}}
    assert received_by_day(ledger.database, "main", EVENING + timedelta(minutes=1)) == {"main": {date(2026, 3, 2): 1}}
    assert received_by_day(ledger.database, "nobody") == {}


def test_an_empty_house_has_seen_nothing(ledger):
    """No numbers are made up."""
    database = ledger.database
    assert (operator_seconds(database), machine_seconds(database), robot_seconds(database)) == ([], [], [])
    assert (reviewed(database).count, reviewed(database).of) == (0, 0)
