"""SIREN and SIRET among the identifiers of a party."""

import pytest
from lxml import etree

from pipeline.reading.einvoice.company import company_ids


def identifier(number: str, scheme: str | None = None) -> etree._Element:
    element = etree.Element("ID", {"schemeID": scheme} if scheme else {})
    element.text = number
    return element


@pytest.mark.parametrize(
    ("elements", "country", "expected"),
    [
        ([identifier("732829320", "0002")], None, ("732829320", None)),
        ([identifier("732 829 320 00074", "0009")], None, ("732829320", "73282932000074")),
        # a SIRET under the scheme of the SIREN, as many French senders write it
        ([identifier("73282932000074", "0002")], "FR", ("732829320", "73282932000074")),
        (
            [identifier("73282932000074", "0009"), identifier("732829320", "0002")],
            "FR",
            ("732829320", "73282932000074"),
        ),
        # a wrong check digit under the French scheme stays, for the rules to judge
        ([identifier("732829321", "0002")], "FR", ("732829321", None)),
        ([identifier("732829320")], "FR", ("732829320", None)),
        ([identifier("123456789")], "FR", (None, None)),
        ([identifier("732829320")], "DE", (None, None)),
        ([identifier("4333741000005", "0088")], "FR", (None, None)),
        ([], "FR", (None, None)),
    ],
)
def test_french_numbers_are_told_from_others(
    elements: list[etree._Element], country: str | None, expected: tuple[str | None, str | None]
) -> None:
    """By scheme, or for a French party by check digit; length tells SIREN from SIRET."""
    assert company_ids(elements, country) == expected
