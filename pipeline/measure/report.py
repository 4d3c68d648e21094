"""The report on what went through the ledger: counts, reasons, seconds, and every invoice."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from statistics import mean, median

from pipeline.measure.scores import Share, share_of
from pipeline.review.facts import source_of
from pipeline.store.summary import Event, Settled, Status
from schemas import FieldName, Record
from schemas.base import Value
from schemas.terms import POSTING_CRITICAL

SHOWN = 2000
"""At most so many invoices are listed, the latest; the counts are over all."""


class Row(Value):
    """One invoice as the report lists it."""

    document_id: str
    file: str
    part: int
    settled_at: datetime
    media_type: str
    source: str
    supplier: str | None
    number: str | None
    issue_date: date | None
    gross: Decimal | None
    currency: str | None
    decision: str
    reasons: tuple[str, ...]
    confidence: float | None
    """The lowest one among the posting-critical fields that have a value."""
    weakest: FieldName | None
    """The field with that confidence."""
    seconds: float | None


class Cause(Value):
    """A reason for review or rejection, and the invoices that have it."""

    code: str
    message: str
    """As the first invoice with this reason says it."""
    fields: Mapping[FieldName, int]
    """The fields it is about, with the number of invoices, commonest first."""
    count: int
    alone: int
    """Those among them that have no other reason."""


class RefusedFile(Value):
    """A file that was not taken in."""

    at: datetime
    file: str
    code: str
    message: str


class KindRow(Value):
    """Invoices of one kind of file, by what they were read from."""

    name: str
    count: int
    straight_through: Share
    seconds: float | None


class Report(Value):
    """Everything the report shows. Seconds are CPU seconds an invoice."""

    made_at: datetime
    home: str
    invoices: int
    decisions: Mapping[str, int]
    straight_through: Share
    documents: int
    waiting: int
    seen_again: int
    refused: int
    causes: tuple[Cause, ...]
    kinds: tuple[KindRow, ...]
    stages: Mapping[str, float]
    """Mean seconds of each stage."""
    mean_seconds: float | None
    median_seconds: float | None
    rows: tuple[Row, ...]
    """The latest first."""
    refused_files: tuple[RefusedFile, ...]
    """The latest first."""


def build_report(
    history: Iterable[Settled], status: Status, refusals: Sequence[Event], *, home: str, now: datetime
) -> Report:
    """Gather the figures from the ledger: its history, its counts and its "rejected" events."""
    settled = list(history)
    rows = [_row(one) for one in settled]
    known = [row.seconds for row in rows if row.seconds is not None]
    return Report(
        made_at=now,
        home=home,
        invoices=len(rows),
        decisions=Counter(row.decision for row in rows),
        straight_through=_straight_through(rows),
        documents=sum(status.documents.values()),
        waiting=status.waiting,
        seen_again=status.seen_again,
        refused=status.refused,
        causes=_causes(settled),
        kinds=_kinds(rows),
        stages=_stages(settled),
        mean_seconds=mean(known) if known else None,
        median_seconds=median(known) if known else None,
        rows=tuple(reversed(rows[-SHOWN:])),
        refused_files=tuple(_refused(event) for event in reversed(refusals[-SHOWN:])),
    )


def _row(settled: Settled) -> Row:
    document, outcome = settled.document, settled.outcome
    record = outcome.record or Record(fields={})
    weakest = min(
        (record.fields[name] for name in POSTING_CRITICAL if record.value(name) is not None),
        key=lambda field: field.confidence,
        default=None,
    )
    return Row(
        document_id=document.document_id,
        file=document.file_name,
        part=outcome.part,
        settled_at=settled.at,
        media_type=document.media_type.name,
        source=source_of(record),
        supplier=record.value(FieldName.SELLER_NAME),
        number=record.value(FieldName.INVOICE_NUMBER),
        issue_date=record.value(FieldName.ISSUE_DATE),
        gross=record.value(FieldName.GROSS_TOTAL),
        currency=record.value(FieldName.CURRENCY),
        decision=outcome.decision.kind,
        reasons=tuple(reason.message for reason in outcome.decision.reasons),
        confidence=weakest.confidence if weakest else None,
        weakest=weakest.name if weakest else None,
        seconds=sum(outcome.seconds.values()) if outcome.seconds else None,
    )


def _straight_through(rows: Iterable[Row]) -> Share:
    decisions = [row.decision == "straight_through" for row in rows]
    return share_of(sum(decisions), len(decisions))


def _causes(settled: Iterable[Settled]) -> tuple[Cause, ...]:
    """The reasons, commonest first."""
    counts: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    fields: dict[str, Counter[FieldName]] = defaultdict(Counter)
    messages: dict[str, str] = {}
    for one in settled:
        reasons = one.outcome.decision.reasons
        codes = {reason.code for reason in reasons}
        counts.update(codes)
        alone.update(codes if len(codes) == 1 else ())
        for code, name in {(reason.code, reason.field) for reason in reasons if reason.field}:
            fields[code][name] += 1
        for reason in reasons:
            messages.setdefault(reason.code, reason.message)
    return tuple(
        Cause(
            code=code,
            message=messages[code],
            fields=dict(fields[code].most_common()),
            count=count,
            alone=alone[code],
        )
        for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _refused(event: Event) -> RefusedFile:
    reason = event.data["reason"]
    return RefusedFile(at=event.at, file=event.data["file_name"], code=reason["code"], message=reason["message"])


def _kinds(rows: Iterable[Row]) -> tuple[KindRow, ...]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[f"{row.media_type}, {row.source}"].append(row)
    return tuple(
        KindRow(
            name=name,
            count=len(members),
            straight_through=_straight_through(members),
            seconds=mean(known) if (known := [row.seconds for row in members if row.seconds is not None]) else None,
        )
        for name, members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def _stages(settled: Iterable[Settled]) -> dict[str, float]:
    spent: dict[str, list[float]] = defaultdict(list)
    for one in settled:
        for stage, seconds in one.outcome.seconds.items():
            spent[stage].append(seconds)
    return {stage: mean(values) for stage, values in spent.items()}
