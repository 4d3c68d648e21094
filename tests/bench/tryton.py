"""How long Tryton takes an invoice over its API, against a clerk who keys the same one.

    python -m tests.bench.tryton [--count N]

A clerk's keying is that of `pipeline.measure.baseline`, on the fields and characters that are keyed for this very
invoice; without finding, opening and checking it. Wall seconds; the server is a copy of the demo company.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, quantiles
from tempfile import TemporaryDirectory
from time import monotonic

from rich.console import Console
from rich.table import Table

from pipeline.measure.baseline import keying
from pipeline.posting.tryton.rpc import Session
from pipeline.posting.tryton.target import TrytonTarget
from schemas import FieldName
from schemas.posting import PostingOrder
from tests.tryton.orders import cases
from tests.tryton.server import copy_for_tests

HEADER = (
    *(FieldName.SELLER_NAME, FieldName.INVOICE_NUMBER, FieldName.ISSUE_DATE, FieldName.DUE_DATE, FieldName.CURRENCY),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20)
    count = parser.parse_args().count
    machine: list[float] = []
    steps: dict[str, list[float]] = {}
    with TemporaryDirectory() as folder, copy_for_tests("bench") as server:
        work = cases(Path(folder), count, seed=52)
        with Session(server.settings(), server.database) as session:
            target = TrytonTarget(session, {})
            for order, original in work:
                begun = monotonic()
                if target.find(order.key) is None:
                    for name, seconds in target.post(order, original).steps.items():
                        steps.setdefault(name, []).append(seconds)
                machine.append(monotonic() - begun)
    table = Table("seconds an invoice", "n", "lower quartile", "median", "upper quartile", "mean")
    rows = {"API, find to read-back": machine, **{f"  {name}": seconds for name, seconds in steps.items()}}
    for name, seconds in {**rows, "clerk, keying alone": [clerk_seconds(order) for order, _ in work]}.items():
        table.add_row(name, str(len(seconds)), *(f"{one:.2f}" for one in (*quantiles(seconds), mean(seconds))))
    Console().print(table)


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
