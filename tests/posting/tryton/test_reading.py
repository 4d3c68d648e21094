"""Suppliers and orders as Tryton has them now."""

from decimal import Decimal

import pytest

from pipeline.posting.tryton.reading import read_orders, read_suppliers


@pytest.fixture
def master(tryton):
    """A company (party 1), a supplier with numbers, its namesake without, and two parties that share a VAT id."""
    names = {1: "Us", 2: "Martin", 3: "Martin", 4: "Durand Nord", 5: "Durand Sud"}
    tryton.rows |= {
        "company.company": [{"id": 1, "party": 1}],
        "party.party": [{"id": number, "code": f"{number:04}", "name": name} for number, name in names.items()],
        "party.identifier": [
            {"id": 1, "party": 2, "type": "eu_vat", "code": "FR 44732829320"},
            {"id": 2, "party": 2, "type": "fr_siren", "code": "732829320"},
            {"id": 3, "party": 4, "type": "eu_vat", "code": "FR83404833048"},
            {"id": 4, "party": 5, "type": "eu_vat", "code": "FR83404833048"},
            {"id": 5, "party": 5, "type": "us_ein", "code": "1"},
        ],
        "party.address": [{"id": 1, "party": 2, "country": 3, "country.": {"code": "FR"}}],
        "ir.module": [{"id": 1, "name": "bank", "state": "activated"}],
        "bank.account.number": [
            {"id": 1, "number": "FR76 3000 6000 0112 3456 7890 189", "type": "iban", "account.": _account(True)},
            {"id": 2, "number": "FR14 2004 1010 0505 0001 3M02 606", "type": "iban", "account.": _account(False)},
        ],
    }
    return tryton


def _account(is_active):
    return {"owners": [2], "active": is_active}


def test_suppliers_have_their_numbers_and_active_accounts(master, open_session):
    """Compact, as the rest of the product compares them; the company itself is none of its suppliers."""
    suppliers = {one.key: one for one in read_suppliers(open_session())}
    found = suppliers["FR44732829320"]
    assert (found.name, found.siren, found.country) == ("Martin", "732829320", "FR")
    assert found.ibans == ("FR7630006000011234567890189",)
    assert "Us" not in {one.name for one in suppliers.values()}


def test_keys_are_unique_also_where_numbers_are_not(master, open_session):
    """Without numbers, or with those of another party, the party's code is the key."""
    assert [one.key for one in read_suppliers(open_session())] == ["FR44732829320", "0003", "FR83404833048", "0005"]


def test_orders_come_with_lines_and_the_number_of_their_supplier(master, open_session):
    """So that an invoice is held against the right order."""
    given = {"company": 1, "state": "processing", "currency.": {"code": "EUR"}, "party.": {"name": "Martin"}}
    line = {"type": "line", "purchase.company": 1, "purchase.state": "processing", "product.": None}
    master.rows |= {
        "purchase.purchase": [
            {"id": 7, "number": "PO7", "party": 2, "untaxed_amount": Decimal("25.00"), **given},
            {"id": 8, "number": None, "party": 2, "untaxed_amount": Decimal("1.00"), **given, "state": "draft"},
        ],
        "purchase.line": [
            {"id": 1, "purchase": 7, "description": "Vis", "quantity": 2.0, **line}
            | {"unit_price": Decimal("12.50"), "amount": Decimal("25.00")}
        ],
    }
    (order,) = read_orders(open_session())
    assert (order.number, order.supplier, order.total, order.currency) == ("PO7", "FR44732829320", 25, "EUR")
    assert [(one.description, one.quantity, one.net_amount) for one in order.lines] == [("Vis", 2, 25)]
