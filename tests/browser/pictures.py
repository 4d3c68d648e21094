"""Pictures of the pages for the documentation: `make pictures` writes them to docs/pictures/."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


@pytest.mark.parametrize(
    ("name", "user", "path"),
    [
        ("queue", "olga", "/queue"),
        ("supplier", "olga", "/suppliers/main/supplier?key=FR44732829320"),
        ("dashboard", "sven", "/dashboard"),
    ],
)
def test_picture(page: Page, enter, working, name, user, path):
    """One picture of the window; the fixture fails on whatever goes wrong in the page."""
    enter(page, user)
    page.goto(path)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def test_picture_of_a_document(page: Page, enter, working):
    """The fields with their evidence."""
    enter(page, "olga")
    page.goto("/documents?q=FA-2026-003")
    page.get_by_role("link", name="FA-2026-003").click()
    page.screenshot(path=PICTURES / "document.png")


def test_picture_of_the_queue_at_night_in_french(page: Page, enter, working):
    """The dark colours."""
    page.emulate_media(color_scheme="dark")
    enter(page, "olga")
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", name="File d'attente")).to_be_visible()
    page.keyboard.press("j")
    page.screenshot(path=PICTURES / "queue-fr-dark.png")
