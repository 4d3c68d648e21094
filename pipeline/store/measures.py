"""What one event adds to the tallies; pure. This module is the written definition of every measure.

Each measure counts occurrences (`n`) and adds up one thing about them (`total`), a whole number:

| measure                   | slice               | n                                   | total                       |
|---------------------------|---------------------|-------------------------------------|-----------------------------|
| received                  | media type          | files taken in                      | bytes                       |
| seen_again                |                     | files whose bytes were there already|                             |
| refused                   | code                | files not taken in                  |                             |
| documents                 | hour (UTC)          | files decided by the machine        | pages of their invoices     |
| decided                   | decision            | invoices decided by the machine     |                             |
| straight_through          | "", kind, supplier, | invoices decided by the machine     | those that went straight    |
|   (.kind .supplier .model)|   model version     |                                     |   through                   |
| confidence                | "", supplier, model | invoices with a risk                | 1 - risk, in millionths     |
|   (.supplier .model)      |   version           |                                     |                             |
| reason                    | code                | invoices held for that reason       | those held for no other     |
| cpu                       |                     | files                               | CPU milliseconds            |
| touched                   |                     | invoices a person took in hand      |                             |
| person                    | decision            | invoices decided by people          |                             |
| operator                  | review, sample      | the same, and samples               | milliseconds of work        |
| operator_time             | rounded time        | invoices with that time of work     |                             |
| sla                       |                     | invoices decided by people          | those decided too late      |
| field.review field.sample | field               | values that a person checked        | those that were right       |
| correction                | "", supplier, model | invoices decided by people          | those with a wrong critical |
|   (.supplier .model)      |   version           |                                     |   field                     |
| sample (.supplier .model) | "", supplier, model | samples checked blind               | those found wrong           |
| duplicate                 | currency            | refused by people as duplicates     | cents, without sign         |
| to_decision               | rounded time        | invoices finally decided            |                             |
| to_posting                | rounded time        | invoices posted                     |                             |
| posted                    | target              | invoices posted                     | milliseconds of the attempt |
| first_right               |                     | invoices posted                     | those right the first time  |
| discount.kept             | currency            | posted within the discount's days   | its cents                   |
| discount.lost             | currency            | posted after them                   | its cents                   |
| posting_dead              | code                | postings that need somebody         |                             |

The day is that of the event in UTC. Only `touched`, and what is taken back from `first_right`, belong to the day of the
decision and of the posting that they are about, so that a share never counts more than there is.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from math import floor, log10
from typing import Any, NamedTuple

from schemas import MediaType

LONGEST = 200
"""Characters of a slice or a label: a hostile document may name itself as it likes."""

_STEPS = ((20, 1), (50, 2), (float("inf"), 5))
"""Of a time's first two digits: below which the steps are how large."""
Data = Mapping[str, Any]


class Tally(NamedTuple):
    """An addition to one slice of one measure on one day."""

    measure: str
    slice: str = ""
    n: int = 1
    total: int = 0
    label: str = ""
    day: date = date.min
    """Where it is not said, that of the event."""


def tallied(kind: str, at: datetime, data: Data, versions: Mapping[str, str]) -> Iterator[Tally]:
    """What an event adds; nothing where it is of no measure. Events of earlier versions lack some data."""
    measure = _MEASURES.get(kind)
    if measure is None:
        return
    today = at.astimezone(UTC).date()
    for name, slice_, n, total, label, day in measure(at, data, versions):
        yield Tally(name, slice_[:LONGEST], n, total, label[:LONGEST], today if day == date.min else day)


def rounded(seconds: float) -> str:
    """A time in milliseconds, rounded by 5 % at most, written so that texts sort as the times do.

    To steps of 1, 2 and 5 in its second digit: 1.0, 1.1 to 2.0, 2.2 to 5.0, 5.5 to 10. So there are 35 values a decade.
    """
    milliseconds = 1000 * seconds
    if milliseconds < 1:
        return f"{0:013d}"
    unit = 10.0 ** (floor(log10(milliseconds)) - 1)
    digits = milliseconds / unit
    step = next(step for below, step in _STEPS if digits < below)
    return f"{round(round(digits / step) * step * unit):013d}"


def _received(_at: datetime, data: Data, _versions: Data) -> Iterator[Tally]:
    yield Tally("received", data.get("media_type", ""), total=data.get("size", 0))


def _seen_again(_at: datetime, _data: Data, _versions: Data) -> Iterator[Tally]:
    yield Tally("seen_again")


def _refused(_at: datetime, data: Data, _versions: Data) -> Iterator[Tally]:
    if "reason" in data:
        yield Tally("refused", data["reason"]["code"])


def _decided(at: datetime, data: Data, versions: Data) -> Iterator[Tally]:
    decision = data.get("decision")
    if decision is None:
        return
    yield Tally("decided", decision)
    yield Tally("documents", f"{at.astimezone(UTC).hour:02d}", n=int(data["part"] == 1), total=data.get("pages", 0))
    if "cpu" in data:
        yield Tally("cpu", total=round(1000 * data["cpu"]))
    yield from _by("straight_through", data, versions, int(decision == "straight_through"))
    if kind := _kind(data):
        yield Tally("straight_through.kind", kind, total=int(decision == "straight_through"))
    if data.get("risk") is not None:
        yield from _by("confidence", data, versions, round(1e6 * (1.0 - data["risk"])))
    codes = sorted(set(data["reasons"]))
    yield from (Tally("reason", code, total=int(len(codes) == 1)) for code in codes)
    if decision != "review" and "waited" in data:
        yield Tally("to_decision", rounded(data["waited"]))


def _claimed(_at: datetime, data: Data, _versions: Data) -> Iterator[Tally]:
    if data.get("token") == 1 and not data.get("sample") and "settled_at" in data:
        yield Tally("touched", day=_day(data["settled_at"]))


def _ended(_at: datetime, data: Data, _versions: Data) -> Iterator[Tally]:
    if "seconds" not in data:
        return  # an earlier version wrote it: what people did was not told yet
    is_sample, versions = data["sample"], data["versions"]
    yield Tally("operator", "sample" if is_sample else "review", total=round(1000 * data["seconds"]))
    yield Tally("operator_time", rounded(data["seconds"]))
    checked = "field.sample" if is_sample else "field.review"
    yield from (Tally(checked, name, total=int(name not in data["wrong"])) for name in data["checked"])
    if is_sample:
        yield from _by("sample", data, versions, int(data["is_wrong"]))
        return
    yield Tally("person", data["after"])
    yield Tally("sla", total=int(data["late"]))
    yield Tally("to_decision", rounded(data["waited"]))
    if data["checked"]:
        yield from _by("correction", data, versions, int(data["is_wrong"]))
    if data.get("reason") == "duplicate" and data["gross"] is not None:
        yield Tally("duplicate", data["currency"] or "", total=round(100 * abs(Decimal(data["gross"]))))


def _posted(_at: datetime, data: Data, _versions: Data) -> Iterator[Tally]:
    yield Tally("posted", data["target"], total=round(1000 * data["seconds"]))
    if "waited" in data:  # else an earlier version wrote it
        yield Tally("to_posting", rounded(data["waited"]))
        yield Tally("first_right", total=int(data["first_right"]))
    if (discount := data.get("discount")) is not None:
        cents = round(100 * abs(Decimal(discount["amount"])))
        yield Tally("discount.kept" if discount["kept"] else "discount.lost", discount["currency"] or "", total=cents)


def _warned(_at: datetime, data: Data, _versions: Data) -> Iterator[Tally]:
    if data.get("first_right") and data.get("posted_at"):
        yield Tally("first_right", n=0, total=-1, day=_day(data["posted_at"]))


def _dead(_at: datetime, data: Data, _versions: Data) -> Iterator[Tally]:
    yield Tally("posting_dead", (data.get("failure") or {}).get("code", ""))


def _by(measure: str, data: Data, versions: Data, total: int) -> Iterator[Tally]:
    """The same of all, of the supplier and of the model version, where they are known."""
    yield Tally(measure, total=total)
    if supplier := data.get("supplier"):
        yield Tally(f"{measure}.supplier", supplier, total=total, label=data.get("seller") or "")
    if model := model_of(versions):
        yield Tally(f"{measure}.model", model, total=total)


def model_of(versions: Data) -> str:
    """The version of the models that judged: of the scorer and of the calibration; empty where none did."""
    return " / ".join(str(versions[name]) for name in ("scorer", "calibration") if versions.get(name))


def _kind(data: Data) -> str:
    """Of what kind the file is and what it was read from."""
    return f"{MediaType(data['media_type']).name}, {data['source']}" if "source" in data else ""


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(UTC).date()


_MEASURES: Mapping[str, Callable[[datetime, Data, Data], Iterator[Tally]]] = {
    "received": _received,
    "seen_again": _seen_again,
    "rejected": _refused,
    "decided": _decided,
    "review_claimed": _claimed,
    "review_approved": _ended,
    "review_corrected": _ended,
    "review_rejected": _ended,
    "posting_done": _posted,
    "posting_warned": _warned,
    "posting_dead": _dead,
}
KINDS = tuple(_MEASURES)
"""The kinds of event that count."""
