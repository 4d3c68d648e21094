"""A house on either database."""

import pytest

from pipeline.house.house import open_house


@pytest.fixture
def house(database_url, clock):
    with open_house(database_url, clock) as house:
        yield house


@pytest.fixture
def anna(house):
    """A user who has changed her password, and it."""
    first = house.users.add("Anna", "root")
    house.users.change_password("anna", first, "correct horse battery")
    return "correct horse battery"
