"""The proof of the audit trail: every chain of events is read from its start and held against its anchors."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select

from pipeline.house.anchors import Anchor
from pipeline.store.database import Database
from pipeline.store.tables import EventRow
from pipeline.store.trail import START, Link, content, digest
from schemas.base import Value

_AT_ONCE = 2000


class Fault(Value):
    """What does not fit in a client's chain, and at which event.

    kind "edited": the event says something else than when it was written. "deleted": it is missing. "reordered": it is
    not where it was. "truncated": the chain ends before an anchor. "rewritten": an anchor knows another event here.
    """

    kind: str
    client_id: str
    number: int

    def __str__(self) -> str:
        return f"{self.client_id} event {self.number}: {self.kind}"


class Verified(Value):
    """What was looked at, and what does not fit; nothing after its anchor is safe from being cut off."""

    events: int
    chains: int
    anchored: int
    """Events up to the last anchor of their chain."""
    faults: tuple[Fault, ...]


def verify(database: Database, anchors: Iterable[Anchor], client_id: str | None = None) -> Verified:
    """Read all chains, or that of one client, and compare. Raises StoreError."""
    marks: dict[str, dict[int, set[str]]] = {}
    for one in anchors:
        if client_id in (None, one.client_id):
            marks.setdefault(one.client_id, {}).setdefault(one.number, set()).add(one.hash)
    chains = {name: _Chain(name, own) for name, own in marks.items()}
    for event in _events(database, client_id):
        chain = chains.get(event.client_id) or chains.setdefault(event.client_id, _Chain(event.client_id, {}))
        chain.add(event)
    faults = tuple(fault for _, chain in sorted(chains.items()) for fault in (*chain.faults, *chain.cut_off()))
    return Verified(
        events=sum(chain.events for chain in chains.values()),
        chains=len(chains),
        anchored=sum(chain.anchored for chain in chains.values()),
        faults=faults,
    )


def exported(database: Database, client_id: str | None = None) -> Iterator[str]:
    """Every event as a line of JSON, its `hash` over the rest in canonical form; chain after chain, in order."""
    for event in _events(database, client_id):
        yield json.dumps(content(event) | {"hash": event.hash}, sort_keys=True, separators=(",", ":"))


@dataclass
class _Chain:
    """One chain while it is read."""

    client_id: str
    marks: Mapping[int, set[str]]
    last: Link = field(default_factory=lambda: Link(0, START))
    row_id: int = 0
    events: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, event: Any) -> None:
        """Hold the next event against what came before it."""
        self.events += 1
        self.faults += [self._fault("deleted", number) for number in range(self.last.number + 1, event.number)]
        is_next = event.number == self.last.number + 1
        if digest(content(event)) != event.hash:
            self.faults.append(self._fault("edited", event.number))
        elif event.id < self.row_id or (is_next and event.previous != self.last.hash):
            self.faults.append(self._fault("reordered", event.number))
        if event.hash not in self.marks.get(event.number, {event.hash}):
            self.faults.append(self._fault("rewritten", event.number))
        self.last, self.row_id = Link(event.number, event.hash), event.id

    def cut_off(self) -> list[Fault]:
        """The anchors that lie behind the end."""
        return [self._fault("truncated", number) for number in sorted(self.marks) if number > self.last.number]

    @property
    def anchored(self) -> int:
        """Events that an anchor holds."""
        return min(max(self.marks, default=0), self.last.number)

    def _fault(self, kind: str, number: int) -> Fault:
        return Fault(kind=kind, client_id=self.client_id, number=number)


def _events(database: Database, client_id: str | None) -> Iterator[Any]:
    """Rows by chain and number, a few at a time."""
    query: Select[Any] = select(*EventRow.__table__.columns).order_by(EventRow.client_id, EventRow.number)
    if client_id is not None:
        query = query.where(EventRow.client_id == client_id)
    with database.reading() as session:
        yield from session.execute(query, execution_options={"yield_per": _AT_ONCE})
