"""Posts into Tryton over its API, each invoice once: made as a draft in one transaction, posted in a second one."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TypeVar

from pipeline.errors import EnvironmentFault, PostingError, TargetRefused
from pipeline.ports import Posted
from pipeline.posting.tryton.chart import Chart
from pipeline.posting.tryton.invoice import Draft, draft_of
from pipeline.posting.tryton.parties import find_or_create
from pipeline.posting.tryton.rpc import Domain, Row, Session
from pipeline.settings import Settings
from schemas import FieldName
from schemas.posting import PostingKey, PostingOrder, Voucher

T = TypeVar("T")

INVOICE = "account.invoice"
POSTED, UNFINISHED = ("posted", "paid"), ("draft", "validated")


def tryton_target(settings: Settings, client_id: str) -> "TrytonTarget":
    """The Tryton of a client, by the settings. Raises EnvironmentFault when they name none."""
    return TrytonTarget(open_session(settings, client_id), settings.tryton.accounts)


def open_session(settings: Settings, client_id: str) -> Session:
    """A session with the Tryton of a client. Raises EnvironmentFault when the settings name none."""
    access = settings.tryton
    if not access.database:
        remedy = "Set `tryton.url`, `tryton.database`, `tryton.user` and `tryton.password`, or run `make tryton`."
        raise EnvironmentFault("The settings name no Tryton database.", remedy=remedy)
    return Session(access, access.database.replace("{client}", client_id))


class TrytonTarget:
    """One company of a Tryton database. Implements `Target`; for one thread."""

    name = "tryton"

    def __init__(self, session: Session, accounts: Mapping[str, str]) -> None:
        self._session = session
        self._accounts = accounts
        self._chart: Chart | None = None
        self._currencies: dict[str, int] = {}

    def close(self) -> None:
        """Close the session."""
        self._session.close()

    def find(self, key: PostingKey) -> Voucher | None:
        """The posted invoice that bears our reference. Raises TargetDown, TargetRefused."""
        posted = [row for row in self._bearing(key) if row["state"] in POSTED]
        return _voucher(posted[0]) if posted else None

    def post(self, order: PostingOrder, original: Path) -> Posted:
        """Make, attach, post, read back; a draft that an attempt before left is finished when it is the same."""
        steps: dict[str, float] = {}
        draft = _timed(steps, "supplier", lambda: self._draft(order))
        invoice = _timed(steps, "create", lambda: self._made(order, draft))
        _timed(steps, "attach", lambda: self._attach(invoice, order, original))
        _timed(steps, "post", lambda: self._finish(invoice))
        return Posted(_timed(steps, "read-back", lambda: self._read_back(invoice, draft)), steps=steps)

    def vouchers(self) -> Iterator[Voucher]:
        """All supplier invoices of the company, drafts too; not those that were cancelled. Raises TargetDown."""
        domain = [["type", "=", "in"], ["company", "=", self._session.company], ["state", "!=", "cancelled"]]
        yield from map(_voucher, self._session.all_rows(INVOICE, domain, _FIELDS))

    def _draft(self, order: PostingOrder) -> Draft:
        party = find_or_create(self._session, order.record)
        self._chart = self._chart or Chart.read(self._session, self._accounts)
        currency = self._currency(order.record.value(FieldName.CURRENCY) or "EUR")
        try:
            return draft_of(order, self._chart, party, self._session.company, currency)
        except TargetRefused:
            self._chart = None  # an account that is opened now is there at the next attempt
            raise

    def _made(self, order: PostingOrder, draft: Draft) -> int:
        """The number of the draft in Tryton: one that was left behind, or a new one."""
        left = self._bearing(order.key)
        if gone := [row for row in left if row["state"] == "cancelled" and row["number"]]:
            message = f"{gone[0]['number']} was posted for this invoice and cancelled in Tryton."
            raise TargetRefused(message, remedy="If it is to be posted after all, do it by hand in Tryton.")
        same = [row for row in left if row["state"] in UNFINISHED and _is_same(row, draft)]
        numbered = [row for row in left if row["state"] in UNFINISHED and row["number"] and row not in same]
        if numbered:
            message = f"{numbered[0]['number']} was begun for this invoice in Tryton, with other values."
            raise TargetRefused(message, remedy="Cancel it in Tryton, then `backoffice postings retry`.")
        if useless := [row["id"] for row in left if row["state"] == "draft" and row not in same[:1]]:
            self._session.tell(f"model.{INVOICE}.delete", useless)
        if same:
            return int(same[0]["id"])
        (made,) = self._session.tell(f"model.{INVOICE}.create", [draft.values])
        return int(made)

    def _attach(self, invoice: int, order: PostingOrder, original: Path) -> None:
        resource = f"{INVOICE},{invoice}"
        known = [["resource", "=", resource], ["name", "=", order.file_name]]
        if not self._session.rows("ir.attachment", known, ["name"], limit=1):
            values = {"resource": resource, "name": order.file_name, "type": "data", "data": original.read_bytes()}
            self._session.tell("model.ir.attachment.create", [values])

    def _finish(self, invoice: int) -> None:
        """Post a draft. One that is refused is removed, so that nothing half-done stays in Tryton."""
        try:
            self._session.tell(f"model.{INVOICE}.post", [invoice])
        except TargetRefused:
            with suppress(PostingError):  # it has a number already, or the server went away: it stays a draft
                self._session.tell(f"model.{INVOICE}.delete", [invoice])
            raise

    def _read_back(self, invoice: int, draft: Draft) -> Voucher:
        row = self._session.rows(INVOICE, [["id", "=", invoice]], _FIELDS)[0]
        if row["state"] not in POSTED or not _is_same(row, draft):
            found = f"{row['untaxed_amount']} + {row['tax_amount']} = {row['total_amount']}, {row['state']}"
            raise TargetRefused(f"Tryton holds {row['number']} as {found}.", remedy="Look at it in Tryton.")
        return _voucher(row)

    def _bearing(self, key: PostingKey) -> list[Row]:
        """The invoices with our reference, whatever their state."""
        domain: Domain = [["type", "=", "in"], ["company", "=", self._session.company]]
        return self._session.rows(INVOICE, [*domain, ["description", "like", f"%{key.reference}%"]], _FIELDS)

    def _currency(self, code: str) -> int:
        if code not in self._currencies:
            found = self._session.rows("currency.currency", [["code", "=", code]], ["code"], limit=1)
            if not found:
                raise TargetRefused(f"Tryton does not know the currency {code}.", remedy="Add it there, with its rate.")
            self._currencies[code] = found[0]["id"]
        return self._currencies[code]


_FIELDS = [
    *(
        "number",
        "reference",
        "description",
        "state",
        "invoice_date",
        "create_date",
        "party",
        "party.name",
        "currency.code",
    ),
    *("untaxed_amount", "tax_amount", "total_amount"),
]
_REFERENCE = re.compile(r"\b[0-9a-f]{20}\b")


def _is_same(row: Row, draft: Draft) -> bool:
    wanted = draft.values
    said = (row["party"], row["reference"], row["invoice_date"])
    amounts = (row["untaxed_amount"], row["tax_amount"], row["total_amount"])
    return (said, amounts) == ((wanted["party"], wanted["reference"], wanted["invoice_date"]), draft.totals)


def _voucher(row: Row) -> Voucher:
    reference = _REFERENCE.search(row["description"] or "")
    return Voucher(
        reference=reference[0] if reference else None,
        target_id=row["number"] or f"draft {row['id']}",
        seller_name=row["party."]["name"] or "",
        number=row["reference"] or "",
        issue_date=row["invoice_date"] or row["create_date"].date(),  # somebody's draft may lack it
        net=row["untaxed_amount"],
        tax=row["tax_amount"],
        gross=row["total_amount"],
        currency=row["currency."]["code"],
        is_posted=row["state"] in POSTED,
    )


def _timed(steps: dict[str, float], name: str, work: Callable[[], T]) -> T:
    """What the work gives; its wall seconds go into `steps`."""
    begun = monotonic()
    try:
        return work()
    finally:
        steps[name] = monotonic() - begun
