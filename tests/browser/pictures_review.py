"""Pictures of the review page for the documentation, on a native PDF and on a scan: `make pictures`."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pictures import PICTURES
from tests.browser.test_review import NATIVE, SCAN, item_of, read  # noqa: F401 (fixtures)


@pytest.mark.parametrize(
    ("name", "document", "language"), [("review", NATIVE, "English"), ("review-fr", SCAN, "Français")]
)
def test_picture_of_the_review(page: Page, enter, read, item_of, name, document, language):  # noqa: F811
    """The page beside the form, the doubtful fields first."""
    enter(page, "sven")
    if language == "Français":
        page.get_by_role("button", name=language).click()
    page.goto(f"/review/{item_of(read[document])}")
    expect(page.locator("#boxes rect.active")).to_be_visible(timeout=60_000)
    expect(page.locator("#approve")).to_be_enabled()
    expect(page.locator("[data-sum=gross] dd")).not_to_be_empty()
    page.locator("#picture").evaluate("picture => picture.decode()")
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
