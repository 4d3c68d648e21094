"""The key figures stand on a page of their own, in the reader's language, of his clients alone."""

import csv
import io
import json

import pytest

from pipeline.web.access import LANGUAGE


def test_the_page_shows_the_figures_of_ones_own_clients(home):
    """Three invoices of one client were read, one of the other; each sees what is his."""
    mine, theirs = (home.browser(user).get("/dashboard/figures").text for user in ("olga", "nora"))
    assert "1 of 3" in mine
    assert "0 of 1" in theirs
    assert "Nordlys" not in mine


def test_another_client_than_ones_own_gives_no_figure(home):
    """Whoever asks for it by its name gets an empty page, not the figures."""
    page = home.browser("olga").get("/dashboard/figures?client=north").text
    assert "0 of 1" not in page
    assert "1 of 3" not in page


def test_the_page_is_in_french_for_who_reads_french(home):
    """Titles, definitions and numbers."""
    browser = home.browser("olga")
    browser.cookies.set(LANGUAGE, "fr", domain="testserver.local")
    page = browser.get("/dashboard/figures").text
    assert "Passées sans intervention" in page
    assert "33,3" in page
    assert "Key figures" not in page


def test_a_period_before_everything_is_empty(home):
    """No figure, and no error."""
    page = home.browser("olga").get("/dashboard/figures?first=2020-01-01&last=2020-01-31")
    assert page.status_code == 200
    assert "1 of 3" not in page.text


@pytest.mark.parametrize("kind", ["", ".csv", ".json"])
@pytest.mark.parametrize("period", ["first=0001-01-01", "last=0001-01-01", "first=9999-12-31&last=9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_any_other(home, period, kind):
    """They are told as the first or last day that is counted."""
    assert home.browser("olga").get(f"/dashboard/figures{kind}?{period}").status_code == 200


def test_the_figures_are_given_to_be_saved(home):
    """CSV and JSON with the same values, and the query in the JSON."""
    browser = home.browser("olga")
    rows = list(csv.DictReader(io.StringIO(browser.get("/dashboard/figures.csv?whole=true").text)))
    (through,) = [row for row in rows if row["kpi"] == "straight-through"]
    assert (through["count"], through["n"], through["clients"]) == ("1", "3", "main")
    told = json.loads(browser.get("/dashboard/figures.json?whole=true").text)
    (kpi,) = [one for one in told["kpis"] if one["name"] == "straight-through"]
    assert kpi["figures"][0]["count"] == 1
    assert "FROM tallies" in kpi["query"]


def test_a_hostile_supplier_stays_text(home):
    """A name with a script in it is shown, not run; and a spreadsheet takes no name for a formula."""
    browser = home.browser("olga")
    assert "<script>document" not in browser.get("/dashboard/figures").text
