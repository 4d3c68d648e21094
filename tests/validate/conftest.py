"""A correct invoice, and a way to change it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from schemas import DocumentType, Invoice, InvoiceLine, Party, Payment, Totals, VatBreakdown


@pytest.fixture
def sound() -> Invoice:
    """An invoice that no rule objects to."""
    return Invoice(
        number="F-2026/17",
        doc_type=DocumentType.INVOICE,
        issue_date=date(2026, 3, 2),
        due_date=date(2026, 4, 1),
        delivery_date=date(2026, 2, 27),
        currency="EUR",
        po_number="PO-9",
        seller=Party(
            name="Quincaillerie Martin SARL",
            vat_id="FR44732829320",
            siren="732829320",
            siret="73282932000074",
        ),
        buyer=Party(name="Boulangerie Petit", vat_id="FR40303265045"),
        payment=Payment(iban="FR76 3000 6000 0112 3456 7890 189", bic="AGRIFRPP"),
        totals=Totals(
            lines=Decimal("110.00"),
            allowances=Decimal("10.00"),
            charges=Decimal("0.00"),
            net=Decimal("100.00"),
            tax=Decimal("20.00"),
            gross=Decimal("120.00"),
            prepaid=Decimal("50.00"),
            due=Decimal("70.00"),
        ),
        vat_breakdown=(VatBreakdown(category="S", rate=Decimal(20), base=Decimal("100.00"), amount=Decimal("20.00")),),
        lines=(
            InvoiceLine(
                description="Vis",
                quantity=Decimal(10),
                unit_price=Decimal("11.00"),
                net_amount=Decimal("110.00"),
                tax_rate=Decimal(20),
            ),
        ),
    )


@pytest.fixture
def change(sound: Invoice) -> Callable[..., Invoice]:
    """Gives the sound invoice with other values: `change(number="7", totals={"gross": Decimal(1)})`."""

    def build(**changes: object) -> Invoice:
        values = {
            name: getattr(sound, name).model_copy(update=value) if isinstance(value, dict) else value
            for name, value in changes.items()
        }
        return sound.model_copy(update=values)

    return build
