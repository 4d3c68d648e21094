"""The pages around the review, in a browser: first start, queue by keyboard, administration, hostile documents."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.filled import PASSWORD, SCRIPT, add_invoice

HOSTILE_NAME = "shell-" + SCRIPT.replace("/", "∕")
PAGES = ["/queue", "/documents", "/suppliers", "/orders", "/dashboard", "/audit", "/admin", "/admin/clients"]


@pytest.fixture(scope="session")
def hostile(served) -> str:
    """A document whose names and file name are scripts."""
    return add_invoice(served.services, HOSTILE_NAME, SCRIPT)


def test_the_first_admin_chooses_his_own_password_and_makes_an_operator(page, served, context):
    """The password of the first start works once; the operator that he makes signs in and has to choose his own."""
    page.goto("/")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill(served.first_password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your password")).to_be_visible()
    change_password(page, served.first_password, "the admin's long password")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()

    page.get_by_role("link", name="Administration").click()
    page.get_by_label("Name").fill("Olivier")
    page.get_by_label("Role").select_option("operator")
    page.get_by_role("button", name="Add").click()
    password = page.locator("#password").inner_text()
    expect(page.get_by_role("heading", name="olivier")).to_be_visible()

    context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_label("Name").fill("olivier")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    change_password(page, password, "my own long password")
    expect(page.get_by_role("link", name="Administration")).to_have_count(0)


def test_a_wrong_password_is_told_in_words(page):
    """And the name stays; the right one opens the page that was asked for."""
    page.goto("/documents")
    page.get_by_label("Name").fill("olga")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Name and password do not fit.")
    expect(page.get_by_label("Name")).to_have_value("olga")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Documents")).to_be_visible()


def test_the_queue_is_walked_with_the_keyboard_alone(page, enter):
    """j and k move, / searches, Enter opens the row."""
    enter(page, "olga")
    page.keyboard.press("j")
    page.keyboard.press("j")
    rows = page.locator("tr[data-key]")
    expect(rows.nth(1)).to_have_class(re.compile("active"))
    page.keyboard.press("k")
    expect(rows.nth(0)).to_have_class(re.compile("active"))
    expect(rows.nth(0).get_by_role("link")).to_be_focused()
    key = rows.nth(0).get_attribute("data-key")
    page.keyboard.press("/")
    expect(page.get_by_label("Search: supplier, number, file")).to_be_focused()
    page.keyboard.type("Lafayette")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(3)
    page.goto("/queue")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/review/{key}")


def test_one_key_takes_the_next_and_others_see_it(page, enter, chromium, served):
    """n claims the most urgent free item; the queue of a colleague says by whom it is held."""
    enter(page, "olga")
    page.keyboard.press("n")
    page.wait_for_url("**/review/*")
    number = page.url.rpartition("/")[2]
    other = chromium.new_context(base_url=served.url).new_page()
    enter(other, "sven")
    expect(other.locator(f"tr[data-key='{number}']")).to_contain_text("by olga")
    other.context.close()


def test_a_refresh_keeps_the_row_that_is_active(page, enter):
    """htmx asks for the rows anew; the place of the person stays."""
    enter(page, "olga")
    page.keyboard.press("j")
    page.keyboard.press("j")
    active = page.locator("tr.active")
    key = active.get_attribute("data-key")
    with page.expect_response(lambda answer: "/queue" in answer.url):
        page.evaluate("htmx.trigger(document.body, 'refresh')")
    expect(active).to_have_attribute("data-key", key)
    expect(active.get_by_role("link")).to_be_focused()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_what_a_document_says(page, enter, hostile, path):
    """The names of a hostile invoice are text; the fixture fails on any script, dialog, outside request or refusal."""
    enter(page, "root")
    page.goto(path)
    expect(page.locator("main")).to_be_visible()
    assert "pwned" not in page.title()


def test_a_hostile_document_is_shown_as_text(page, enter, hostile):
    """In the list, on its page and in the queue; its original is saved, never shown."""
    enter(page, "olga")
    page.goto("/documents")
    page.get_by_role("link", name=HOSTILE_NAME).click()
    expect(page.get_by_role("cell", name=SCRIPT)).to_be_visible()
    assert "pwned" not in page.title().replace(HOSTILE_NAME, "")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the original").click()
    assert download.value.suggested_filename.endswith(".pdf")


def test_a_page_cannot_run_an_inline_script(page, enter):
    """The policy refuses it even if somebody got one into a page."""
    enter(page, "olga")
    policy = page.request.get("/queue").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_the_audit_trail_is_proved_in_place(page, enter):
    """The result comes into the page, where a screen reader hears it."""
    enter(page, "aude")
    page.get_by_role("link", name="Audit trail").click()
    page.get_by_role("button", name="Prove that nothing was changed").click()
    expect(page.locator("#proof")).to_contain_text("none changed")
    assert page.url.endswith("/audit")


def test_everything_has_a_name_for_a_screen_reader(page, enter):
    """Landmarks, one heading of the first order, a label for every field, headers for every table."""
    enter(page, "root")
    for path in [*PAGES, "/admin/users/olga", "/admin/clients/main", "/account/password"]:
        page.goto(path)
        expect(page.get_by_role("banner")).to_have_count(1)
        expect(page.get_by_role("main")).to_have_count(1)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        nameless = page.evaluate(
            """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a")]
            .filter((one) => !(one.labels?.length || one.textContent.trim() || one.ariaLabel))
            .map((one) => one.outerHTML)"""
        )
        assert nameless == [], path
        assert page.evaluate("document.querySelectorAll('table:not(:has(th))').length") == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, f"{path} is wider than the window"


def change_password(page: Page, old: str, new: str) -> None:
    page.get_by_label("Password until now").fill(old)
    page.get_by_label(re.compile("New password, at least")).fill(new)
    page.get_by_label("New password once more").fill(new)
    page.get_by_role("button", name="Change the password").click()


def test_the_language_is_switched_with_one_button(page, enter):
    """And back; dates and amounts go with it."""
    enter(page, "olga")
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", name="File d'attente")).to_be_visible()
    expect(page.locator("tbody")).to_contain_text("120,00 €")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
