"""Users, their passwords and their roles."""

import pytest
from sqlalchemy import select

from pipeline.house.errors import NotAllowed, SignInRefused, UnknownClient, UnknownUser
from pipeline.store.house_tables import UserRow
from schemas.people import HOUSE, Role


def test_the_first_start_makes_one_admin_with_a_one_time_password(house):
    """It is told once; until it is changed he may do nothing at all."""
    password = house.users.ensure_first_admin()
    assert house.users.ensure_first_admin() is None
    admin = house.users.actor("admin")
    assert admin.must_change_password
    assert not admin.may("administer", HOUSE)
    house.users.change_password("admin", password, "a longer one of my own")
    assert house.users.actor("admin").may("administer", "main")


def test_no_password_is_kept(house, anna):
    """The database has an argon2id hash."""
    with house.database.reading() as session:
        kept = session.scalar(select(UserRow.password))
    assert kept.startswith("$argon2id$")
    assert anna not in kept


@pytest.mark.parametrize("new", ["short", "x" * 257, "correct horse battery"])
def test_a_bad_new_password_is_refused(house, anna, new):
    """Too short, too long, or the old one."""
    with pytest.raises(NotAllowed):
        house.users.change_password("anna", anna, new)


def test_the_old_password_is_asked_for(house, anna):
    """Who sits down at somebody's open browser cannot take the user over."""
    with pytest.raises(SignInRefused):
        house.users.change_password("anna", "something else", "another long password")


@pytest.mark.parametrize("name", ["", "two words", "system", "x" * 65, "<b>"])
def test_a_name_is_plain(house, name):
    """It stands in file names, events and pages; nobody is called like the machine."""
    with pytest.raises(NotAllowed):
        house.users.add(name, "root")


def test_a_name_is_taken_once(house, anna):
    """Case makes no second user."""
    with pytest.raises(NotAllowed):
        house.users.add("ANNA", "root")


def test_roles_are_given_at_a_client(house, anna):
    """A role at one client opens no other; a role at all of them opens each."""
    house.clients.add("ACME", "Acme", "root")
    house.users.give_role("anna", "ACME", Role.OPERATOR, "root")
    house.users.give_role("anna", "ACME", Role.AUDITOR, "root")
    actor = house.users.actor("anna")
    assert actor.may("review", "ACME")
    assert actor.may("audit", "ACME")
    assert not actor.may("review", "main")
    assert not actor.may("review", HOUSE)
    house.users.take_role("anna", "ACME", Role.OPERATOR, "root")
    assert not house.users.actor("anna").may("review", "ACME")
    house.users.give_role("anna", HOUSE, Role.SUPERVISOR, "root")
    assert house.users.actor("anna").may("approve_second", "main")


def test_roles_are_not_given_into_the_blue(house, anna):
    """Neither at a client that is not there nor to somebody unknown; and none is taken that is not there."""
    with pytest.raises(UnknownClient):
        house.users.give_role("anna", "ACME", Role.OPERATOR, "root")
    with pytest.raises(UnknownUser):
        house.users.give_role("bob", "main", Role.OPERATOR, "root")
    with pytest.raises(NotAllowed):
        house.users.take_role("anna", "main", Role.OPERATOR, "root")


def test_who_is_switched_off_is_nobody(house, anna):
    """He acts no more until he is switched on again."""
    house.users.set_active("anna", False, "root")
    with pytest.raises(UnknownUser):
        house.users.actor("anna")
    house.users.set_active("anna", True, "root")
    assert house.users.actor("anna").user == "anna"
