"""From pages to a record: the table of contents of extraction."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import product
from typing import Any, NamedTuple

from pipeline import __version__
from pipeline.extract.adding_up import proof_of
from pipeline.extract.candidates import Sheet, survey
from pipeline.extract.confidence import confidence_of
from pipeline.extract.dates import choose_dates
from pipeline.extract.document_type import language_of, type_in
from pipeline.extract.line_items import extract_lines, mark_tax_inclusive
from pipeline.extract.parties import choose_parties
from pipeline.extract.propose import propose
from pipeline.extract.repairs import with_repairs
from pipeline.extract.scoring.scorer import current_scorer
from pipeline.extract.scoring.surroundings import Surroundings
from pipeline.extract.tax_ids import propose_tax_ids
from pipeline.extract.totals import Totals, choose_totals
from pipeline.extract.vat_table import extract_vat_breakdown, with_bases
from pipeline.extract.views import Proposals, merge_views
from schemas import (
    FIELD_TERMS,
    Candidate,
    DocumentType,
    EInvoice,
    Evidence,
    EvidenceKind,
    Field,
    FieldName,
    FieldStatus,
    Invoice,
    InvoiceLine,
    Page,
    Record,
    VatBreakdown,
)
from schemas.field import missing

READER = f"extract {__version__}"
LEAST_NAMED = 0.5
"""The score of an invoice number whose label is believed against a title."""
_REFERRED_TO = frozenset((DocumentType.QUOTE.value, DocumentType.ORDER.value, DocumentType.DELIVERY_NOTE.value))
"""Papers that invoices refer to by number."""
XML_CONFIDENCE = 0.99
"""An e-invoice says what its sender's software meant; the rules catch what it got wrong."""


Recall = Callable[[Proposals, Sheet], Proposals]
"""Puts candidates in the light of what is known of their supplier, as `pipeline.suppliers.known.Known.recall`."""


def as_they_are(proposals: Proposals, _: Sheet) -> Proposals:
    """Nothing is known of any supplier."""
    return proposals


def extract_record(*views: Sequence[Page], recall: Recall = as_they_are) -> Record:
    """Read one invoice from its pages: propose candidates for every field, and choose so that the sums hold.

    Each view is the same pages as another reader saw them; a value that several saw has them all as witnesses.
    """
    month_first = all(_is_american(pages) for pages in views)  # a speck can look like a dollar to one reader
    seen = tuple(_see(pages, month_first) for pages in views)
    sheets = tuple(view.sheet for view in seen)
    proposals = merge_views([recall(_propose(view), view.sheet) for view in seen])
    figures = _figures(proposals, seen)
    fields = {name: _chosen(name, options) for name, options in _choose(proposals, sheets, recall).items()}
    fields |= with_repairs(_total_fields(figures.totals))
    return Record(
        fields=_with_unread_labels(_with_type_of_number(_with_derived(fields)), sheets),
        vat_breakdown=figures.taxes,
        lines=mark_tax_inclusive(
            figures.lines, _value(fields, FieldName.NET_TOTAL), _value(fields, FieldName.GROSS_TOTAL)
        ),
        pages=tuple(page.number for page in views[0]),
        language=language_of(sheets[-1]),
    )


class _View(NamedTuple):
    """One reader's pages: what stands on them, and the lines and the VAT recap."""

    sheet: Sheet
    lines: tuple[InvoiceLine, ...]
    recap: tuple[VatBreakdown, ...]


def _see(pages: Sequence[Page], month_first: bool) -> _View:
    sheet = survey(pages, prefer_month_first=month_first)
    return _View(sheet, extract_lines(pages), extract_vat_breakdown(pages))


def _propose(view: _View) -> Proposals:
    """Candidates of all fields but the tax ids, which depend on who is seller and buyer, scored by the model."""
    proof = proof_of(view.lines, with_bases(view.recap, view.lines))
    return current_scorer().rescore(propose(view.sheet), Surroundings(view.sheet, proof))


class _Figures(NamedTuple):
    """Totals, lines and VAT recap, which belong together."""

    totals: Totals
    lines: tuple[InvoiceLine, ...]
    taxes: tuple[VatBreakdown, ...]


def _figures(proposals: Proposals, views: Sequence[_View]) -> _Figures:
    """The lines and the VAT recap of the view whose figures fit the totals best; of equals the last view's."""
    sheets = [view.sheet for view in views]
    options = []
    later_first = tuple(reversed(views))
    # what two readers saw alike is put together once
    lines_seen = dict.fromkeys(view.lines for view in later_first)
    recaps_seen = dict.fromkeys(view.recap for view in later_first)
    for lines, recap in product(lines_seen, recaps_seen):
        taxes = with_bases(recap, lines)
        options.append(_Figures(choose_totals(proposals, lines, taxes, sheets), lines, taxes))
    return max(options, key=lambda option: option.totals.worth)


def record_of(e_invoice: EInvoice, pages: Sequence[Page] = ()) -> Record:
    """The record of an electronic invoice: what its XML says is what it is."""
    invoice = e_invoice.invoice
    witness = Evidence(kind=EvidenceKind.XML, detail=f"{e_invoice.syntax} {e_invoice.profile}".strip())
    fields = {
        name: Field(
            name=name,
            value=value,
            raw=str(value),
            confidence=XML_CONFIDENCE,
            evidence=(witness,),
            reader=f"einvoice {__version__}",
        )
        for name, term in FIELD_TERMS.items()
        if (value := _at_path(invoice, term.path)) is not None
    }
    return Record(
        fields=fields,
        vat_breakdown=invoice.vat_breakdown,
        lines=invoice.lines,
        pages=tuple(page.number for page in pages),
    )


def _at_path(invoice: Invoice, path: str) -> object:
    return reduce(getattr, path.split("."), invoice)


def _is_american(pages: Sequence[Page]) -> bool:
    """Whether dates probably put the month first: dollars, more of them than pounds, and no euros."""
    text = " ".join(word.text for page in pages for word in page.words)
    dollars, pounds, euros = (sum(map(text.count, signs)) for signs in (("$", "USD"), ("£", "GBP"), ("€", "EUR")))
    return dollars > pounds and not euros


def _choose(proposals: Proposals, sheets: Sequence[Sheet], recall: Recall) -> Proposals:
    """The candidates of all fields but the totals, the chosen one first."""
    parties = choose_parties(proposals)
    seller, buyer = (next(iter(parties[name]), None) for name in (FieldName.SELLER_NAME, FieldName.BUYER_NAME))
    tax_ids = merge_views([recall(propose_tax_ids(sheet, seller, buyer), sheet) for sheet in sheets])
    return _without_clashes({**proposals, **choose_dates(proposals), **parties, **tax_ids})


def _without_clashes(proposals: Proposals) -> Proposals:
    """A number that is the invoice's own is not the order's or the preceding invoice's too."""
    number = next(iter(proposals[FieldName.INVOICE_NUMBER]), None)
    taken = {number.value} if number else set()
    return {
        name: tuple(c for c in options if c.value not in taken)
        if name in (FieldName.PO_NUMBER, FieldName.PRECEDING_INVOICE)
        else options
        for name, options in proposals.items()
    }


def _chosen(name: FieldName, options: tuple[Candidate, ...]) -> Field:
    """The best candidate as a field, with the others as its rivals."""
    if not options or options[0].score < current_scorer().least_of(name):
        return missing(name, options)
    best, *others = options
    return _field(best, tuple(others))


def _field(best: Candidate, rivals: tuple[Candidate, ...]) -> Field:
    return Field(
        name=best.name,
        value=best.value,
        raw=best.raw,
        page=best.page,
        box=best.box,
        score=best.score,
        confidence=confidence_of(best, rivals),
        evidence=best.evidence,
        rivals=rivals,
        reader=READER,
    )


def _total_fields(totals: Totals) -> dict[FieldName, Field]:
    return {
        name: _field(chosen, tuple(c for c in totals.rivals.get(name, ()) if c.value != chosen.value))
        for name, chosen in totals.chosen.items()
    } | {name: missing(name, rivals) for name, rivals in totals.rivals.items() if name not in totals.chosen}


def _value(fields: Mapping[FieldName, Field], name: FieldName) -> Any:
    return fields[name].value if name in fields else None


def _with_derived(fields: dict[FieldName, Field]) -> dict[FieldName, Field]:
    """Fill what follows from other fields: the SIREN from SIRET or VAT id, the type from the number's label."""
    derived = dict(fields)
    vat_id, siret = _value(fields, FieldName.SELLER_VAT_ID), _value(fields, FieldName.SELLER_SIRET)
    if _value(fields, FieldName.SELLER_SIREN) is None:
        if siret:
            derived[FieldName.SELLER_SIREN] = _from(
                fields, FieldName.SELLER_SIRET, FieldName.SELLER_SIREN, str(siret)[:9]
            )
        elif str(vat_id or "").startswith("FR") and len(str(vat_id)) == 13:
            derived[FieldName.SELLER_SIREN] = _from(
                fields, FieldName.SELLER_VAT_ID, FieldName.SELLER_SIREN, str(vat_id)[4:]
            )
    number = fields[FieldName.INVOICE_NUMBER]
    if _value(fields, FieldName.DOC_TYPE) is None and number.status is FieldStatus.READ and number.confidence > 0.7:
        named = type_in(_label_of(number)) or DocumentType.INVOICE
        derived[FieldName.DOC_TYPE] = _from(fields, FieldName.INVOICE_NUMBER, FieldName.DOC_TYPE, named.value)
    return derived


def _with_type_of_number(fields: dict[FieldName, Field]) -> dict[FieldName, Field]:
    """An "Invoice number" makes an invoice, though the page may print the number of a quote or a delivery note."""
    kind, number = fields[FieldName.DOC_TYPE], fields[FieldName.INVOICE_NUMBER]
    named = type_in(_label_of(number))
    if kind.value not in _REFERRED_TO or named is None or not named.is_postable or number.score < LEAST_NAMED:
        return fields
    return {**fields, FieldName.DOC_TYPE: _from(fields, FieldName.INVOICE_NUMBER, FieldName.DOC_TYPE, named.value)}


def _with_unread_labels(fields: Mapping[FieldName, Field], sheets: Sequence[Sheet]) -> dict[FieldName, Field]:
    """Against the absence of a field speaks a label of its own: the page prints it, and it was not read."""
    printed = {
        label.meaning: label.segment.text[label.start : label.end]
        for sheet in sheets
        for label in sheet.labels
        if not label.phrase.weak
    }
    return {
        name: field.model_copy(update={"evidence": (Evidence(kind=EvidenceKind.LABEL, supports=False, detail=said),)})
        if field.status is FieldStatus.MISSING and (said := printed.get(name))
        else field
        for name, field in fields.items()
    }


def _label_of(field: Field) -> str:
    """The text of the label that named a field."""
    return " ".join(e.detail for e in field.evidence if e.kind is EvidenceKind.LABEL)


def _from(fields: Mapping[FieldName, Field], source: FieldName, name: FieldName, value: str) -> Field:
    origin = fields[source]
    witness = Evidence(kind=EvidenceKind.ARITHMETIC, detail=f"follows from {source}")
    return origin.model_copy(
        update={
            "name": name,
            "value": value,
            "evidence": (*origin.evidence, witness),
            "rivals": fields[name].rivals,
        }
    )
