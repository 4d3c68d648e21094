"""Numbers of rows in addresses."""

import re

import pytest

TOO_LARGE = 2**63
"""More than any database numbers its rows with."""


def test_no_address_takes_a_number_that_no_row_can_have(home):
    """Whatever the page: the answer says so, and is no error of the server."""
    browser = home.browser("root")
    described = browser.app.openapi()["paths"]
    numbered = [
        (method, re.sub(r"\{(item_id|job_id|number)\}", str(TOO_LARGE), path))
        for path, methods in described.items()
        if "{item_id}" in path or "{job_id}" in path
        for method in methods
    ]
    assert len(numbered) > 15
    for method, path in numbered:
        answer = browser.request(method, re.sub(r"\{\w+\}", "main", path))
        assert 400 <= answer.status_code < 500, f"{method} {path}: {answer.status_code}"


@pytest.mark.parametrize("address", ["/audit?before={}", "/postings/main?after={}"])
def test_nor_does_a_query(home, address):
    """The same of where a list goes on."""
    assert 400 <= home.browser("root").get(address.format(TOO_LARGE)).status_code < 500
