"""Accounts at the desk: what the operator saw is posted and teaches, with the decision or not at all."""

from decimal import Decimal

import pytest

from pipeline.errors import StoreError
from pipeline.house.audit import verify
from pipeline.house.clients import Clients
from pipeline.posting.coding.at_desk import Bookkeepers
from pipeline.posting.coding.coders import Coders
from pipeline.posting.coding.plan import Plan, Rule
from pipeline.posting.coding.shelf import CodingShelf
from pipeline.posting.enqueue import put_job
from pipeline.posting.states import JobState
from pipeline.review.correct import NotReadable
from pipeline.review.desk import Desk
from pipeline.review.errors import AccountsMissing, ErrorsLeft, ItemNotFound
from pipeline.review.flow import State, Task
from pipeline.review.reasons import RejectReason
from schemas import FieldName, Review
from schemas.edits import CodeText, Edits, LineText, Typed
from schemas.people import Actor, Role
from tests.posting.conftest import OPERATOR, SUPERVISOR
from tests.posting.fakes import record
from tests.posting.made import line

LINES = (line("Ramette papier", "60"), line("Zorblatt", "40"))
CHOSEN = (
    CodeText(text="Ramette papier", account="6064", cost_centre="ADM"),
    CodeText(text="Zorblatt", account="606800"),
)
SECOND = Actor(user="sam", roles=SUPERVISOR.roles)
STRANGER = Actor(user="zoe", roles={"other": frozenset({Role.OPERATOR})})


@pytest.fixture
def coders(shop, tmp_path):
    return Coders(shop.database, shop.clock, tmp_path)


@pytest.fixture
def books(shop, coders):
    return Bookkeepers(coders, Clients(shop.database, shop.clock), "books")


@pytest.fixture
def desk(shop, books):
    return Desk(shop.database, shop.clock, to_post=put_job, bookkeeper_of=books.of)


@pytest.fixture
def shelf(shop):
    return CodingShelf(shop.database, shop.clock)


@pytest.fixture
def put(shop, books):
    """Let a doubtful invoice come in, judged as the machine judges it; gives its document."""

    def put(number: str = "FA-1", lines=LINES, **changes) -> str:
        made = record(number, **changes).model_copy(update={"lines": lines})
        findings = books.of("main").findings(made, "d", 1)
        reasons = tuple({"code": one.rule, "message": one.message} for one in findings)
        decision = Review(reasons=reasons or ({"code": "low-confidence", "message": "doubtful"},))
        return shop.pen.settle(number, "Martin", "main", decision, lines=lines, findings=findings, **changes)

    return put


def decide(desk, edits: Edits, actor=OPERATOR, note: str = ""):
    return desk.correct(actor, desk.claim_next(actor), edits, note)


def places(job) -> list[tuple[str, str | None]]:
    return [(one.account, one.cost_centre) for one in job.coding.lines]


def learned(shelf) -> set[tuple[str, str]]:
    return {(one.text, one.account) for one in shelf.history().entries}


def test_what_the_operator_left_is_what_the_job_is_posted_with(shop, desk, put, shelf):
    """No note is needed for doubt that a person has settled; it teaches, and the trail proves it."""
    document = put()
    done = decide(desk, Edits(coding=CHOSEN))
    assert done.row.state is State.APPROVED
    assert [one for one in done.final.findings if one.severity == "error"] == []
    job = shop.job(document)
    assert places(job) == [("606400", "ADM"), ("606800", None)]
    assert (job.coded_by, job.coding.confidence, job.coding.total) == ("anne", 1.0, Decimal("120.00"))
    assert learned(shelf) == {("Ramette papier", "606400"), ("Zorblatt", "606800")}
    (confirmed,) = [one for one in shop.ledger.events(document) if one.kind == "coding_confirmed"]
    assert (confirmed.actor, confirmed.data["accounts"]) == ("anne", ["606400", "606800"])
    (approved,) = [one for one in shop.ledger.events(document) if one.kind == "review_approved"]
    assert ["Zorblatt", "606300", "606800"] in approved.data["accounts"]
    assert verify(shop.database, ()).faults == ()


def test_a_later_plan_does_not_change_what_was_seen(shop, desk, put, shelf):
    """The poster sends the accounts of the decision, whatever a rule says by now."""
    document = put()
    decide(desk, Edits(coding=CHOSEN))
    shelf.put(Plan(rules=(Rule(account="601000"),), collective_account="401999"), "anna")
    (done,) = shop.post()
    assert done.state is JobState.POSTED
    assert places(shop.job(document)) == [("606400", "ADM"), ("606800", None)]


def test_the_next_invoice_of_the_supplier_is_surer(desk, put, books, shelf):
    """Confirmation by confirmation, until nobody has to look; untouched accounts that were shown count as well."""

    def sure() -> float:
        made = record("FA-99").model_copy(update={"lines": (LINES[1],)})
        (only,) = books.of("main").show(made, "x", 1).lines
        return only.confidence

    found = [sure()]
    for number in range(6):
        put(f"FA-{number}")
        decide(desk, Edits(coding=CHOSEN))
        found.append(sure())
    assert found == sorted(found)
    assert found[0] < 0.3 < found[1] < 0.8 <= found[-1]


def test_an_approval_to_which_no_accounts_were_shown_teaches_nothing(shop, desk, put, shelf):
    """It needs a word why, as for any rule, and the poster then takes what is proposed."""
    document = put()
    hold = desk.claim_next(OPERATOR)
    with pytest.raises(ErrorsLeft):
        desk.approve(OPERATOR, hold)
    desk.approve(OPERATOR, hold, "as always")
    assert (shop.job(document).coding, shop.job(document).coded_by) == (None, None)
    assert learned(shelf) == set()
    assert [one.state for one in shop.post()] == [JobState.POSTED]


def test_what_was_learned_since_is_no_doubt_any_more(shop, desk, put, shelf):
    """An invoice that was read before the accountant wrote his rule is approved without a note."""
    put()
    shelf.put(Plan(rules=(Rule(account="601000"),)), "anna")
    assert decide(desk, Edits()).row.state is State.APPROVED


@pytest.mark.parametrize(
    ("edits", "error"),
    [
        (Edits(coding=(CHOSEN[0], CodeText(text="Zorblatt", account="6O"))), NotReadable),
        (Edits(coding=(CHOSEN[0],)), AccountsMissing),
        (Edits(fields={FieldName.ISSUE_DATE: Typed(text="31/31/2026")}, coding=CHOSEN), NotReadable),
        (Edits(fields={FieldName.NET_TOTAL: Typed(text="7,00")}, coding=CHOSEN), ErrorsLeft),
    ],
)
def test_what_is_refused_leaves_nothing_half_done_and_keeps_what_was_typed(shop, desk, put, shelf, edits, error):
    """Neither job nor lesson; the draft has the accounts too."""
    put()
    hold = desk.claim_next(OPERATOR)
    with pytest.raises(error):
        desk.correct(OPERATOR, hold, edits)
    assert shop.postings.all() == ()
    assert learned(shelf) == set()
    item = desk.item(OPERATOR, hold.item_id)
    assert (item.row.state, item.typed) == (State.CLAIMED, edits)
    assert not [one for one in shop.ledger.events() if one.kind == "coding_confirmed"]


def test_a_decision_that_fails_at_its_end_teaches_nothing(shop, books, put, shelf):
    """Job, lesson and decision are one transaction."""
    put()

    def broken(session, at, cleared):
        put_job(session, at, cleared)
        raise StoreError("the disk is full")

    desk = Desk(shop.database, shop.clock, to_post=broken, bookkeeper_of=books.of)
    hold = desk.claim_next(OPERATOR)
    with pytest.raises(StoreError):
        desk.correct(OPERATOR, hold, Edits(coding=CHOSEN))
    assert learned(shelf) == set()
    assert desk.item(OPERATOR, hold.item_id).typed.coding == CHOSEN


def test_accounts_follow_the_lines_as_they_were_corrected(shop, desk, put, shelf):
    """A new description needs its own account; that of the old one does no harm."""
    document = put()
    lines = (LineText(description="Papier recyclé", quantity="1", unit_price="100", net_amount="100", tax_rate="20"),)
    hold = desk.claim_next(OPERATOR)
    with pytest.raises(AccountsMissing):
        desk.correct(OPERATOR, hold, Edits(lines=lines, coding=CHOSEN))
    chosen = (CodeText(text="Papier recyclé", account="606400"), *CHOSEN)
    desk.correct(OPERATOR, hold, Edits(lines=lines, coding=chosen))
    assert places(shop.job(document)) == [("606400", None)]
    assert learned(shelf) == {("Papier recyclé", "606400")}


def test_what_was_settled_before_for_the_invoice_is_replaced(shop, desk, put, shelf, coders):
    """As on the command line, so at the desk: an invoice teaches once."""
    document = put()
    made = desk.item(OPERATOR, desk.page(OPERATOR).rows[0].item_id).record
    shelf.confirm(coders.of("main").entries(made, f"{document}/1"), "anna", document)
    decide(desk, Edits(coding=CHOSEN))
    assert learned(shelf) == {("Ramette papier", "606400"), ("Zorblatt", "606800")}


def test_what_is_confirmed_after_the_decision_counts_while_nothing_was_sent(shop, desk, put, shelf, coders):
    """The newest word of a person is posted."""
    document = put()
    decide(desk, Edits(coding=CHOSEN))
    entries = coders.of("main").entries(record("FA-1").model_copy(update={"lines": LINES}), f"{document}/1")
    shelf.confirm([one._replace(account="607000", cost_centre=None) for one in entries], "anna", document)
    assert shop.job(document).coding is None
    shop.code = lambda record, client: coders.code(record, client, document, 1)
    assert [one.state for one in shop.post()] == [JobState.POSTED]
    assert places(shop.job(document)) == [("607000", None)]


class TestFourEyes:
    """Above the client's amount a second person sees the first one's accounts, and they teach at the end only."""

    @pytest.fixture(autouse=True)
    def above(self, shop):
        Clients(shop.database, shop.clock).set_policy("main", {"four_eyes_amount": "50"}, "root")

    def test_the_second_approves_what_the_first_chose(self, shop, desk, put, shelf):
        """Who approves without being shown them confirms nothing of his own: they stay the first one's."""
        document = put()
        passed = decide(desk, Edits(coding=CHOSEN))
        assert (passed.row.state, passed.row.task) == (State.ESCALATED, Task.SECOND)
        assert learned(shelf) == set()
        hold = desk.claim_next(SUPERVISOR)
        kept = desk.item(SUPERVISOR, hold.item_id).coding
        assert [(one.text, one.account) for one in kept] == [("Ramette papier", "606400"), ("Zorblatt", "606800")]
        desk.approve(SUPERVISOR, hold)
        assert places(shop.job(document)) == [("606400", "ADM"), ("606800", None)]
        assert shop.job(document).coded_by == "anne"

    def test_other_accounts_need_another_person(self, shop, desk, put, shelf):
        """The approver who changes them has worked on it himself."""
        document = put()
        decide(desk, Edits(coding=CHOSEN))
        other = (CodeText(account="607000"),)
        passed = decide(desk, Edits(coding=other), SUPERVISOR)
        assert passed.row.task is Task.SECOND
        assert desk.claim_next(SUPERVISOR) is None
        decide(desk, Edits(coding=desk.item(SECOND, passed.row.item_id).coding), SECOND)
        assert places(shop.job(document)) == [("607000", None)]
        assert shop.job(document).coded_by == "sam"
        assert {account for _, account in learned(shelf)} == {"607000"}

    def test_a_rejection_teaches_nothing(self, desk, put, shelf):
        """Whatever the first one chose."""
        put()
        decide(desk, Edits(coding=CHOSEN))
        desk.reject(SUPERVISOR, desk.claim_next(SUPERVISOR), RejectReason.NOT_OURS)
        assert learned(shelf) == set()


def test_who_keys_blind_sees_no_accounts_and_those_of_the_first_person_stay(shop, desk, put):
    """They are taught as his."""
    Clients(shop.database, shop.clock).set_policy("main", {"double_keyed": ["invoice_number"]}, "root")
    document = put()
    decide(desk, Edits(coding=CHOSEN))
    hold = desk.claim_next(SUPERVISOR)
    assert desk.item(SUPERVISOR, hold.item_id).coding is None
    desk.correct(SUPERVISOR, hold, Edits(fields={FieldName.INVOICE_NUMBER: Typed(text="FA-1")}))
    assert places(shop.job(document)) == [("606400", "ADM"), ("606800", None)]
    assert shop.job(document).coded_by == "anne"


def test_another_clients_accounts_teach_and_show_nothing(shop, desk, put, books, shelf):
    """Nor may a stranger settle any."""
    Clients(shop.database, shop.clock).add("other", "Other", "root")
    put()
    hold = desk.claim_next(OPERATOR)
    with pytest.raises(ItemNotFound):
        desk.correct(STRANGER, hold, Edits(coding=CHOSEN))
    chosen = (CodeText(account="606811", cost_centre="SECRET"),)
    desk.correct(OPERATOR, hold, Edits(coding=chosen))
    assert "606811" in books.of("main").accounts.names
    assert "606811" not in books.of("other").accounts.names
    assert books.of("other").accounts.centres == ()


def test_accounts_for_a_client_that_posts_nowhere_are_refused(shop, coders, put):
    """Not dropped in silence."""
    put()
    nowhere = Bookkeepers(coders, Clients(shop.database, shop.clock), None)
    desk = Desk(shop.database, shop.clock, to_post=put_job, bookkeeper_of=nowhere.of)
    hold = desk.claim_next(OPERATOR)
    with pytest.raises(AccountsMissing):
        desk.correct(OPERATOR, hold, Edits(coding=CHOSEN), "note")


def test_a_retry_that_codes_anew_still_has_the_accounts_of_the_person(shop, desk, put, coders):
    """They are in the history of this very invoice, and count as accepted."""
    document = put()
    decide(desk, Edits(coding=CHOSEN))
    shop.post("refused")
    shop.code = lambda record, client: coders.code(record, client, document, 1)
    shop.postings.retry(SUPERVISOR, shop.job(document).job_id)
    assert [one.state for one in shop.post()] == [JobState.POSTED]
    assert places(shop.job(document)) == [("606400", "ADM"), ("606800", None)]
