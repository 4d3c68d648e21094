"""The queue narrows by what is asked, pages without gaps, and tells who holds what."""

import re
from html import unescape

import pytest

from pipeline.web import queue
from tests.web.filled import SCRIPT, add_invoice


@pytest.fixture(scope="module")
def browser(home):
    add_invoice(home.services, "FA-77", seller="Papeterie Lafayette", gross="250.00")
    return home.browser("olga")


def sellers(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'<a href="/review/\d+[^"]*">([^<]*)</a>', page)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=fa-77", {"Papeterie Lafayette"}),
        ("seller=lafayette", {"Papeterie Lafayette"}),
        ("seller=FA-77", set()),
        ("amount=1000", {SCRIPT}),
        ("amount=200,00", {"Papeterie Lafayette", SCRIPT}),
        ("reason=low-confidence", {"Quincaillerie Martin", "Papeterie Lafayette", SCRIPT}),
        ("reason=unknown", set()),
        ("client=north", set()),
        ("show=postponed", set()),
        ("due=now", set()),
        ("due=week&after=nonsense&amount=much&show=whatever", {"Quincaillerie Martin", "Papeterie Lafayette", SCRIPT}),
    ],
)
def test_each_filter_narrows_and_nonsense_does_not(browser, query, expected):
    """In French notation, as the browser asks for it; another client's invoices never come."""
    page = browser.get(f"/queue?{query}", headers={"Accept-Language": "fr"}).text
    assert set(sellers(page)) == expected


def test_names_of_a_document_are_text(browser):
    """A script in a seller's name is shown, not run."""
    assert "<script>document" not in browser.get("/queue").text


def test_pages_follow_each_other_without_gap_or_repetition(browser, monkeypatch):
    """By the place of the last row, so that what comes in meanwhile moves nothing."""
    monkeypatch.setattr(queue, "ROWS", 1)
    seen, address = [], "/queue"
    while address:
        page = browser.get(address).text
        seen += re.findall(r'data-key="(\d+)"', page)
        more = re.search(r'href="([^"]*)" rel="next"', page)
        address = unescape(more[1]) if more else None
    assert len(seen) == 3
    assert len(set(seen)) == 3


def test_next_takes_an_item_and_opens_it_and_goes_back_when_there_is_none(home, browser):
    """The queue then says who holds it."""
    taken = browser.post("/queue/next", data={"q": "FA-77"})
    assert re.fullmatch(r"/review/\d+\?q=FA-77", taken.headers["location"])
    assert "by olga" in home.browser("sven").get("/queue?q=FA-77").text
    assert browser.post("/queue/next", data={"q": "FA-77"}).headers["location"] == "/queue?q=FA-77"


def test_the_next_one_is_of_the_queue_as_it_was_narrowed(home, browser):
    """Also from the review page; where nothing is left of it, the way leads back to the queue."""
    add_invoice(home.services, "FA-78", seller="Papeterie du Port")
    taken = browser.post("/review/next?q=papeterie+du&show=waiting").json()
    assert re.fullmatch(r"/review/\d+\?show=waiting&q=papeterie\+du", taken["url"])
    assert browser.post("/review/next?q=papeterie+du").json() == {"url": "/queue?q=papeterie+du"}


def test_reasons_are_said_in_words(browser):
    """In the rows and in the filter, in the person's language."""
    french = browser.get("/queue", headers={"Accept-Language": "fr"}).text
    assert "Lecture incertaine</td>" in french
    assert '<option value="seller-vat-id">N° de TVA du vendeur faux</option>' in french
    unknown = browser.get("/queue?reason=no-such-code").text
    assert '<option value="no-such-code" selected>no-such-code</option>' in unknown


def test_htmx_gets_the_rows_alone(browser):
    """And nothing of the frame around them."""
    part = browser.get("/queue", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="rows"')
    assert "<html" not in part
