"""The answers of the review page on accounts: proposed and judged while one types, in the person's language."""

import pytest

from pipeline.web.access import LANGUAGE
from tests.web.filled import add_invoice


@pytest.fixture(scope="module", autouse=True)
def posting(home):
    """The client north posts somewhere; main's invoices are only read."""
    home.services.house.clients.set_policy("north", {"posting_target": "books"}, "test")


@pytest.fixture
def nora(home):
    return home.browser("nora")


@pytest.fixture
def item(home, request):
    return home.item(add_invoice(home.services, request.node.name, seller="Nordlys", client="north"))


def test_the_page_has_the_panel_with_the_known_accounts_and_the_preview_fills_it(nora, item):
    """A doubtful coding says so."""
    page = nora.get(f"/review/{item}").text
    assert 'id="coding"' in page
    assert '<option value="606300">Fournitures d&#39;entretien et petit équipement</option>' in page
    coding = nora.post(f"/review/{item}/preview", json={}).json()["coding"]
    (line,) = coding["lines"]
    assert (line["text"], line["account"], line["net"], line["doubtful"]) == ("Vis 4 x 40", "606300", "100.00", True)
    assert (coding["doubtful"], coding["trouble"]) == (True, "")
    assert coding["booked"][-1] == "401000 Fournisseurs"


def test_why_is_told_in_french(nora, item):
    """With the words of the line as they are."""
    nora.cookies.set(LANGUAGE, "fr", domain="testserver.local")
    (line,) = nora.post(f"/review/{item}/preview", json={}).json()["coding"]["lines"]
    assert line["because"].replace("\xa0", " ") == "usuel pour « vis », non confirmé pour ce fournisseur"


def test_what_is_no_account_is_a_mistake_of_its_place_and_refused_in_the_end(home, nora, item):
    """With what is typed kept, and the item undecided."""
    typed = {"coding": [{"text": "Vis 4 x 40", "account": "6O"}]}
    made = nora.post(f"/review/{item}/preview", json=typed).json()
    assert [one["where"] for one in made["mistakes"]] == ["coding.0.account"]
    assert made["coding"]["lines"][0]["wrong"] == "An account, such as 606400."
    act = {"hold": nora.post(f"/review/{item}/claim").json(), "edits": typed}
    refused = nora.post(f"/review/{item}/decide", json=act)
    assert (refused.status_code, refused.json()["code"]) == (422, "typed-unreadable")
    kept = home.services.desk.item(home.services.house.users.actor("nora"), item)
    assert kept.typed.coding[0].account == "6O"


def test_sums_that_cannot_be_booked_are_told_in_the_panel_and_as_a_finding_that_goes_when_they_are_mended(nora, item):
    """What the rules said when the document was read counts no more."""
    made = nora.post(f"/review/{item}/preview", json={"fields": {"gross_total": {"text": "130.00"}}}).json()
    assert "130.00" in made["coding"]["trouble"]
    assert "not-bookable" in {one["rule"] for one in made["findings"]}
    mended = nora.post(f"/review/{item}/preview", json={}).json()
    assert "not-bookable" not in {one["rule"] for one in mended["findings"]}


def test_a_decided_item_shows_what_was_settled(nora, item):
    """With the person's word, and nothing doubtful."""
    act = {"hold": nora.post(f"/review/{item}/claim").json(), "edits": {"coding": [{"account": "6068"}]}}
    assert nora.post(f"/review/{item}/decide", json=act).json() == {"state": "approved"}
    coding = nora.post(f"/review/{item}/preview", json={}).json()["coding"]
    assert [one["account"] for one in coding["lines"]] == ["606800"]
    assert coding["lines"][0]["because"] == "settled by a person for this invoice"
    assert "accounts settled" in nora.get(f"/review/{item}/around").text


@pytest.mark.parametrize(("user", "status"), [("olga", 404), ("aude", 404), ("nora", 200)])
def test_accounts_are_the_clients_own(home, item, user, status):
    """Whoever may not see the item sees none of its accounts."""
    assert home.browser(user).post(f"/review/{item}/preview", json={}).status_code == status


def test_a_client_that_posts_nowhere_has_no_panel(home):
    """Its invoices are read and nothing more."""
    mine = home.item(add_invoice(home.services, "no-panel"))
    olga = home.browser("olga")
    assert 'id="coding"' not in olga.get(f"/review/{mine}").text
    assert olga.post(f"/review/{mine}/preview", json={}).json()["coding"] is None
