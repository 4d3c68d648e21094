"""Tryton's general ledger against what was coded: debit less credit by account, and the day of payment."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from pipeline.posting.tryton.rpc import Session
from schemas import FieldName
from schemas.posting import PostingOrder

Sums = Mapping[str, Decimal]


def booked(session: Session, numbers: Sequence[str]) -> Sums:
    """What the invoices of these numbers moved on each account, in the company's currency."""
    moves = [row["move"] for row in session.rows("account.invoice", [["number", "in", list(numbers)]], ["move"])]
    sums: Counter[str] = Counter()
    for row in session.all_rows("account.move.line", [["move", "in", moves]], ["account.code", "debit", "credit"]):
        sums[row["account."]["code"]] += row["debit"] - row["credit"]
    return {code: amount for code, amount in sums.items() if amount}


def due(session: Session, number: str) -> set[date]:
    """When an invoice has to be paid, as it stands with what is owed to the supplier."""
    (invoice,) = session.rows("account.invoice", [["number", "=", number]], ["move", "account"])
    owed = [["move", "=", invoice["move"]], ["account", "=", invoice["account"]]]
    return {row["maturity_date"] for row in session.rows("account.move.line", owed, ["maturity_date"])}


def payable(order: PostingOrder) -> date:
    """The same as the document says it; without a date it is due at once."""
    return order.record.value(FieldName.DUE_DATE) or order.key.issue_date


def coded(orders: Iterable[PostingOrder]) -> Sums:
    """The same as it was coded, under the numbers of the demo company's chart."""
    sums: Counter[str] = Counter()
    for order in orders:
        sums["4011"] -= order.coding.total
        for line in order.coding.lines:
            sums[line.account.rstrip("0")] += line.net
        for tax in order.coding.taxes:
            sums[tax.account.rstrip("0")] += tax.amount
    return {code: amount for code, amount in sums.items() if amount}
