"""Checks every invariant, and mends what can be mended. This module is the table of contents."""

from collections.abc import Callable, Iterator, Mapping

from pipeline.invariants import balance, deadlines, events, leftovers, originals, postings
from pipeline.invariants.balance import Balance, balances
from pipeline.invariants.place import Mend, Place
from pipeline.invariants.rules import Violation
from schemas.base import Value

FAMILIES: tuple[Callable[[Place], Iterator[Violation]], ...] = (
    leftovers.find,
    originals.find,
    balance.find,
    postings.find,
    deadlines.find,
    events.find,
)
"""In the order in which they are mended: what was claimed is taken in before anything is counted."""

MENDS: Mapping[str, Mend] = {
    "archive-orphan": originals.take_in,
    "leaked-temporary": leftovers.throw_away,
    "label-without-file": leftovers.throw_away,
    "claim-left": leftovers.go_on,
    "rejected-without-reason": leftovers.tell_reason,
    "done-without-record": balance.read_again,
    "review-item-missing": balance.put_in_queue,
    "job-missing": balance.put_in_outbox,
    "receipt-missing": postings.ask_again,
    "lease-over": deadlines.release,
    "posting-lease-over": deadlines.take_back,
    "review-lease-over": deadlines.sweep,
    "tallies-differ": events.rebuild,
}


class Checked(Value):
    """What was counted, and what does not hold."""

    balances: tuple[Balance, ...]
    violations: tuple[Violation, ...]


class Repair(Value):
    """A violation, and what was done about it; None where nothing could be."""

    violation: Violation
    did: str | None


class Reconciled(Value):
    """What was repaired, and how it stands since."""

    repairs: tuple[Repair, ...]
    after: Checked


def check(place: Place) -> Checked:
    """Look at every invariant; nothing is changed. Raises StoreError, TargetDown where targets are asked."""
    return Checked(balances=balances(place), violations=tuple(found for find in FAMILIES for found in find(place)))


def reconcile(place: Place, by: str) -> Reconciled:
    """Mend what can be mended, each repair an event with who asked for it, and check again."""
    repairs = [_mended(place, found, by) for find in FAMILIES for found in list(find(place))]
    return Reconciled(repairs=tuple(repairs), after=check(place))


def _mended(place: Place, found: Violation, by: str) -> Repair:
    mend = MENDS.get(found.code)
    return Repair(violation=found, did=mend(place, found, by) if mend else None)
