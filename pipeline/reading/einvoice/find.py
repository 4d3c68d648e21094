"""Finding the e-invoice of a document: the XML file itself, or one embedded in a PDF."""

from typing import NamedTuple

from lxml import etree

from pipeline.errors import InputError, ReaderError, UnknownFormat
from pipeline.reading.einvoice.attachments import EmbeddedFile, embedded_files
from pipeline.reading.einvoice.mapping import read_invoice, read_profile
from pipeline.reading.einvoice.rules import check_rules
from pipeline.reading.einvoice.secure import MAX_XML_BYTES, parse_xml
from pipeline.reading.einvoice.table import Table, table_for
from schemas import EInvoice, FieldName, Finding, Invoice, MediaType, Severity

STANDARD_NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
"""Names of an embedded e-invoice, in any case, newest standard first; an order (order-x.xml) is none."""


class _Found(NamedTuple):
    file_name: str
    root: etree._Element
    table: Table


def find_einvoice(content: bytes, media_type: MediaType) -> EInvoice | None:
    """The e-invoice that a document is or contains, with the rules it breaks; None when there is none.

    For XML, raises UnknownFormat when it is no UBL, CII or ZUGFeRD 1 invoice. For PDF, raises BrokenFile when
    the file or its attachment with a standard name is damaged. For both, Forbidden for a DOCTYPE and TooLarge
    for more than `MAX_XML_BYTES`. An unreadable attachment of any other name is not taken for an invoice.
    """
    if media_type is MediaType.XML:
        return _checked(_in_xml(content), others=[])
    if media_type is MediaType.PDF and (found := _in_pdf(content)):
        return _checked(found[0], others=found[1:])
    return None


def _in_xml(content: bytes) -> _Found:
    root = parse_xml(content)
    if table := table_for(root):
        return _Found("", root, table)
    raise UnknownFormat(f"The XML is no invoice: its root element is {etree.QName(root).localname}.")


def _in_pdf(content: bytes) -> list[_Found]:
    with embedded_files(content) as files:
        return [found for file in sorted(files, key=_preference) if (found := _in_file(file))]


def _preference(file: EmbeddedFile) -> int:
    name = file.name.lower()
    return STANDARD_NAMES.index(name) if name in STANDARD_NAMES else len(STANDARD_NAMES)


def _in_file(file: EmbeddedFile) -> _Found | None:
    try:
        root = parse_xml(file.read(MAX_XML_BYTES))
    except InputError:
        if file.name.lower() in STANDARD_NAMES:
            raise
        return None
    table = table_for(root)
    return _Found(file.name, root, table) if table else None


def _checked(found: _Found, others: list[_Found]) -> EInvoice:
    file_name, root, table = found
    invoice, findings = read_invoice(root, table)
    profile = read_profile(root, table)
    return EInvoice(
        syntax=table.syntax,
        profile=profile,
        file_name=file_name,
        invoice=invoice,
        findings=(
            *findings,
            *_broken_rules(root, table, profile),
            *(finding for other in others for finding in _disagreement(found, invoice, other)),
        ),
    )


def _broken_rules(root: etree._Element, table: Table, profile: str) -> tuple[Finding, ...]:
    try:
        return check_rules(etree.tostring(root), table.syntax, profile)
    except ReaderError as error:
        # The invoice itself was read: a person decides without the rules.
        return (Finding(rule=error.specific_code, severity=Severity.ERROR, message=error.message),)


def _disagreement(found: _Found, invoice: Invoice, other: _Found) -> list[Finding]:
    rival, _ = read_invoice(other.root, other.table)
    differing = [
        f"{name.replace('_', ' ')} {one} and {two}"
        for name, one, two in (
            (FieldName.INVOICE_NUMBER, invoice.number, rival.number),
            (FieldName.GROSS_TOTAL, invoice.totals.gross, rival.totals.gross),
            (FieldName.AMOUNT_DUE, invoice.totals.due, rival.totals.due),
            (FieldName.IBAN, invoice.payment.iban, rival.payment.iban),
        )
        if one != two
    ]
    if not differing:
        return []
    message = f"{found.file_name} and {other.file_name} in the PDF disagree: {', '.join(differing)}."
    return [Finding(rule="e-invoices-disagree", severity=Severity.ERROR, message=message)]
