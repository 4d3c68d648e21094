"""Supplier master and purchase orders as a Tryton company has them now, as the values of our own shelf."""

from collections import defaultdict
from decimal import Decimal

from pipeline.posting.tryton.parties import SIREN, SIRET, VAT_ID
from pipeline.posting.tryton.rpc import Domain, Row, Session
from pipeline.suppliers.model import OrderLine, PurchaseOrder, Supplier
from pipeline.validate.identifiers import plain

OPEN = ("confirmed", "processing", "done")
"""States of orders that were given; before them a person may still change the order."""


def read_suppliers(session: Session) -> list[Supplier]:
    """All parties but the company itself, with their identifiers and accounts. Raises TargetDown, TargetRefused.

    The key is the VAT id, else the SIREN, so that a supplier that was learned from invoices is known again; else the
    party's code. Two parties that share one are told apart by their codes.
    """
    (company,) = session.rows("company.company", [["id", "=", session.company]], ["party"])
    parties = list(session.all_rows("party.party", [["id", "!=", company["party"]]], ["code", "name"]))
    identifiers, countries = _identifiers(session), _countries(session)
    accounts = _accounts(session)
    suppliers: dict[str, Supplier] = {}
    for row in parties:
        own = identifiers[row["id"]]
        key = own.get(VAT_ID) or own.get(SIREN) or row["code"]
        suppliers[row["code"] if key in suppliers else key] = Supplier(
            key=row["code"] if key in suppliers else key,
            name=row["name"] or row["code"],
            vat_id=own.get(VAT_ID),
            siren=own.get(SIREN),
            siret=own.get(SIRET),
            ibans=tuple(accounts[row["id"]]),
            country=countries.get(row["id"]),
        )
    return list(suppliers.values())


def read_orders(session: Session) -> list[PurchaseOrder]:
    """The orders that were given, with their lines; amounts without VAT. Raises TargetDown, TargetRefused."""
    domain: Domain = [["company", "=", session.company], ["state", "in", OPEN], ["number", "!=", None]]
    fields = ["number", "party", "party.name", "currency.code", "untaxed_amount"]
    orders = list(session.all_rows("purchase.purchase", domain, fields))
    identifiers = _identifiers(session)
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    wanted: Domain = [["purchase.company", "=", session.company], ["type", "=", "line"], ["purchase.state", "in", OPEN]]
    line_fields = ["purchase", "description", "product.rec_name", "quantity", "unit_price", "amount"]
    for row in session.all_rows("purchase.line", wanted, line_fields):
        lines[row["purchase"]].append(_line(row))
    return [
        PurchaseOrder(
            number=row["number"],
            supplier=identifiers[row["party"]].get(VAT_ID) or row["party."]["name"],
            currency=row["currency."]["code"],
            total=row["untaxed_amount"],
            lines=tuple(lines[row["id"]]),
        )
        for row in orders
    ]


def _identifiers(session: Session) -> dict[int, dict[str, str]]:
    """By party and kind; of several of a kind the first."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    kinds: Domain = [["type", "in", [VAT_ID, SIREN, SIRET]]]
    for row in session.all_rows("party.identifier", kinds, ["party", "type", "code"]):
        found[row["party"]].setdefault(row["type"], plain(row["code"]))
    return found


def _countries(session: Session) -> dict[int, str]:
    rows = session.all_rows("party.address", [["country", "!=", None]], ["party", "country.code"])
    return {row["party"]: row["country."]["code"] for row in rows}


def _accounts(session: Session) -> dict[int, list[str]]:
    """IBANs by party; empty where Tryton keeps no bank accounts (its module "bank")."""
    found: dict[int, list[str]] = defaultdict(list)
    if not session.rows("ir.module", [["name", "=", "bank"], ["state", "=", "activated"]], ["name"]):
        return found
    fields = ["number", "account.owners", "account.active"]
    for row in session.all_rows("bank.account.number", [["type", "=", "iban"]], fields):
        account = row["account."] or {}
        for owner in account.get("owners", ()) if account.get("active") else ():
            found[owner].append(plain(row["number"]))
    return found


def _line(row: Row) -> OrderLine:
    product = (row["product."] or {}).get("rec_name")
    quantity = Decimal(str(row["quantity"])) if row["quantity"] is not None else None
    return OrderLine(
        description=row["description"] or product or "",
        quantity=quantity,
        unit_price=row["unit_price"],
        net_amount=row["amount"],
    )
