"""The clients of the house."""

from decimal import Decimal

import pytest

from pipeline.house.errors import NotAllowed, UnknownClient
from pipeline.store.ledger import Ledger


def test_a_new_house_has_one_client(house):
    """Who works for one company need not know that there are clients."""
    assert [(one.id, one.active) for one in house.clients.all()] == [("main", True)]


def test_a_client_is_added_once_in_whatever_case(house):
    """Folders of some systems do not tell ACME from acme; so neither do clients."""
    assert house.clients.add("ACME", "Acme SARL", "root").name == "Acme SARL"
    with pytest.raises(NotAllowed):
        house.clients.add("acme", "Another", "root")


@pytest.mark.parametrize("name", ["", "*", "..", "a/b", "-x", "x" * 33, "é"])
def test_an_id_is_also_a_folder_name(house, name):
    """What could climb out of a folder or mean all clients is no id."""
    with pytest.raises(NotAllowed):
        house.clients.add(name, "Acme", "root")


def test_a_client_settles_its_own_rules(house, clock):
    """What it says counts, the rest follows the installation; the trail has before, after and why."""
    house.clients.add("ACME", "Acme", "root")
    assert house.clients.get("ACME").target_error(0.01) == 0.01
    house.clients.set_policy("ACME", {"four_eyes_amount": "5000", "target_error": 0.001}, "root", "contract")
    client = house.clients.get("ACME")
    assert client.policy.four_eyes_amount == Decimal(5000)
    assert client.target_error(0.01) == 0.001
    house.clients.set_policy("ACME", {"target_error": None}, "root")
    assert house.clients.get("ACME").target_error(0.01) == 0.01
    added, first, second = Ledger(house.database, clock).of("ACME").events()
    assert (added.kind, added.actor) == ("client_added", "root")
    said = {"four_eyes_amount": "5000", "target_error": 0.001}
    assert first.data == {"before": {}, "after": said, "why": "contract"}
    assert (second.data["before"], second.data["after"]) == (said, {"four_eyes_amount": "5000"})


@pytest.mark.parametrize(
    "changes", [{"sla_hours": -1}, {"no_such": 1}, {"double_keyed": ["nothing"]}, {"client_id": "x"}]
)
def test_an_impossible_rule_changes_nothing(house, changes):
    """A setting that does not exist, or a value that cannot be, is refused as a whole."""
    with pytest.raises(NotAllowed):
        house.clients.set_policy("main", changes, "root")
    assert house.clients.policy("main").model_fields_set == {"client_id"}


def test_a_closed_client_gets_no_more_work(house):
    """It stays known; the main one cannot be closed."""
    house.clients.add("ACME", "Acme", "root")
    house.clients.set_active("ACME", False, "root", "left us")
    assert not house.clients.get("ACME").active
    with pytest.raises(UnknownClient):
        house.clients.open_one("ACME")
    with pytest.raises(NotAllowed):
        house.clients.set_active("main", False, "root")


def test_an_unknown_client_is_told_apart(house):
    """Nothing is made up for a client that nobody added."""
    with pytest.raises(UnknownClient):
        house.clients.get("ACME")
