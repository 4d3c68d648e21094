"""Who is signed in, and for how long."""

import pytest
from sqlalchemy import select

from pipeline.house.sessions import IDLE, LIFE, csrf_token, is_csrf_token
from pipeline.store.house_tables import SessionRow
from schemas.people import Role

MINUTE = 60


@pytest.fixture
def token(house, anna):
    return house.sessions.open("anna")


def test_a_token_finds_its_user(house, token):
    """With the roles he has now."""
    assert house.sessions.find(token).user == "anna"
    assert house.sessions.find("nothing") is None
    assert house.sessions.find("") is None


def test_the_database_does_not_hold_the_token(house, token):
    """Who reads the database cannot sign in with what he reads."""
    with house.database.reading() as session:
        kept = session.scalar(select(SessionRow.token))
    assert kept != token
    assert house.sessions.find(kept) is None


def test_a_session_that_nobody_uses_is_over(house, clock, token):
    """Use keeps it open; the same time without use ends it."""
    for _ in range(3):
        clock.advance(IDLE.total_seconds() - MINUTE)
        assert house.sessions.find(token) is not None
    clock.advance(IDLE.total_seconds())
    assert house.sessions.find(token) is None


def test_a_session_ends_in_any_case(house, clock, token):
    """However busy it is."""
    for _ in range(int(LIFE.total_seconds() / (20 * MINUTE)) - 1):
        clock.advance(20 * MINUTE)
        assert house.sessions.find(token) is not None
    clock.advance(20 * MINUTE)
    assert house.sessions.find(token) is None


def test_a_rotated_token_is_over_at_once(house, token):
    """The new one goes on; a token that is no more gives none."""
    new = house.sessions.rotate(token)
    assert house.sessions.find(token) is None
    assert house.sessions.find(new).user == "anna"
    assert house.sessions.rotate(token) is None


def test_a_closed_session_is_over(house, token):
    """And only that one."""
    other = house.sessions.open("anna")
    house.sessions.close(token)
    assert house.sessions.find(token) is None
    assert house.sessions.find(other) is not None


def test_what_is_changed_about_a_user_ends_his_sessions(house, token):
    """A role taken or a user switched off is not waited out."""
    house.users.give_role("anna", "main", Role.OPERATOR, "root")
    assert house.sessions.find(token) is None
    again = house.sessions.open("anna")
    house.users.set_active("anna", False, "root")
    assert house.sessions.find(again) is None


def test_a_form_belongs_to_one_session(house, token):
    """The token of a form is good with its session only."""
    other = house.sessions.open("anna")
    assert is_csrf_token(csrf_token(token), token)
    assert not is_csrf_token(csrf_token(other), token)
    assert not is_csrf_token("é", token)
