from datetime import date
from decimal import Decimal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import OutcomeUnknown, TargetDown, TargetRefused
from pipeline.posting.tryton.notation import from_json, to_json

READ, WRITE = "model.account.invoice.search_read", "model.account.invoice.post"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.dates()
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text().filter(lambda key: key != "__class__"), inner),
    max_leaves=8,
)  # fmt: skip


@given(VALUES)
def test_values_come_back_as_they_were_sent(value):
    """Dates, amounts and bytes survive Tryton's notation."""
    assert from_json(to_json(value)) == value


def test_what_has_no_notation_is_not_sent():
    """A float is sent as JSON, an object of ours is an error, not some text."""
    with pytest.raises(TypeError, match="object has no notation"):
        to_json({"x": object()})


def test_calls_are_made_in_the_users_company(open_session, tryton):
    """The session logs in once, and knows the company of its user."""
    session = open_session()
    session.rows("account.invoice", [], ["id"])
    session.rows("account.invoice", [], ["id"])
    assert (tryton.sessions, session.company) == (1, 1)


def test_a_session_that_ran_out_is_opened_again(open_session, tryton):
    """Tryton answers 401 after some idle minutes; nothing was done then, so the call is made again."""
    session = open_session()
    session.rows("account.invoice", [], ["id"])
    tryton.expired = True
    assert session.rows("account.invoice", [], ["id"]) == []
    assert tryton.sessions == 2


def test_a_wrong_password_is_refused_and_says_where_it_is_set(open_session):
    """Trying again would only lock the user out."""
    with pytest.raises(TargetRefused) as caught:
        open_session("wrong").rows("account.invoice", [], ["id"])
    assert (caught.value.specific_code, caught.value.retryable) == ("log-in", False)
    assert "tryton.password" in caught.value.specific_remedy
    assert "wrong" not in str(caught.value)


def test_a_server_that_is_away_is_down_for_reading_and_writing(open_session, tryton):
    """Without a connection nothing was sent."""
    session = open_session()
    for call in (lambda: session.ask(READ, [], 0, None, None, []), lambda: session.tell(WRITE, [1])):
        tryton.fail[READ] = tryton.fail[WRITE] = [httpx.ConnectError("refused")]
        with pytest.raises(TargetDown):
            call()


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("late"), httpx.ReadError("reset"), 502, 504, 500])
def test_a_lost_answer_is_unknown_only_where_something_was_changed(open_session, tryton, lost):
    """A search may be repeated at once; after a lost answer to a posting Tryton has to be asked."""
    session = open_session()
    tryton.fail[READ], tryton.fail[WRITE] = [lost], [lost]
    with pytest.raises(TargetDown):
        session.ask(READ, [], 0, None, None, [])
    with pytest.raises(OutcomeUnknown):
        session.tell(WRITE, [1])


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_takes_no_requests_has_done_nothing(open_session, tryton, status):
    """These answers come before the work."""
    tryton.fail[WRITE] = [status]
    with pytest.raises(TargetDown):
        open_session().tell(WRITE, [1])


@pytest.mark.parametrize(
    ("error", "kind", "code", "said"),
    [
        (["UserError", ["No period.", "For 2019.", None]], TargetRefused, "target-refused", "No period. For 2019."),
        (["UserWarning", ["key", "Similar.", ""]], TargetRefused, "target-warns", "Similar."),
        (["ConcurrencyException", "busy"], TargetDown, "target-down", "Somebody else"),
        (["list index out of range", "Traceback…"], OutcomeUnknown, "outcome-unknown", "list index"),
    ],
)
def test_what_tryton_refuses_is_told_in_its_own_words(open_session, tryton, error, kind, code, said):
    """Errors for users and warnings go to a person with their text; what it broke on is asked for later."""
    tryton.fail[WRITE] = [error]
    with pytest.raises(kind) as caught:
        open_session().tell(WRITE, [1])
    assert caught.value.specific_code == code
    assert said in caught.value.message


def test_a_page_that_is_no_answer_is_not_taken_for_one(open_session, tryton):
    """A log-in page of a proxy comes with status 200 too."""
    session = open_session()
    assert session.company
    session._client._transport = httpx.MockTransport(lambda _: httpx.Response(200, text="<html>"))
    with pytest.raises(OutcomeUnknown):
        session.tell(WRITE, [1])


def test_dates_and_amounts_are_tryton_objects():
    """The notation is that of the server, to the letter."""
    assert to_json([Decimal("1.10"), date(2026, 3, 1)]) == (
        '[{"__class__":"Decimal","decimal":"1.10"},{"__class__":"date","year":2026,"month":3,"day":1}]'
    )
