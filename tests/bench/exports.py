"""What the exports are worth and how fast they are, on generated invoices with exact truth.

    python -m tests.bench.exports [--count 200] [--seed 31]

Each record is written as UBL and as Factur-X (on a page of ours) and held against the Schematron of EN 16931, all of
them as one FEC and held against `check_fec`, as CSV and XLSX, and posted one by one into a folder (the file target,
every voucher synced to the disk). Wall seconds of one process; the machine may be loaded, so CPU seconds stand beside.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import facturx
from rich.console import Console
from rich.table import Table
from scipy.stats import beta

from pipeline.errors import BackofficeError
from pipeline.posting.amounts import split
from pipeline.posting.coding.code import code
from pipeline.posting.coding.plan import Plan
from pipeline.posting.files.check_fec import check_fec
from pipeline.posting.files.cii import write_cii
from pipeline.posting.files.einvoices import PROFILE, to_factur_x
from pipeline.posting.files.fec import Validated, file_name, write_fec
from pipeline.posting.files.prepare import prepare
from pipeline.posting.files.tables import to_csv, to_xlsx
from pipeline.posting.files.target import FileTarget
from pipeline.posting.files.ubl import write_ubl
from pipeline.posting.key import posting_key
from pipeline.reading.einvoice.rules import check_rules
from samples.model import Paper
from schemas import PostingOrder, Record
from tests.posting.papers import papers, record_of_paper

RATES = {"CHF": Decimal("0.93"), "GBP": Decimal("0.86"), "USD": Decimal("1.08")}
"""Units for one euro; any would do."""


class Clock:
    """Adds up wall and CPU seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, tuple[float, float]] = {}

    def run(self, step: str, work: Callable[[], object]) -> object:
        """Do the work and note what it took."""
        wall, cpu = time.perf_counter(), time.process_time()
        made = work()
        before = self.seconds.get(step, (0.0, 0.0))
        self.seconds[step] = (before[0] + time.perf_counter() - wall, before[1] + time.process_time() - cpu)
        return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.exports", description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=31)
    given = parser.parse_args(arguments)
    made = list(papers(given.seed, given.count))
    clock, broken = Clock(), Counter[str]()
    for paper in made:
        broken.update(_broken(paper, clock))
    orders = [_order(number, record_of_paper(paper), clock) for number, paper in enumerate(made)]
    faults = _books(orders, clock)
    vouchers = _posted(orders, clock)
    _show(made, orders, broken, faults, vouchers, clock)


def _broken(paper: Paper, clock: Clock) -> list[str]:
    """What is wrong with the e-invoices of a record: "ubl" and "facturx" with the rule, "refused" with the reason."""
    try:
        ready = clock.run("prepare", lambda: prepare(record_of_paper(paper)))
    except BackofficeError as error:
        return [f"refused: {error.message}"]
    ubl = clock.run("UBL", lambda: write_ubl(ready.invoice, ready.adjustments))
    cii = write_cii(ready.invoice, ready.adjustments)
    found = [f"ubl {one.rule}" for one in clock.run("Schematron of UBL", lambda: check_rules(ubl, "ubl", PROFILE))]
    found += [f"facturx {one.rule}" for one in check_rules(cii, "cii", PROFILE)]
    try:
        pdf = clock.run("Factur-X, its check within", lambda: to_factur_x(ready, None))
        inside = facturx.get_facturx_xml_from_pdf(pdf, check_xsd=True)[1]
        found += [f"facturx {one.rule}" for one in check_rules(inside, "cii", PROFILE)]
    except Exception as error:
        found.append(f"facturx {error}")
    return found


def _order(number: int, record: Record, clock: Clock) -> PostingOrder:
    coding = clock.run("code", lambda: code(record, Plan()))
    digest = f"{number:064x}"
    return PostingOrder(
        key=posting_key("main", record),
        document_id=f"{number:016x}",
        part=1,
        file_name=f"{number}.pdf",
        sha256=digest,
        record=record,
        coding=coding,
    )


def _books(orders: Sequence[PostingOrder], clock: Clock) -> int:
    """Faults of the FEC of all orders; the tables are written beside it."""
    at = datetime.now(UTC)
    entries = [Validated(order, at) for order in orders]
    content = clock.run("FEC", lambda: write_fec(entries, Plan(), lambda currency, _: RATES.get(currency)))
    clock.run("CSV", lambda: to_csv(orders))
    clock.run("XLSX", lambda: to_xlsx(orders))
    closing = max(order.key.issue_date for order in orders)
    return len(clock.run("check_fec", lambda: check_fec(content, file_name("732829320", closing))))


def _posted(orders: Sequence[PostingOrder], clock: Clock) -> int:
    """Vouchers with the right total in the folder, after every order was posted twice."""
    with tempfile.TemporaryDirectory(prefix="backoffice-bench-") as scratch:
        original = Path(scratch) / "original"
        original.write_bytes(b"%PDF-1.7\n" + b"x" * 60_000)
        target = FileTarget(Path(scratch) / "posted")
        clock.run("file target: find and post", lambda: [_post(target, order, original) for order in orders])
        for order in orders:
            target.post(order, original)
        found = {one.reference: one for one in target.vouchers()}
        if len(found) != len(orders):
            return -1
        return sum(found[one.key.reference].gross == one.key.gross for one in orders)


def _post(target: FileTarget, order: PostingOrder, original: Path) -> None:
    if target.find(order.key) is None:
        target.post(order, original)


def _show(
    made: Sequence[Paper],
    orders: Sequence[PostingOrder],
    broken: Counter[str],
    faults: int,
    vouchers: int,
    clock: Clock,
) -> None:
    console, count = Console(width=110), len(made)
    upper = beta.ppf(0.975, 1, count) if not broken else float("nan")
    console.print(f"{count} records: {dict(Counter(paper.invoice.doc_type.value for paper in made))}")
    console.print(f"by VAT rate for want of lines that add up: {sum(split(p.invoice).by_rate for p in made)}")
    console.print(
        f"Schematron errors: {sum(broken.values())} {dict(broken)}; upper end of the share, 95 %: {upper:.1%}"
    )
    console.print(f"faults of the FEC: {faults}; codings equal to the total: {_equal(orders)} of {count}")
    console.print(f"vouchers in the folder with the right total, each posted twice: {vouchers} of {count}")
    table = Table("step", "wall s", "CPU s", "a second (wall)", "a second (CPU)")
    for step, (wall, cpu) in clock.seconds.items():
        table.add_row(step, f"{wall:.2f}", f"{cpu:.2f}", f"{count / wall:.0f}", f"{count / max(cpu, 1e-9):.0f}")
    console.print(table)


def _equal(orders: Sequence[PostingOrder]) -> int:
    return sum(abs(order.coding.total) == abs(order.key.gross) for order in orders)


if __name__ == "__main__":
    main()
