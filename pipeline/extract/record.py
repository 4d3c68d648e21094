"""From pages to a record: the table of contents of extraction."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from pipeline import __version__
from pipeline.extract.candidates import Sheet, survey
from pipeline.extract.confidence import confidence_of
from pipeline.extract.dates import choose_dates
from pipeline.extract.document_type import language_of, propose_document_type, type_in
from pipeline.extract.header import propose_header
from pipeline.extract.line_items import extract_lines, mark_tax_inclusive
from pipeline.extract.parties import propose_parties
from pipeline.extract.tax_ids import propose_tax_ids
from pipeline.extract.totals import Totals, choose_totals
from pipeline.extract.vat_table import extract_vat_breakdown, with_bases
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
    Page,
    Record,
)
from schemas.field import missing

READER = f"extract {__version__}"
XML_CONFIDENCE = 0.99
"""An e-invoice says what its sender's software meant; the rules catch what it got wrong."""
LEAST_SCORE = 0.3
"""A candidate below this is shown as a rival but never chosen."""

Proposals = Mapping[FieldName, tuple[Candidate, ...]]


def extract_record(pages: Sequence[Page]) -> Record:
    """Read one invoice from its pages: propose candidates for every field, and choose so that the sums hold."""
    sheet = survey(pages, prefer_month_first=_is_american(pages))
    lines = extract_lines(pages)
    taxes = with_bases(extract_vat_breakdown(pages), lines)
    totals = choose_totals(sheet, lines, taxes)
    proposals = _without_clashes(_propose(sheet))
    fields = {name: _chosen(name, options) for name, options in proposals.items()} | _total_fields(totals)
    return Record(
        fields=_with_derived(fields),
        vat_breakdown=taxes,
        lines=mark_tax_inclusive(lines, _value(fields, FieldName.NET_TOTAL), _value(fields, FieldName.GROSS_TOTAL)),
        pages=tuple(page.number for page in pages),
        language=language_of(sheet),
    )


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
    """Whether dates probably put the month first: dollars, and neither euros nor pounds."""
    text = " ".join(word.text for page in pages for word in page.words)
    return ("$" in text or "USD" in text) and not any(sign in text for sign in ("€", "£", "EUR", "GBP"))


def _propose(sheet: Sheet) -> dict[FieldName, tuple[Candidate, ...]]:
    header = propose_header(sheet)
    parties = propose_parties(sheet)
    seller, buyer = (next(iter(parties[name]), None) for name in (FieldName.SELLER_NAME, FieldName.BUYER_NAME))
    header[FieldName.DOC_TYPE] = propose_document_type(sheet)
    return header | choose_dates(header) | parties | propose_tax_ids(sheet, seller, buyer)


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
    if not options or options[0].score < LEAST_SCORE:
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
