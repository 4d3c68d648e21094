"""Suppliers, records and drawn invoices to remember."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from pipeline.suppliers.book import open_book
from pipeline.suppliers.model import Supplier
from schemas import Box, Candidate, Evidence, EvidenceKind, Field, FieldName, Page, Record, VatBreakdown, Word

VAT_ID, OTHER_VAT_ID = "FR44732829320", "FR40303265045"
IBAN, OTHER_IBAN, NEW_IBAN = "FR7630006000011234567890189", "DE89370400440532013000", "BE68539007547034"


@pytest.fixture
def martin() -> Supplier:
    return Supplier(
        key="F001",
        name="Quincaillerie Martin SARL",
        aliases=("Martin Outillage",),
        vat_id=VAT_ID,
        siren="732829320",
        ibans=(IBAN,),
        currency="EUR",
        vat_rates=(Decimal(20),),
    )


@pytest.fixture
def durand() -> Supplier:
    return Supplier(key="F002", name="Durand Transports", vat_id=OTHER_VAT_ID, siren="303265045", ibans=(OTHER_IBAN,))


@pytest.fixture
def make_record() -> Callable[..., Record]:
    """A record of Martin; a field that is given as None is missing."""

    def make(**changes: object) -> Record:
        values = {
            FieldName.INVOICE_NUMBER: "FA-2026-0012",
            FieldName.ISSUE_DATE: date(2026, 3, 2),
            FieldName.SELLER_NAME: "Quincaillerie Martin",
            FieldName.SELLER_VAT_ID: VAT_ID,
            FieldName.CURRENCY: "EUR",
            FieldName.NET_TOTAL: Decimal("100.00"),
            FieldName.TAX_TOTAL: Decimal("20.00"),
            FieldName.GROSS_TOTAL: Decimal("120.00"),
            FieldName.IBAN: IBAN,
        } | {FieldName(name): value for name, value in changes.items()}
        fields = {name: Field(name=name, value=value) for name, value in values.items() if value is not None}
        taxes = (VatBreakdown(rate=Decimal("20.0"), base=Decimal(100), amount=Decimal(20)),)
        return Record(fields=fields, vat_breakdown=taxes)

    return make


@pytest.fixture
def book(database_url, clock):
    with open_book(database_url, clock) as book:
        yield book


@pytest.fixture(scope="session")
def draw() -> Callable[..., tuple[Page, ...]]:
    """A page from (left, top, text), each character 5 points wide and 10 high."""

    def drawn(*texts: tuple[float, float, str]) -> tuple[Page, ...]:
        words: list[Word] = []
        for x, y, text in texts:
            left = x
            for part in text.split(" "):
                box = Box(x0=left, y0=y, x1=left + 5 * len(part), y1=y + 10)
                words.append(Word(text=part, box=box))
                left += 5 * len(part) + 3
        return (Page(number=1, width=595, height=842, words=tuple(words)),)

    return drawn


@pytest.fixture(scope="session")
def letter(draw) -> Callable[..., tuple[Page, ...]]:
    """An invoice that names its number "Pièce" and prints a customer's number where others print the invoice's."""

    def written(
        number: str = "FA-2026-0012", day: str = "02/03/2026", currency: str = "EUR", net: str = "100,00"
    ) -> tuple[Page, ...]:
        return draw(
            (40, 40, "Quincaillerie Martin SARL"),
            (40, 54, "12 rue des Lilas"),
            (40, 68, "69003 LYON"),
            (40, 82, f"TVA {VAT_ID}"),
            (350, 120, "Boulangerie Petit"),
            (350, 134, "3 place du Marché"),
            (350, 148, "38000 GRENOBLE"),
            (40, 200, "Pièce"),
            (40, 214, number),
            (160, 200, "Facture"),
            (160, 214, "C00417"),
            (300, 200, "Émise le"),
            (300, 214, day),
            (40, 300, "Vis à bois"),
            (400, 300, net),
            (300, 400, f"Total HT {net} {currency}"),
            (300, 414, "TVA 20 % 20,00"),
            (300, 428, f"Total TTC 120,00 {currency}"),
            (40, 500, f"IBAN {IBAN}"),
        )

    return written


def option(name: FieldName, value: object, score: float = 0.5) -> Candidate:
    """A candidate as a label would give it."""
    return Candidate(name=name, value=value, score=score, evidence=(Evidence(kind=EvidenceKind.LABEL),))
