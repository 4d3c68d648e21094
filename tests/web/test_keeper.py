"""What the server does beside its pages happens when there is reason to, and a failure of it stops nothing."""

from datetime import timedelta

import pytest

from pipeline.review.desk import Desk
from pipeline.review.reasons import RejectReason
from pipeline.web.keeper import ROUNDS_AT_MOST, Keeper
from pipeline.web.services import Services, open_services
from tests.web.filled import add_invoice

OPERATOR = "olga"


@pytest.fixture
def services(settings, clock) -> Services:
    with open_services(settings, clock) as services:
        yield services


@pytest.fixture
def calls():
    return []


@pytest.fixture
def keeper(services, calls):
    return Keeper(services, lambda: calls.append("learn"), lambda: calls.append("anchor"))


def decide(services, number: str) -> None:
    from schemas.people import Actor, Role

    add_invoice(services, number)
    olga = Actor(user=OPERATOR, roles={"main": frozenset({Role.OPERATOR})})
    hold = services.desk.claim_next(olga)
    services.desk.reject(olga, hold, RejectReason.DUPLICATE)


def test_it_learns_once_after_a_decision_and_not_again_until_the_next(services, keeper, calls):
    """Nothing is read again while nobody decides; within the hour the trail is anchored once."""
    keeper.round()
    assert calls == ["anchor"]
    decide(services, "FA-1")
    keeper.round()
    keeper.round()
    assert calls == ["anchor", "learn"]
    decide(services, "FA-2")
    keeper.round()
    assert calls == ["anchor", "learn", "learn"]


def test_what_could_not_be_done_is_tried_again_after_an_hour(services, calls):
    """And a failure does not keep the rest from being done."""

    def fail() -> None:
        calls.append("learn")
        raise OSError("no space left")

    keeper = Keeper(services, fail, lambda: calls.append("anchor"))
    decide(services, "FA-1")
    for _ in range(ROUNDS_AT_MOST + 1):
        keeper.round()
    assert calls == ["learn", "anchor"] * 2


def test_it_puts_back_what_a_lease_that_ran_out_has_kept(services, keeper, clock):
    """Nobody has to ask for the next item before it waits again."""
    from pipeline.review.flow import State
    from pipeline.review.items import Filters
    from schemas.people import Actor, Role

    olga = Actor(user=OPERATOR, roles={"main": frozenset({Role.OPERATOR})})
    add_invoice(services, "FA-1")
    services.desk.claim_next(olga)
    clock.advance(timedelta(minutes=services.settings.review.lease_minutes + 1).total_seconds())
    keeper.round()
    assert isinstance(services.desk, Desk)
    assert len(services.desk.page(olga, Filters(states=(State.WAITING,))).rows) == 1


def test_it_ends_with_its_block(services, keeper):
    """No thread is left behind."""
    with keeper:
        assert keeper._thread.is_alive()
    assert not keeper._thread.is_alive()
