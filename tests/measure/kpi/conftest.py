"""A history on both databases."""

import pytest

from pipeline.measure.kpi.model import Prices, Scope
from tests.measure.kpi.history import History
from tests.posting.conftest import Shop


@pytest.fixture
def history(ledger, clock, tmp_path):
    history = History(Shop(ledger, clock, tmp_path))
    history.fill()
    return history


@pytest.fixture
def prices():
    return Prices(machine_hour="0.10", operator_hour="40", currency="EUR")


@pytest.fixture
def whole(history):
    """All of the history."""
    from datetime import timedelta

    now = history.clock.now()
    today = now.date()
    return Scope(clients=("main", "north"), first=today - timedelta(days=30), last=today, now=now)
