"""Records of generated invoices with exact truth."""

from collections.abc import Iterator
from itertools import islice
from random import Random

from samples.generate import Order, supplier_of
from samples.model import Paper, make_paper
from samples.printing import field_value
from schemas import DocumentType, Field, FieldName, Record

KINDS = (
    DocumentType.INVOICE,
    DocumentType.INVOICE,
    DocumentType.INVOICE,
    DocumentType.CREDIT_NOTE,
    DocumentType.PREPAYMENT_INVOICE,
    DocumentType.CORRECTED_INVOICE,
)


def papers(seed: int, count: int) -> Iterator[Paper]:
    """Papers of suppliers of the train split that have a VAT id, for EN 16931 asks for one where VAT is charged."""
    order = Order(seed, count)
    drawn = (_paper(order, f"papers/{seed}/{number}", number) for number in range(100 * count))
    return islice((paper for paper in drawn if paper.invoice.seller.vat_id), count)


def _paper(order: Order, seed: str, number: int) -> Paper:
    rng = Random(seed)
    return make_paper(rng, supplier_of(order, rng), KINDS[number % len(KINDS)], number + 1)


def record_of_paper(paper: Paper) -> Record:
    """What a perfect reader makes of it: header fields, VAT breakdown, lines."""
    values = {name: field_value(paper.invoice, name) for name in FieldName}
    fields = {
        name: Field(name=name, value=value, confidence=1.0) for name, value in values.items() if value is not None
    }
    return Record(
        fields=fields,
        vat_breakdown=paper.invoice.vat_breakdown,
        lines=paper.invoice.lines,
        language=paper.supplier.language,
    )
