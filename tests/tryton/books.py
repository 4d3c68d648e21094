"""Tryton's general ledger against what was coded: the sums of debit less credit by account."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from pipeline.posting.tryton.rpc import Session
from schemas.posting import PostingOrder

Sums = Mapping[str, Decimal]


def booked(session: Session, numbers: Sequence[str]) -> Sums:
    """What the invoices of these numbers moved on each account, in the company's currency."""
    moves = [row["move"] for row in session.rows("account.invoice", [["number", "in", list(numbers)]], ["move"])]
    sums: Counter[str] = Counter()
    for row in session.all_rows("account.move.line", [["move", "in", moves]], ["account.code", "debit", "credit"]):
        sums[row["account."]["code"]] += row["debit"] - row["credit"]
    return {code: amount for code, amount in sums.items() if amount}


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
