"""An accounting system for tests, with named failures, and the clerk's pen that fills the ledger."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Lock

from pipeline.errors import OutcomeUnknown, TargetDown, TargetRefused
from pipeline.ports import Posted
from pipeline.posting.enqueue import put_job
from pipeline.posting.poster import Poster
from pipeline.posting.targets import Targets
from pipeline.review.enqueue import slot_of
from pipeline.validate.duplicates import business_key
from schemas import (
    Document,
    Draft,
    Field,
    FieldName,
    MediaType,
    Outcome,
    PostingKey,
    PostingOrder,
    Reason,
    Record,
    Review,
    StraightThrough,
    VatBreakdown,
    Voucher,
)

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SELLERS = {"Martin": "FR44732829320", "Garnier": "FR83404833048", "Nordlys": "DE136695976"}
CLEARED = StraightThrough()
LATE = timedelta(seconds=29)
"""So long a slow request goes on in the system after its sender is gone: shorter than the default `doubt_seconds`."""


class Killed(BaseException):
    """The process dies here: nothing that comes after happens."""


class Books:
    """What an accounting system holds. It outlives every poster."""

    def __init__(self, clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._vouchers: list[Voucher] = []
        self._late: list[tuple[datetime, Voucher]] = []

    @property
    def vouchers(self) -> list[Voucher]:
        now = self._clock.now()
        self._vouchers += [voucher for at, voucher in self._late if at <= now]
        self._late = [(at, voucher) for at, voucher in self._late if at > now]
        return self._vouchers

    def posted(self, reference: str | None) -> list[Voucher]:
        return [one for one in self.vouchers if one.is_posted and one.reference == reference]

    def commit(self, voucher: Voucher) -> None:
        """A draft of the same invoice becomes the voucher."""
        with self._lock:
            self.vouchers[:] = [one for one in self.vouchers if one.is_posted or one.reference != voucher.reference]
            self.vouchers.append(voucher)

    def commit_late(self, voucher: Voucher) -> None:
        self._late.append((self._clock.now() + LATE, voucher))


class FakeTarget:
    """A target whose next calls fail as they are told to; each failure counts once, "" is none."""

    name = "books"

    def __init__(self, books: Books) -> None:
        self.books = books
        self.failures: list[str] = []
        self.closed = 0

    def find(self, key: PostingKey) -> Voucher | None:
        match self._next("find-down", "find-fault", "find-unknown", "killed-asking"):
            case "find-down":
                raise TargetDown("The server does not answer.")
            case "find-fault":
                raise KeyError("no such column")
            case "find-unknown":
                raise OutcomeUnknown("Two vouchers look like it.")
            case "killed-asking":
                raise Killed
        return next(iter(self.books.posted(key.reference)), None)

    def post(self, order: PostingOrder, original: Path) -> Posted:
        assert hashlib.sha256(original.read_bytes()).hexdigest() == order.sha256
        voucher = voucher_of(order, f"V{len(self.books.vouchers) + 1}")
        failure = self._next()
        if failure in {"draft-then-down", "draft-then-unknown", "killed-with-draft"}:
            self.books.commit(voucher.model_copy(update={"is_posted": False}))
        elif failure in {"reply-dropped", "killed-after-commit", "fault-after-commit", "wrong-total", ""}:
            changes = {"gross": voucher.gross + 1} if failure == "wrong-total" else {}
            self.books.commit(voucher.model_copy(update=changes))
        elif failure == "slow-and-dropped":
            self.books.commit_late(voucher)
        match failure:
            case "down" | "draft-then-down":
                raise TargetDown("The server went away.")
            case "refused":
                raise TargetRefused("The period is closed.")
            case "reply-dropped" | "request-lost" | "slow-and-dropped" | "draft-then-unknown":
                raise OutcomeUnknown("No reply to the last click.")
            case "fault-after-commit":
                raise ValueError("cannot read the number back")
            case "killed-before-commit" | "killed-after-commit" | "killed-with-draft":
                raise Killed
        found = self.books.posted(order.key.reference)[-1]
        return Posted(found, ("evidence/one.png",), {"save": 0.5})

    def vouchers(self) -> Iterator[Voucher]:
        if self._next("list-down"):
            raise TargetDown("The server does not answer.")
        yield from list(self.books.vouchers)

    def close(self) -> None:
        self.closed += 1

    def _next(self, *only: str) -> str:
        """The next failure, when it is one of these, or for a posting."""
        if not self.failures or (only and self.failures[0] not in only):
            return ""
        return self.failures.pop(0)


POST_FAILURES = (
    "down", "reply-dropped", "request-lost", "slow-and-dropped", "draft-then-down", "draft-then-unknown",
    "fault-after-commit", "killed-before-commit", "killed-after-commit", "killed-with-draft",
)  # fmt: skip
ASK_FAILURES = ("find-down", "find-fault", "find-unknown", "killed-asking")


class OneTarget(Targets):
    """Every name leads to the same target, or to one of its own."""

    def __init__(self, target: FakeTarget, **named: FakeTarget) -> None:
        self.target, self.named = target, named

    def get(self, name: str, client_id: str) -> FakeTarget:  # noqa: ARG002
        return self.named.get(name, self.target)

    def forget(self, name: str, client_id: str) -> None:
        self.get(name, client_id).close()


class Pen:
    """Lets invoices come in and be cleared."""

    def __init__(self, ledger, archive) -> None:
        self.ledger, self.archive = ledger, archive

    def clear(self, number: str, seller: str = "Martin", client: str = "main", **changes: object) -> str:
        """An invoice goes straight through; returns its document's id."""
        return self.settle(number, seller, client, StraightThrough(), **changes)

    def doubt(self, number: str, seller: str = "Martin", client: str = "main", **changes: object) -> str:
        """An invoice waits for a person; returns its document's id."""
        reason = Reason(code="low-confidence", message="doubtful")
        return self.settle(number, seller, client, Review(reasons=(reason,)), **changes)

    def settle(
        self, number, seller, client, decision, content: str = "", lines=(), findings=(), **changes: object
    ) -> str:
        body = (content or f"{client}/{seller}/{number}").encode()
        made = record(number, seller, **changes).model_copy(update={"lines": lines})
        return self.put(made, f"{number}.pdf", body, client, decision, findings)

    def put(self, cleared: Record, name: str, body: bytes, client: str = "main", decision=CLEARED, findings=()) -> str:
        """A document with one record comes in and gets a decision; returns the document's id."""
        document = Document(
            client_id=client,
            sha256=self.archive.put_bytes(body),
            file_name=name,
            size=len(body),
            media_type=MediaType.PDF,
            received_at=AT,
        )
        self.ledger.register(document, f"arrival-{document.document_id}")
        self.ledger.begin(document.document_id, "me", timedelta(minutes=5))
        self.ledger.settle(
            document.document_id,
            "me",
            [Draft(record=cleared, findings=findings)],
            lambda draft, _: Outcome(**dict(draft), decision=decision),
            business_key,
            slot_of,
            to_post=put_job,
        )
        return document.document_id


def record(number: str, seller: str = "Martin", **changes: object) -> Record:
    """An invoice over 120.00 that adds up; a field given as None is missing."""
    values = {
        FieldName.INVOICE_NUMBER: number,
        FieldName.ISSUE_DATE: date(2026, 3, 2),
        FieldName.SELLER_NAME: seller,
        FieldName.SELLER_VAT_ID: SELLERS[seller],
        FieldName.CURRENCY: "EUR",
        FieldName.NET_TOTAL: Decimal("100.00"),
        FieldName.TAX_TOTAL: Decimal("20.00"),
        FieldName.GROSS_TOTAL: Decimal("120.00"),
    } | {FieldName(name): value for name, value in changes.items()}
    fields = {name: Field(name=name, value=value, confidence=0.9) for name, value in values.items() if value}
    taxes = (VatBreakdown(rate=Decimal(20), base=Decimal(100), amount=Decimal(20)),)
    return Record(fields=fields, vat_breakdown=taxes, pages=(1,))


def voucher_of(order: PostingOrder, target_id: str) -> Voucher:
    """What an accounting system holds of an order that was keyed without a mistake."""
    return Voucher(
        reference=order.key.reference,
        target_id=target_id,
        seller_name=order.record.value(FieldName.SELLER_NAME),
        number=order.record.value(FieldName.INVOICE_NUMBER),
        issue_date=order.key.issue_date,
        net=sum((line.net for line in order.coding.lines), Decimal(0)),
        tax=sum((tax.amount for tax in order.coding.taxes), Decimal(0)),
        gross=order.coding.total,
        currency=order.record.value(FieldName.CURRENCY),
    )


def run(poster: Poster, stop) -> list:
    """Post until nothing is due; a poster that is killed just ends."""
    done = []
    try:
        for one in poster.work(stop):
            done.append(one)  # noqa: PERF402 (what was done before the end counts)
    except Killed:
        pass
    return done
