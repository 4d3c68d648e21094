"""French company identifiers among the identifiers of a party."""

import re
from collections.abc import Iterable

from lxml import etree
from stdnum.fr import siren, siret

SIREN_SCHEME, SIRET_SCHEME = "0002", "0009"
"""ISO 6523 codes of the French register. Source: EN 16931, code list of BT-29-1 and BT-30-1."""


def company_ids(elements: Iterable[etree._Element], country: str | None) -> tuple[str | None, str | None]:
    """SIREN and SIRET of a party, from identifier elements with their `schemeID`, in order of preference.

    Length decides between the two, since senders mix up the schemes; a SIRET begins with the SIREN.
    A number without a scheme counts for a French party only, and with the right check digit: it may as well
    be a customer number.
    """
    numbers = [number for element in elements if (number := _french_number(element, country))]
    short = next((number for number in numbers if len(number) == 9), None)
    long = next((number for number in numbers if len(number) == 14), None)
    return short or (long[:9] if long else None), long


def _french_number(element: etree._Element, country: str | None) -> str | None:
    number = re.sub(r"[\s.]", "", element.text or "")
    if not re.fullmatch(r"\d{9}|\d{14}", number, re.ASCII):
        return None
    scheme = element.get("schemeID")
    if scheme is None:
        return number if country == "FR" and (siren.is_valid(number) or siret.is_valid(number)) else None
    return number if scheme in {SIREN_SCHEME, SIRET_SCHEME} else None
