from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples.layouts import LAYOUTS
from samples.model import Paper, make_paper
from samples.sums import ZERO, swiss_rounding
from samples.supplier import supplier_at
from schemas import DocumentType, InvoiceLine

CENT = Decimal("0.01")


def draw(seed: int, doc_type: DocumentType = DocumentType.INVOICE) -> Paper:
    supplier = supplier_at(seed, seed % 18, ["fr", "en", "de"], list(LAYOUTS))
    return make_paper(Random(seed), supplier, doc_type, 1)


def total(values: object) -> Decimal:
    return sum(values, ZERO)  # type: ignore[call-overload, no-any-return]


@given(st.integers(0, 10**5))
def test_totals_add_up_by_en_16931(seed: int) -> None:
    """BR-CO-10, 13, 14, 15, 16 and 17 hold to the cent on every invoice."""
    invoice = draw(seed).invoice
    totals = invoice.totals
    if totals.lines is not None:
        assert totals.lines == total(line.net_amount for line in invoice.lines)
        assert totals.net == totals.lines - (totals.allowances or ZERO) + (totals.charges or ZERO)
    assert totals.net == total(row.base for row in invoice.vat_breakdown)
    assert totals.tax == total(row.amount for row in invoice.vat_breakdown)
    assert totals.gross == (totals.net or ZERO) + (totals.tax or ZERO)
    assert totals.due == (totals.gross or ZERO) - (totals.prepaid or ZERO) + (totals.rounding or ZERO)
    for row in invoice.vat_breakdown:
        assert abs((row.base or ZERO) * (row.rate or ZERO) / 100 - (row.amount or ZERO)) <= CENT


@given(st.integers(0, 10**5))
def test_a_line_is_quantity_times_price_less_discount(seed: int) -> None:
    """BT-131 = BT-129 x BT-146 - BT-136, rounded to the cent."""

    def expected(line: InvoiceLine) -> Decimal:
        return (line.quantity or ZERO) * (line.unit_price or ZERO) - (line.discount or ZERO)

    for line in draw(seed).invoice.lines:
        assert abs(expected(line) - (line.net_amount or ZERO)) <= CENT / 2


def test_an_odd_invoice_of_a_supplier_without_vat_has_no_tax() -> None:
    """A micro-entreprise charges no VAT and says why."""
    supplier = supplier_at(1, 0, ["fr"], ["micro"])
    paper = make_paper(Random(3), supplier, DocumentType.INVOICE, 1)
    assert paper.invoice.totals.tax == 0
    assert "293 B" in paper.remarks.exemption


def test_a_credit_note_names_the_invoice_it_corrects() -> None:
    """A credit note refers to another invoice of the same supplier."""
    invoice = draw(5, DocumentType.CREDIT_NOTE).invoice
    assert invoice.preceding_invoice
    assert invoice.preceding_invoice != invoice.number


@pytest.mark.parametrize(("amount", "change"), [("10.02", "-0.02"), ("10.03", "0.02"), ("10.05", "0.00")])
def test_swiss_rounding_goes_to_five_centimes(amount: str, change: str) -> None:
    """Swiss totals are rounded to the next 0.05 franc."""
    assert swiss_rounding(Decimal(amount)) == Decimal(change)
