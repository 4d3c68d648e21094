"""The mentions that French law asks of an invoice: which of them its pages do not print.

What is not printed is looked for in the record and, in spite of slips, in all the words; only where both are silent
is a mention missing. It never keeps an invoice from being posted: the seller is fined for it, not the buyer.
Discounts are not here: one that the page leaves out is a sum that does not hold, which `sums` reports.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files

import yaml
from pydantic import Field as Constraint
from pydantic import TypeAdapter

from pipeline.extract.layout import POSTCODE, lines_of
from pipeline.extract.parsing import find_dates
from pipeline.validate.identifiers import plain, siren_in_vat_id
from pipeline.validate.plain_text import PlainText, is_readable, plain_text, simplified
from schemas import DocumentType, FieldName, Finding, Page, Record, Severity
from schemas.base import Value

LEAST_WORDS, LEAST_CONFIDENCE = 25, 0.6
"""Pages with fewer words, or read worse on average, do not prove that something is not printed."""
SMALL_INVOICE = Decimal(150)
"""Net total up to which the VAT id may be left out. Source: CGI ann. II art. 242 nonies A, II."""

_FORMS = r"\b(?:sarl|eurl|sasu?|sa|snc|sca|scop|selarl|selas|selasu)\b"
_ANY_FORM = (
    rf"{_FORMS}|\b(?:sci|scs|sccv|scm|scp|gie|gaec|earl|ei|eirl|se|epic|societe|association|micro|auto ?entrepreneur"
    r"|entreprise individuelle|entrepreneur individuel|cooperative|mutuelle|etablissement public|gmbh|ltd|limited)\b"
)
_NUMBER = r"\d{3} ?\d{3} ?\d{3}"
_SIREN = re.compile(rf"(?<![\d.,])({_NUMBER})(?: ?\d{{5}})?(?![\d.,]*\d)")
_FRENCH_VAT_ID = re.compile(rf"\bfr ?[0-9a-z]{{2}} ?({_NUMBER})\b|\btva\b[^0-9]{{0,30}}\d{{2}} ?({_NUMBER})\b")
_FOREIGN_VAT_ID = (
    r"\b(?:atu|be|bg|cy|cz|de|dk|ee|el|es|fi|gb|hr|hu|ie|it|lt|lu|lv|mt|nl|pl|pt|ro|se|si|sk|che) ?[0-9a-z]?\d{6}"
)
_REVERSE_CHARGE = (
    r"\b283[ -]?[12]\b|due par (?:le preneur|l acquereur|le client|l acheteur)|reverse charge|directive 2006"
)

_RATE = r"\d ?%|\b(?:20|10)[.,]0|\b5[.,]5|\b2[.,]10?\b|\btva (?:\w+ ){0,2}(?:20|10)\b"


class Mention(Value):
    """One row of legal_mentions.yaml."""

    rule: str
    severity: Severity
    missing: str = Constraint(description="What the page does not print, as the object of a sentence.")
    law: str
    due: str
    fields: tuple[FieldName, ...] = ()
    shown: str = ""
    says: tuple[str, ...] = ()
    near: str = ""
    since: date = date.min


@dataclass(frozen=True)
class _Print:
    """A record, and the pages it was read from."""

    record: Record
    pages: tuple[Page, ...]
    text: PlainText

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(line.text for page in self.pages for line in lines_of(page))

    @cached_property
    def dates(self) -> set[date]:
        return {day for line in self.lines for day, _, _ in find_dates(line)}

    @cached_property
    def addresses(self) -> int:
        """How many postcodes with a place are printed; five digits from 000 on are the end of a SIRET."""
        found = (match[0] for line in self.lines for match in POSTCODE.finditer(line))
        return sum(not place.startswith("000") for place in found)

    @cached_property
    def seller_siren(self) -> str:
        known = plain(self.record.value(FieldName.SELLER_SIREN)) or plain(self.record.value(FieldName.SELLER_SIRET))[:9]
        return known or siren_in_vat_id(self.record.value(FieldName.SELLER_VAT_ID)) or ""

    @cached_property
    def vat_ids(self) -> set[str]:
        """The SIREN numbers inside of the French VAT ids that are printed."""
        return {plain(one or other) for one, other in _FRENCH_VAT_ID.findall(self.text.text)}

    @cached_property
    def sirens(self) -> set[str]:
        """The SIREN numbers that are printed: alone, or at the beginning of a SIRET."""
        return {plain(number) for number in _SIREN.findall(self.text.text)}

    def amount(self, name: FieldName) -> Decimal:
        return self.record.value(name) or Decimal(0)


def check_legal_mentions(record: Record, pages: Sequence[Page], notes: Sequence[str] = ()) -> tuple[Finding, ...]:
    """A finding, "info" or "warning", for each mention that a French seller's invoice does not print.

    `notes` are texts that an e-invoice holds beside its pages. Nothing is said of quotes, orders and what is not known
    to be an invoice, of sellers elsewhere, of pages that are read too badly, and of e-invoices without any page:
    EN 16931 rules judge those.
    """
    own = tuple(page for page in pages if page.number in record.pages) or tuple(pages)
    printed = _Print(record, own, plain_text(own, notes))
    kind = record.value(FieldName.DOC_TYPE)
    if kind is None or not DocumentType(kind).is_postable:
        return ()
    if not is_readable(own, LEAST_WORDS, LEAST_CONFIDENCE) or not _is_french(printed):
        return ()
    return tuple(_finding(mention) for mention in mentions() if _is_missing(mention, printed))


@cache
def mentions() -> tuple[Mention, ...]:
    """All mentions, in the order of the file."""
    text = files("pipeline.validate").joinpath("legal_mentions.yaml").read_text("utf-8")
    return TypeAdapter(tuple[Mention, ...]).validate_python(yaml.load(text, Loader=yaml.CSafeLoader))


def _finding(mention: Mention) -> Finding:
    message = f"The page does not print {mention.missing}; French law asks for it ({mention.law})."
    return Finding(rule=mention.rule, severity=mention.severity, message=message, fields=mention.fields)


def _is_missing(mention: Mention, printed: _Print) -> bool:
    if (printed.record.value(FieldName.ISSUE_DATE) or date.min) < mention.since or not DUE[mention.due](printed):
        return False
    is_shown = bool(mention.shown) and SHOWN[mention.shown](printed)
    return not (
        is_shown
        or any(printed.record.value(name) for name in mention.fields)
        or printed.text.says(mention.says, mention.near)
    )


def _is_french(printed: _Print) -> bool:
    """Whether the seller is in France: by VAT id, else by SIREN or SIRET, else by the address of a French text."""
    record = printed.record
    if vat_id := plain(record.value(FieldName.SELLER_VAT_ID)):
        return vat_id.startswith("FR")
    if printed.seller_siren:
        return True
    return record.language == "fr" and _has_french_address(printed)


def _has_french_address(printed: _Print) -> bool:
    """Whether a postcode of five digits follows on the seller's name, and nothing names another country's."""
    name = simplified(printed.record.value(FieldName.SELLER_NAME) or "").strip()
    if not name or printed.text.shows(_FOREIGN_VAT_ID):
        return False
    spots = (match.end() for match in re.finditer(re.escape(name), printed.text.text))
    return any(re.search(r"\b(?!00)\d{5} [a-z]", printed.text.text[spot : spot + 150]) for spot in spots)


def _is_payable(printed: _Print) -> bool:
    return bool(printed.record.value(FieldName.DOC_TYPE) != DocumentType.CREDIT_NOTE)


def _is_sale(printed: _Print) -> bool:
    return _is_payable(printed) and printed.record.value(FieldName.DOC_TYPE) != DocumentType.PREPAYMENT_INVOICE


def _is_taxed(printed: _Print) -> bool:
    return bool(printed.amount(FieldName.TAX_TOTAL))


def _is_untaxed(printed: _Print) -> bool:
    tax = printed.record.value(FieldName.TAX_TOTAL)
    return tax is not None and not tax and bool(printed.amount(FieldName.NET_TOTAL))


def _is_across_the_border(printed: _Print) -> bool:
    """Intra-Community supplies and services that the buyer in another country owes the VAT of."""
    is_domestic = printed.text.shows(r"\bnonies\b") or plain(printed.record.value(FieldName.BUYER_VAT_ID))[:2] == "FR"
    means = printed.text.shows(r"\b262 ?ter\b|livraisons? intra ?communautaire|\b283[ -]2\b|intra community supply")
    return _is_untaxed(printed) and means and not is_domestic


def _is_reverse_charge(printed: _Print) -> bool:
    by_category = any(row.category == "AE" for row in printed.record.vat_breakdown)
    by_words = printed.text.shows(_REVERSE_CHARGE) and not printed.text.shows(r"\b262 ?ter\b")
    return not _is_taxed(printed) and (by_category or by_words)


def _is_self_billed(printed: _Print) -> bool:
    by_type = printed.record.value(FieldName.DOC_TYPE) == DocumentType.SELF_BILLED_INVOICE
    return by_type or printed.text.shows(r"(?:facture|etablie|emise) (?:\w+ ){0,6}au nom et pour (?:le )?compte d")


def _is_company(printed: _Print) -> bool:
    """A company with a share capital, which its name tells."""
    return re.search(_FORMS, simplified(printed.record.value(FieldName.SELLER_NAME) or "")) is not None


def _is_french_buyer(printed: _Print) -> bool:
    return plain(printed.record.value(FieldName.BUYER_VAT_ID))[:2] in {"", "FR"} and not printed.text.shows(
        _FOREIGN_VAT_ID
    )


def _line_rates(printed: _Print) -> set[Decimal]:
    return {line.tax_rate for line in printed.record.lines if line.tax_rate}


def _sums_every_rate(printed: _Print) -> bool:
    return _line_rates(printed) <= {row.rate for row in printed.record.vat_breakdown if row.amount is not None}


def _shows_another_date(printed: _Print) -> bool:
    """A date that is neither of issue nor of payment may be anything, also the date of the sale."""
    return bool(printed.dates - {printed.record.value(name) for name in (FieldName.ISSUE_DATE, FieldName.DUE_DATE)})


_DELIVERED = r"\b(?:adresse|lieu|site) de livraison|\blivr(?:e|ee|es|aison) a\b"

DUE: dict[str, Callable[[_Print], bool]] = {
    "always": lambda _printed: True,
    "payable": _is_payable,
    "sale": _is_sale,
    "taxed": _is_taxed,
    "taxed_above_150": lambda printed: _is_taxed(printed) and abs(printed.amount(FieldName.NET_TOTAL)) > SMALL_INVOICE,
    "untaxed": _is_untaxed,
    "several_rates": lambda printed: len(_line_rates(printed)) > 1 and not printed.text.is_ocr,
    "across_the_border": _is_across_the_border,
    "reverse_charge": _is_reverse_charge,
    "self_billed": _is_self_billed,
    "margin_scheme": lambda printed: printed.text.shows(r"regime de la marge|tva sur (?:la )?marge|\b297 ?a\b"),
    "company": _is_company,
    "registered": lambda printed: printed.text.shows(r"\br ?c ?s\b|\bau capital de\b"),
    "french_buyer": _is_french_buyer,
    "delivered_elsewhere": lambda printed: printed.text.shows(_DELIVERED),
    "vat_on_debits": lambda printed: printed.text.shows(r"\b(?:tva|taxe) (?:\w+ ){0,5}debits\b"),
}
"""When a mention is asked for, by the name that the file uses."""

SHOWN: dict[str, Callable[[_Print], bool]] = {
    "an_address": lambda printed: printed.addresses > 0,
    "two_addresses": lambda printed: printed.addresses > 1,
    "a_quantity": lambda printed: any(line.quantity is not None for line in printed.record.lines),
    "a_unit_price": lambda printed: any(line.unit_price is not None for line in printed.record.lines),
    "a_sellers_vat_id": lambda printed: bool(printed.vat_ids - {_buyers_siren(printed)}),
    "a_buyers_vat_id": lambda printed: (
        printed.text.shows(_FOREIGN_VAT_ID) or bool(printed.vat_ids - {printed.seller_siren})
    ),
    # not by the record: a rate may be known from the amounts alone
    "a_vat_rate": lambda printed: printed.text.shows(_RATE),
    "a_date": lambda printed: bool(printed.dates),
    "another_date": _shows_another_date,
    "every_rate_summed": _sums_every_rate,
    "a_siren": lambda printed: bool(printed.sirens | printed.vat_ids) or printed.text.shows(r"\bsire[nt]\b"),
    "a_legal_form": lambda printed: printed.text.shows(_ANY_FORM),
    "a_buyers_siren": lambda printed: bool((printed.sirens | printed.vat_ids) - {printed.seller_siren}),
    "an_address_of_delivery": lambda printed: printed.text.shows(rf"(?:{_DELIVERED}).{{0,200}}?\b\d{{5}} [a-z]"),
}
"""How a mention is found that is neither a field nor a phrase, by the name that the file uses."""


def _buyers_siren(printed: _Print) -> str | None:
    return siren_in_vat_id(printed.record.value(FieldName.BUYER_VAT_ID))
