"""The accounts on the review page in a browser: shown, changed by keyboard, settled with the decision."""

import re

import pytest
from playwright.sync_api import Page, expect

from pipeline.posting.coding.shelf import CodingShelf
from pipeline.review.flow import State
from pipeline.web.catalogue import invoices_of
from tests.web.filled import add_invoice

CLIENT = "north"
"""The client of these tests; the others' invoices are only read."""


@pytest.fixture(scope="module", autouse=True)
def posting(served):
    served.services.house.clients.set_policy(CLIENT, {"posting_target": "books"}, "test")


@pytest.fixture
def look(page, enter, served):
    """Let an invoice come in, open it as somebody and wait until it is his; gives the page and the item."""

    def look(number: str, seller: str, user: str = "nora") -> tuple[Page, int]:
        given = {"seller": seller, "client": CLIENT, "vat_id": None, "reason": "coding-doubtful"}
        document = add_invoice(served.services, number, **given)
        item = invoices_of(served.services.database, document)[0].item_id
        enter(page, user)
        page.goto(f"/review/{item}")
        expect(page.locator("#approve")).to_be_enabled()
        return page, item

    return look


def account(page: Page, row: int = 0):
    return page.locator(f"[data-target='coding.{row}.account']")


def gone(page: Page, item: int) -> None:
    page.wait_for_url(lambda url: not url.rpartition("?")[0].endswith(f"/{item}") and not url.endswith(f"/{item}"))


def test_an_account_is_corrected_by_keyboard_posted_so_and_the_next_invoice_is_surer(look, served):
    """From the doubtful field to the account to the button; what the operator saw is what the job is posted with."""
    page, item = look("CD-1", "Visserie du Nord")
    panel = page.locator("#coding")
    expect(panel).to_have_class(re.compile("doubtful"))
    expect(panel).to_contain_text("usual for 'vis', not confirmed for this supplier yet")
    expect(page.locator("#in-invoice_number")).to_be_focused()
    page.keyboard.press("Enter")
    expect(account(page)).to_be_focused()
    page.keyboard.type("6068")
    expect(panel.locator(".rv-because")).to_contain_text("606800 Autres matières et fournitures")
    page.keyboard.press("Tab")
    page.keyboard.type("ATELIER")
    page.keyboard.press("Enter")
    expect(page.locator("#approve")).to_be_focused()
    page.keyboard.press("Enter")
    gone(page, item)
    done = served.services.desk.item(served.services.house.users.actor("nora"), item)
    assert done.row.state is State.APPROVED
    (job,) = [one.job for one in served.services.postings.all((CLIENT,)) if one.job.number == "CD-1"]
    assert [(line.account, line.cost_centre) for line in job.coding.lines] == [("606800", "ATELIER")]
    assert job.coded_by == "nora"
    page, item = look("CD-2", "Visserie du Nord")
    expect(account(page)).to_have_value("606800")
    expect(page.locator("[data-target='coding.0.cost_centre']")).to_have_value("ATELIER")
    expect(panel).to_contain_text("as in 1 of 1 confirmed before")
    once = panel.locator(".rv-sure").inner_text()
    page.keyboard.press("Control+Enter")
    gone(page, item)
    page, _ = look("CD-2B", "Visserie du Nord")
    expect(panel).to_contain_text("as in 2 of 2 confirmed before")
    assert percent(once) < percent(panel.locator(".rv-sure").inner_text())


def percent(text: str) -> float:
    return float(text.rstrip(" %").replace(",", "."))


def test_what_is_no_account_is_told_at_once_and_nothing_is_lost(look, served):
    """The page says so while it is typed; an approval is refused, the focus goes there, and the draft comes back."""
    page, item = look("CD-3", "Boulons Réunis")
    account(page).fill("6O63")
    expect(account(page)).to_have_attribute("aria-invalid", "")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#trouble")).to_contain_text("6O63")
    expect(account(page)).to_be_focused()
    expect(page.locator("#draft-said")).to_have_text("Draft saved")
    page.reload()
    expect(account(page)).to_have_value("6O63")
    assert served.services.desk.item(served.services.house.users.actor("nora"), item).row.state is State.CLAIMED
    assert not [
        one
        for one in CodingShelf(served.services.database, served.services.clock, CLIENT).history().entries
        if one.document.startswith(str(item))
    ]


def test_one_account_is_applied_to_all_lines_and_rows_follow_the_lines(look):
    """A new line has a row at once; what changed with the last key is looked at before it is approved."""
    page, item = look("CD-4", "Outils Martel")
    page.keyboard.press("Alt+l")
    page.keyboard.type("Transport")
    page.locator("[data-target='lines.0.net_amount']").fill("60")
    page.locator("[data-target='lines.1.net_amount']").fill("40")
    expect(account(page, 1)).to_have_value("624100")
    account(page, 1).fill("606300")
    page.keyboard.press("Alt+a")
    expect(account(page, 0)).to_have_value("606300")
    page.locator("[data-target='lines.1.description']").fill("Formation")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#trouble")).to_contain_text("The accounts have changed with the lines")
    expect(account(page, 1)).to_have_value("618500")
    page.keyboard.press("Control+Enter")
    gone(page, item)


def test_the_queue_leads_to_the_accounts(look, page):
    """The reason is a link to the panel, and the cursor is in it."""
    _, item = look("CD-5", "Quincaillerie Ouest")
    page.goto("/queue")
    page.locator(f"a[href='/review/{item}#to-coding']").click()
    expect(account(page)).to_be_focused()


def test_another_clients_accounts_are_never_shown(look, served, enter, page):
    """Nor has a client whose invoices are only read any panel."""
    _, item = look("CD-6", "Scierie Pin")
    account(page).fill("608999")
    page.keyboard.press("Control+Enter")
    gone(page, item)
    services = served.services
    services.house.clients.set_policy("main", {"posting_target": "books"}, "test")
    try:
        mine = invoices_of(services.database, add_invoice(services, "CD-7", seller="Scierie Pin"))[0].item_id
        enter(page, "olga")
        page.goto(f"/review/{mine}")
        expect(page.locator("#coding")).to_be_visible()
        expect(page.locator("#accounts option[value='606300']")).to_have_count(1)
        expect(page.locator("#accounts option[value='608999']")).to_have_count(0)
    finally:
        services.house.clients.set_policy("main", {"posting_target": None}, "test")
    page.reload()
    expect(page.locator("#approve")).to_be_enabled()
    expect(page.locator("#coding")).to_have_count(0)
