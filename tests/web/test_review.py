"""The review page's answers: what a person may see and do, checks while typing, conflicts told as such."""

import pytest

from pipeline.review.items import Hold
from pipeline.web.access import CSRF_HEADER, LANGUAGE
from schemas import FieldName
from tests.web.filled import add_invoice

ALLOWED = [("olga", 200), ("sven", 200), ("aude", 403), ("root", 403), ("nora", 404)]


@pytest.fixture
def item(home, request):
    """A fresh item of the main client."""
    return home.item(add_invoice(home.services, request.node.name))


@pytest.fixture
def olga(home):
    return home.browser("olga")


def claimed(browser, item):
    return browser.post(f"/review/{item}/claim").json()


def test_looking_takes_nothing_and_a_claim_gives_a_hold(home, olga, item):
    """A page that is only opened leaves the item to others."""
    assert olga.get(f"/review/{item}").status_code == 200
    assert home.services.desk.item(home.services.house.users.actor("sven"), item).row.holder is None
    assert Hold.model_validate(claimed(olga, item)).item_id == item


@pytest.mark.parametrize("user", ["nora", "carl"])
@pytest.mark.parametrize("path", ["", "/around", "/pages/1", "/pages/1.png"])
def test_an_item_of_another_client_does_not_exist(home, item, user, path):
    """No page, picture or table of it is shown."""
    assert home.browser(user).get(f"/review/{item}{path}").status_code == 404


@pytest.mark.parametrize(
    ("user", "status"), [("olga", 200), ("sven", 200), ("aude", 403), ("root", 403), ("nora", 404)]
)
def test_only_who_reviews_may_claim(home, item, user, status):
    """An auditor and an administrator look, others do not even that."""
    assert home.browser(user).post(f"/review/{item}/claim").status_code == status


def test_a_preview_tells_sums_findings_and_mistakes_and_keeps_nothing(home, olga, item):
    """What is typed is judged; the item stays as it is."""
    edits = {"fields": {"gross_total": {"text": "130.00"}, "due_date": {"text": "soon"}}}
    made = olga.post(f"/review/{item}/preview", json=edits).json()
    gross = next(one for one in made["sums"] if one["name"] == "gross")
    assert (gross["sum"], gross["stated"], gross["missing"], gross["fits"]) == ("120.00", "130.00", "10.00", False)
    assert [one["where"] for one in made["mistakes"]] == ["due_date"]
    assert "gross-total" in {one["rule"] for one in made["findings"]}
    assert made["changed"] is True
    assert home.services.desk.item(home.services.house.users.actor("olga"), item).typed is None


def test_figures_are_read_in_the_notation_of_the_persons_language(olga, item):
    """In French a comma marks decimals and a point groups thousands."""
    olga.cookies.set(LANGUAGE, "fr", domain="testserver.local")
    made = olga.post(f"/review/{item}/preview", json={"fields": {"gross_total": {"text": "1.200,50"}}}).json()
    assert next(one for one in made["sums"] if one["name"] == "gross")["stated"].replace("\u202f", " ") == "1 200,50"


def test_a_draft_comes_back_and_can_be_undone(olga, item):
    """Each save is a step."""
    for text in ("A-1", "A-2"):
        assert olga.post(f"/review/{item}/draft", json={"fields": {"po_number": {"text": text}}}).status_code == 204
    assert olga.post(f"/review/{item}/undo").json()["draft"]["fields"]["po_number"]["text"] == "A-1"
    assert olga.post(f"/review/{item}/undo").json()["draft"] is None


def test_who_comes_too_late_is_told_who_has_it_and_what_he_typed_is_kept(home, olga, item):
    """A hold from before proves nothing any more."""
    hold = claimed(olga, item)
    home.services.desk.release(home.services.house.users.actor("olga"), Hold.model_validate(hold))
    claimed(home.browser("sven"), item)
    edits = {"fields": {"po_number": {"text": "PO-9"}}}
    answer = olga.post(f"/review/{item}/decide", json={"hold": hold, "edits": edits})
    assert (answer.status_code, answer.json()["code"]) == (409, "review-taken")
    assert "sven" in answer.json()["message"]
    typed = home.services.desk.item(home.services.house.users.actor("olga"), item).typed
    assert typed.fields[FieldName.PO_NUMBER].text == "PO-9"


def test_an_error_left_needs_a_note(olga, item):
    """A total that does not add up is approved only with a reason."""
    act = {"hold": claimed(olga, item), "edits": {"fields": {"gross_total": {"text": "130.00"}}}}
    refused = olga.post(f"/review/{item}/decide", json=act)
    assert (refused.status_code, refused.json()["code"]) == (422, "review-errors-left")
    assert (
        olga.post(f"/review/{item}/decide", json={**act, "note": "Agreed by telephone."}).json()["state"] == "corrected"
    )


@pytest.mark.parametrize(
    ("act", "more", "state"),
    [
        ("decide", {}, "approved"),
        ("reject", {"reason": "duplicate"}, "rejected"),
        ("postpone", {"reason": "order-missing", "days": 2}, "postponed"),
        ("escalate", {"note": "May this be?"}, "escalated"),
    ],
)
def test_each_act_leads_to_its_state(home, olga, act, more, state):
    """With the hold of the claim."""
    item = home.item(add_invoice(home.services, f"act-{act}"))
    answer = olga.post(f"/review/{item}/{act}", json={"hold": claimed(olga, item), **more})
    assert answer.json() == {"state": state}


@pytest.mark.parametrize(("user", "status"), [("sven", 200), ("olga", 403), ("aude", 403), ("nora", 404)])
def test_a_supervisor_puts_an_item_ahead(home, item, user, status):
    """It is marked in the queue, and can be put back."""
    assert home.browser(user).post(f"/review/{item}/ahead", json={"ahead": True}).status_code == status
    row = home.services.desk.item(home.services.house.users.actor("sven"), item).row
    assert row.priority == int(status == 200)
    home.browser("sven").post(f"/review/{item}/ahead", json={"ahead": False})
    assert home.services.desk.item(home.services.house.users.actor("sven"), item).row.priority == 0


def test_a_hold_of_another_item_is_refused(home, olga, item):
    """The address and the hold must speak of the same item."""
    other = home.item(add_invoice(home.services, "another"))
    answer = olga.post(f"/review/{other}/decide", json={"hold": claimed(olga, item)})
    assert (answer.status_code, answer.json()["code"]) == (422, "review-wrong-move")


@pytest.mark.parametrize("act", ["claim", "draft", "preview", "undo", "decide", "take", "note"])
def test_no_act_without_the_form_token(olga, item, act):
    """Another site cannot make the browser act."""
    del olga.headers[CSRF_HEADER]
    answer = olga.post(f"/review/{item}/{act}", json={})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_nobody_signed_in_gets_401_as_json(home, item):
    """A script can tell it from a page."""
    home_page = home.client()
    assert home_page.post(f"/review/{item}/claim").status_code in (401, 403)


def test_nothing_that_is_keyed_blind_is_on_the_page(home):
    """Neither in the form nor in the data of the script, the preview or what lies around."""
    home.services.house.clients.set_policy("main", {"double_keyed": ["gross_total"]}, "test")
    try:
        item = home.item(add_invoice(home.services, "blind-1", gross="7788.99"))
        olga, sven = home.browser("olga"), home.browser("sven")
        olga.post(f"/review/{item}/decide", json={"hold": claimed(olga, item)})
        shown = [sven.get(f"/review/{item}{path}").text for path in ("", "/around")]
        shown.append(sven.post(f"/review/{item}/preview", json={}).text)
    finally:
        home.services.house.clients.set_policy("main", {"double_keyed": []}, "test")
    assert 'data-blind="gross_total"' in shown[0]
    assert not [text for text in shown if "7788" in text or "7,788" in text]


def test_the_same_invoice_from_another_document_is_set_beside_it(home, olga):
    """A decision that finds it again names it; only documents that are named are shown."""
    item = home.item(add_invoice(home.services, "single"))
    other = home.mine
    assert olga.get(f"/review/{item}/others/{other}/1.png").status_code == 404
