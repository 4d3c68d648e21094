"""Values go into the database and come back as they were."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select

from pipeline.store.columns import Exact, Moment, PlainText

TABLE = Table(
    "values_of_all_kinds",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("money", Exact),
    Column("moment", Moment),
    Column("words", PlainText),
)
SINCE = datetime(1900, 1, 2, tzinfo=timezone(timedelta(hours=2)))
ON_ONE_DATABASE = hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def round_trip(database_url):
    """Write one value of a column and read it back."""
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    TABLE.create(engine)

    def round_trip(column, value):
        with engine.begin() as connection:
            key = connection.execute(insert(TABLE).values({column: value})).inserted_primary_key[0]
            return connection.execute(select(TABLE.c[column]).where(TABLE.c.id == key)).scalar_one()

    yield round_trip
    engine.dispose()


@ON_ONE_DATABASE
@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6) | st.decimals(-99, 99, places=2) | st.none())
def test_money_keeps_every_digit(round_trip, value):
    """An amount comes back equal and with the number of decimals it was written with."""
    found = round_trip("money", value)
    assert found == value
    assert value is None or found.as_tuple().exponent == value.as_tuple().exponent


@ON_ONE_DATABASE
@given(st.timedeltas(timedelta(0), timedelta(days=365 * 200)).map(lambda age: SINCE + age))
def test_a_moment_comes_back_in_utc(round_trip, value):
    """A time of any zone is the same instant in UTC, to the microsecond."""
    found = round_trip("moment", value)
    assert found == value
    assert found.tzinfo is UTC


@ON_ONE_DATABASE
@given(st.text())
def test_text_comes_back(round_trip, value):
    """Text is unchanged but for NUL, which no database may hold everywhere."""
    assert round_trip("words", value) == value.replace("\0", "\ufffd")


def test_a_naive_time_is_refused(round_trip):
    """A time without a zone is a mistake of the caller, not a time in UTC."""
    with pytest.raises(Exception, match="without a zone"):
        round_trip("moment", datetime(2026, 1, 1))  # noqa: DTZ001


def test_an_amount_is_never_a_float(round_trip):
    """What comes back is a Decimal."""
    assert isinstance(round_trip("money", Decimal("0.1")), Decimal)
