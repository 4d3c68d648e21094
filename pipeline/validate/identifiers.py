"""Check digits and cross-checks of identifiers, by python-stdnum.

A wrong identifier of the seller or a wrong IBAN sends money or a posting astray: an error. The buyer is
ourselves: a warning.
"""

import re
from collections.abc import Iterator
from datetime import date

from stdnum import bic, iban
from stdnum.ch import uid
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as eu_vat
from stdnum.fr import siren, siret
from stdnum.gb import vat as british_vat
from stdnum.no import mva

from pipeline.validate.finding import Rule, error, info, warning
from schemas import FieldName, Finding, Invoice

_FRENCH_VAT_ID = re.compile(r"FR[0-9A-Z]{2}(?!000)(\d{9})", re.ASCII)
"""The last nine digits are the SIREN, except for Monaco (000...). Source: CGI art. 286 ter, VIES."""


_IBAN_TERRITORIES = {"FR": "GF GP MQ RE PF TF YT NC BL MF PM WF".split(), "GB": "IM JE GG".split()}
"""Territories with a country code of their own in the BIC, but not in the IBAN. Source: SWIFT IBAN registry."""


def plain(identifier: str | None) -> str:
    """An identifier without spaces and punctuation, in upper case; a missing one is empty."""
    return "".join(filter(str.isalnum, identifier or "")).upper()


def valid_vat_id(vat_id: str) -> bool | None:
    """Whether a VAT id has the form and check digits of its country (EU, GB, CH, NO); None for any other."""
    number = plain(vat_id)
    match number[:2]:
        case "GB":
            return bool(british_vat.is_valid(number))
        case "CH":
            return bool(swiss_vat.is_valid(number) or uid.is_valid(number))
        case "NO":
            return bool(mva.is_valid(number) or mva.is_valid(f"{number}MVA"))
        # EL is Greece; EU and IM are the one-stop shop of sellers outside the Union
        case country if country in {"EL", "EU", "IM"} or country.lower() in eu_vat.MEMBER_STATES:
            return bool(eu_vat.is_valid(number))
    return None


def siren_in_vat_id(vat_id: str | None) -> str | None:
    """The SIREN inside a French VAT id, or None."""
    match = _FRENCH_VAT_ID.fullmatch(plain(vat_id))
    return match[1] if match else None


def iban_check(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """The IBAN has the length, form and check digits of its country (ISO 13616)."""
    number = invoice.payment.iban
    if number and not iban.is_valid(plain(number)):
        yield error("iban", f"The IBAN {number} is wrong: its check digits or its length.", FieldName.IBAN)


def bic_check(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """The BIC is well-formed (ISO 9362) and of the IBAN's country; SEPA pays by IBAN alone."""
    code, number = plain(invoice.payment.bic), plain(invoice.payment.iban)
    if not code:
        return
    if not bic.is_valid(code):
        yield warning("bic", f"The BIC {invoice.payment.bic} is not well-formed.", FieldName.BIC)
    elif number and code[4:6] not in {number[:2], *_IBAN_TERRITORIES.get(number[:2], ())}:
        message = f"The BIC {code} is of country {code[4:6]}, the IBAN of country {number[:2]}."
        yield warning("bic-country", message, FieldName.BIC, FieldName.IBAN)


def siren_check(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """The seller's SIREN has nine digits and the right check digit (Luhn)."""
    number = invoice.seller.siren
    if number and not siren.is_valid(plain(number)):
        yield error("siren", f"The SIREN {number} has a wrong check digit or length.", FieldName.SELLER_SIREN)


def siret_check(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """The seller's SIRET has the right check digit (Luhn; La Poste its own) and begins with the SIREN."""
    number, company = plain(invoice.seller.siret), plain(invoice.seller.siren)
    if number and not siret.is_valid(number):
        message = f"The SIRET {invoice.seller.siret} has a wrong check digit or length."
        yield error("siret", message, FieldName.SELLER_SIRET)
    if number and company and not number.startswith(company):
        message = f"The SIRET {number} does not begin with the SIREN {company}."
        yield error("siret-siren", message, FieldName.SELLER_SIRET, FieldName.SELLER_SIREN)


def seller_vat_id_check(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """The seller's VAT id has the form and check digits of its country."""
    number = invoice.seller.vat_id
    if not number:
        return
    valid = valid_vat_id(number)
    if valid is None:
        message = f"The seller's VAT id {number} is of a country whose check digits are unknown here."
        yield info("vat-id-unchecked", message, FieldName.SELLER_VAT_ID)
    elif not valid:
        message = f"The seller's VAT id {number} has a wrong check digit or form."
        yield error("seller-vat-id", message, FieldName.SELLER_VAT_ID)


def buyer_vat_id_check(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """The buyer's VAT id has the form and check digits of its country."""
    number = invoice.buyer.vat_id
    if number and valid_vat_id(number) is False:
        message = f"The buyer's VAT id {number} has a wrong check digit or form."
        yield warning("buyer-vat-id", message, FieldName.BUYER_VAT_ID)


def vat_id_of_siren(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """A French seller's VAT id ends with its SIREN."""
    company = plain(invoice.seller.siren) or plain(invoice.seller.siret)[:9]
    inside = siren_in_vat_id(invoice.seller.vat_id)
    if company and inside and company != inside:
        message = f"The VAT id {invoice.seller.vat_id} belongs to SIREN {inside}, not to {company}."
        yield error("vat-id-siren", message, FieldName.SELLER_VAT_ID, FieldName.SELLER_SIREN)


def two_parties(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """Nobody sends an invoice to himself: one of two equal VAT ids was misread."""
    seller, buyer = plain(invoice.seller.vat_id), plain(invoice.buyer.vat_id)
    if seller and seller == buyer:
        message = f"Seller and buyer have the same VAT id {seller}."
        yield error("same-party", message, FieldName.SELLER_VAT_ID, FieldName.BUYER_VAT_ID)


RULES: tuple[Rule, ...] = (
    iban_check,
    bic_check,
    siren_check,
    siret_check,
    seller_vat_id_check,
    buyer_vat_id_check,
    vat_id_of_siren,
    two_parties,
)
