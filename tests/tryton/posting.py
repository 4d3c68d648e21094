"""Posts generated invoices as `backoffice post` does: cleared in a ledger, taken from its outbox by a poster."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

from pipeline.bootstrap import SystemClock
from pipeline.intake.archive import Archive
from pipeline.posting.poster import Done
from pipeline.posting.robot.script import load_script
from pipeline.posting.targets import Targets
from pipeline.posting.world import PostingWorld
from pipeline.settings import PostingSettings, Settings
from pipeline.store.ledger import open_ledger
from schemas import Coding, FieldName, Record
from tests.posting.fakes import Pen
from tests.tryton.orders import Case
from tests.tryton.server import Server

API, SCREENS = "tryton", "tryton-screens"
LEASE_MINUTES = 60
"""A busy machine is no failure: an invoice may take longer than the ten minutes that a poster usually has."""


def keyed_by_screens(cases: Sequence[Case]) -> list[Case]:
    """Those in euros whose VAT the screen script has a tax of Tryton for, or that have none."""
    rates = {Decimal(rate) for rate in load_script("tryton").tables["goods"]} | {Decimal(0)}
    return [
        case
        for case in cases
        if case.order.record.value(FieldName.CURRENCY) == "EUR"
        and rates.issuperset(tax.rate for tax in case.order.coding.taxes)
    ]


def post_all(
    home: Path, server: Server, target: str, cases: Sequence[Case], tell: Callable[[Done], None] = lambda _: None
) -> list[Done]:
    """One poster's run into a target of a server; what became of each job, in the order of the cases.

    `tell` hears of each as soon as it is done.
    """
    posting = PostingSettings(target=target, lease_minutes=LEASE_MINUTES)
    settings = Settings(home=home, tryton=server.settings(), posting=posting)
    by_number = {case.order.record.value(FieldName.INVOICE_NUMBER): case.order.coding for case in cases}

    def code(record: Record, *_place: object) -> Coding:
        return by_number[record.value(FieldName.INVOICE_NUMBER)]

    archive = Archive(settings.archive)
    with open_ledger(settings.url, SystemClock()) as ledger, Targets(settings) as targets:
        pen = Pen(ledger, archive)
        documents = [pen.put(case.order.record, case.original.name, case.original.read_bytes()) for case in cases]
        world = PostingWorld(settings, ledger.database, SystemClock(), targets, code, archive)
        done = dict[str, Done]()
        for one in world.post():
            tell(one)
            done[one.job.document_id] = one
    return [done[document] for document in documents]
