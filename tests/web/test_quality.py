"""The quality watch has a page; who may approve takes a limit back there, with a reason."""

import pytest

from pipeline.suppliers.limits import Limits


def held(home, supplier, client="main"):
    limits = Limits(home.services.database, home.services.clock, client)
    limits.tighten(supplier, f"Seller {supplier}", 0.003, "3 of 4 were wrong", (0, 0), "system")
    return limits


def test_a_supervisor_lets_a_supplier_go(home):
    """The page shows the limit with its reason; after the release there is a second version and no limit."""
    limits = held(home, "S1")
    browser = home.browser("sven")
    page = browser.get("/dashboard/quality").text
    assert "3 of 4 were wrong" in page
    assert "Take back" in page
    form = {"client": "main", "supplier": "S1", "why": "the layout was learned"}
    assert browser.post("/dashboard/quality/release", data=form).status_code == 303
    tight, taken_back = (one.target_error for one in limits.versions("S1"))
    assert (tight, taken_back) == (pytest.approx(0.0003), None)
    assert limits.versions("S1")[-1].by == "sven"
    assert "S1" not in limits.live()


def test_an_operator_sees_it_and_may_not_let_it_go(home):
    """No button, and no way around it; another client's limit is not even seen."""
    limits = held(home, "S2")
    held(home, "S3", client="north")
    browser = home.browser("olga")
    page = browser.get("/dashboard/quality").text
    assert "Seller S2" in page
    assert "Seller S3" not in page
    assert "/dashboard/quality/release" not in page
    form = {"client": "main", "supplier": "S2", "why": "no"}
    assert browser.post("/dashboard/quality/release", data=form).status_code == 404
    assert "S2" in limits.live()


def test_a_release_of_nothing_is_an_error(home):
    """A page that says so, and no version."""
    form = {"client": "main", "supplier": "nobody", "why": "slip"}
    assert home.browser("sven").post("/dashboard/quality/release", data=form).status_code >= 400
