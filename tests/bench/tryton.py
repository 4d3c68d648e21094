"""How long Tryton takes an invoice, over its API and through its screens, against a clerk who keys the same one.

    python -m tests.bench.tryton [--api 20] [--screens 10] [--database bench]

Each is one run of the poster into a copy of the demo company, with invoices and credit notes in euros of the VAT rates
that the screen script knows; afterwards each invoice in Tryton's general ledger is held against what was coded: the
sums by account, VAT among them, and the day of payment. Wall seconds of the attempt, find to read-back, as the receipt
has them; the first invoice by screens also opens the browser and logs in, and is told apart.

A clerk's keying is that of `pipeline.measure.baseline`, on the fields and characters that are keyed for this very
invoice; without finding, opening and checking it. Wall seconds; the server is a copy of the demo company.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, quantiles
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from pipeline.measure.baseline import keying
from pipeline.posting.poster import Done
from pipeline.posting.states import JobState
from pipeline.posting.tryton.rpc import Session
from schemas import FieldName
from schemas.posting import PostingOrder
from tests.tryton.books import booked, coded, due, payable
from tests.tryton.orders import Case, cases
from tests.tryton.posting import API, SCREENS, keyed_by_screens, post_all
from tests.tryton.server import Server, copy_for_tests

HEADER = (
    *(FieldName.SELLER_NAME, FieldName.INVOICE_NUMBER, FieldName.ISSUE_DATE, FieldName.DUE_DATE, FieldName.CURRENCY),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--api", type=int, default=20)
    parser.add_argument("--screens", type=int, default=10)
    parser.add_argument("--database", default="bench", help="of its own, so that several may run")
    given = parser.parse_args()
    console = Console(soft_wrap=True, highlight=False)
    with TemporaryDirectory() as folder, copy_for_tests(given.database) as server:
        for target, count, seed in ((API, given.api, 52), (SCREENS, given.screens, 54)):
            if not count:
                continue
            home = Path(folder) / target
            home.mkdir()
            work = keyed_by_screens(cases(home, 4 * count, seed))[:count]
            done = post_all(home, server, target, work, lambda one: console.print(_told(one), markup=False))
            console.print(f"\n{target}: {_said(server, work, done)}; load {os.getloadavg()[0]:.1f}", markup=False)
            console.print(_table(work, done))


def _told(one: Done) -> str:
    """A line on one invoice."""
    seconds = one.receipt.seconds if one.receipt else one.seconds
    said = f"{one.failure.code}: {one.failure.message}" if one.failure else f"{one.receipt.voucher.target_id}"
    return f"{one.state}: {said}, {seconds:.1f} s, load {os.getloadavg()[0]:.1f}"


def _said(server: Server, work: Sequence[Case], done: Sequence[Done]) -> str:
    """What was posted, and whether the books agree."""
    posted = [(case.order, one.receipt.voucher) for case, one in zip(work, done, strict=True) if _is_posted(one)]
    with Session(server.settings(), server.database) as session:
        equal = sum(booked(session, [voucher.target_id]) == coded([order]) for order, voucher in posted)
        in_time = sum(due(session, voucher.target_id) == {payable(order)} for order, voucher in posted)
    books = f"{equal} equal in the ledger by account, {in_time} with their day of payment"
    return f"{len(posted)} of {len(work)} posted, {books}"


def _is_posted(one: Done) -> bool:
    return one.state is JobState.POSTED and one.receipt is not None


def _table(work: Sequence[Case], done: Sequence[Done]) -> Table:
    receipts = [one.receipt for one in done if one.receipt]
    rows = {"find to read-back": [receipt.seconds for receipt in receipts]}
    for receipt in receipts:
        for name, seconds in receipt.steps.items():
            rows.setdefault(f"  {name}", []).append(seconds)
    rows["clerk, keying alone"] = [clerk_seconds(case.order) for case in work]
    table = Table("seconds an invoice", "n", "first", "lower quartile", "median", "upper quartile", "mean")
    for name, values in rows.items():
        if len(values) > 1:
            figures = (values[0], *quantiles(values), mean(values))
            table.add_row(name, str(len(values)), *(f"{one:.2f}" for one in figures))
    return table


def clerk_seconds(order: PostingOrder) -> float:
    """What keying an order takes by the formula."""
    return keying(_keyed(order)).seconds.value


def _keyed(order: PostingOrder) -> Iterator[str]:
    """The texts that a clerk keys: header, then account, label, VAT code and amount of each line, then the VAT."""
    yield from (str(value) for name in HEADER if (value := order.record.value(name)) is not None)
    for line in order.coding.lines:
        yield from (line.account, line.label, f"{line.tax_rate:f}", f"{line.net:f}")
    yield from (f"{tax.amount:f}" for tax in order.coding.taxes)


if __name__ == "__main__":
    main()
