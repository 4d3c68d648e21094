"""The door and its limit."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.house import passwords
from pipeline.house.errors import SignInRefused, TooManyAttempts
from pipeline.house.sign_in import PER_ADDRESS, PER_NAME, WINDOW
from pipeline.store.ledger import Ledger

WRONG = "not the password"


def knock(house, name, address="10.0.0.1", password=WRONG):
    try:
        return house.door.sign_in(name, password, address)
    except SignInRefused as error:
        return type(error)


def test_name_and_password_open_the_door(house, anna, clock):
    """The name in whatever case; it is an event."""
    token = house.door.sign_in("ANNA ", anna, "10.0.0.1")
    assert house.sessions.find(token).user == "anna"
    last = Ledger(house.database, clock).events(kind="signed_in")[-1]
    assert (last.actor, last.data) == ("anna", {"user": "anna", "address": "10.0.0.1"})


def test_a_refusal_does_not_say_why(house, anna):
    """Wrong password, unknown name and a user who is switched off get the same words."""
    house.users.add("bob", "root", anna)
    house.users.set_active("bob", False, "root")
    said = set()
    for name, password in (("anna", WRONG), ("nobody", anna), ("bob", anna)):
        with pytest.raises(SignInRefused) as caught:
            house.door.sign_in(name, password, "10.0.0.1")
        said.add((caught.type, caught.value.message))
    assert len(said) == 1


def test_an_unknown_name_costs_a_hash_too(house, anna, monkeypatch):
    """So the time does not tell who is a user."""
    looked_at = []
    fits = passwords.fits
    monkeypatch.setattr(passwords, "_nobodys", lambda: looked_at.append("nobody") or passwords._HASHER.hash("x"))
    assert not fits(WRONG, None)
    assert knock(house, "nobody") is SignInRefused
    assert looked_at == ["nobody", "nobody"]


@pytest.mark.parametrize("name", ["anna", "nobody"])
def test_a_name_is_not_guessed_on(house, anna, clock, name):
    """After so many failures not even the right password is looked at, from anywhere, until the time is over."""
    said = [knock(house, name, f"10.0.1.{number}") for number in range(PER_NAME + 1)]
    assert said == [SignInRefused] * PER_NAME + [TooManyAttempts]
    assert knock(house, name, "10.9.9.9", anna) is TooManyAttempts
    clock.advance(WINDOW.total_seconds())
    assert knock(house, name) is SignInRefused


def test_an_address_does_not_try_names(house, clock):
    """One guess a name is still many guesses."""
    said = [knock(house, f"user{number}") for number in range(PER_ADDRESS + 1)]
    assert said == [SignInRefused] * PER_ADDRESS + [TooManyAttempts]
    assert knock(house, "user0", "10.0.0.2") is SignInRefused


def test_success_forgets_ones_own_mistakes(house, anna):
    """Who mistypes now and then is not kept out in the end."""
    for _ in range(3):
        assert [knock(house, "anna") for _ in range(PER_NAME - 1)] == [SignInRefused] * (PER_NAME - 1)
        assert isinstance(knock(house, "anna", password=anna), str)


def test_many_at_once_get_no_further(house, anna):
    """Attempts are counted before they are looked at."""
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: knock(house, "anna"), range(3 * PER_NAME)))
    assert said.count(SignInRefused) == PER_NAME
