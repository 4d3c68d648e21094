"""The clients of the house: whose invoices are worked on, and by which rules."""

import re
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.house.errors import NotAllowed, UnknownClient
from pipeline.ports import Clock
from pipeline.store import trail
from pipeline.store.database import Database
from pipeline.store.tables import ClientRow
from schemas.base import Value
from schemas.policy import MAIN, ClientPolicy

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


class Client(Value):
    """A company whose invoices are worked on. `policy` knows which of its settings the client has made itself."""

    id: str
    name: str
    active: bool
    policy: ClientPolicy
    created_at: datetime

    def target_error(self, default: float) -> float:
        """The share of fields posted untouched that may be wrong: the client's own, else the installation's."""
        return self.policy.target_error if "target_error" in self.policy.model_fields_set else default


class Clients:
    """Every method is one short transaction and raises StoreError. Changes are events in the client's own chain."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def all(self) -> tuple[Client, ...]:
        """Every client, closed ones too, by id."""
        with self._database.reading() as session:
            return tuple(_client(row) for row in session.scalars(select(ClientRow).order_by(ClientRow.id)))

    def get(self, client_id: str) -> Client:
        """The client with this id. Raises UnknownClient."""
        with self._database.reading() as session:
            return _client(_row(session, client_id))

    def open_one(self, client_id: str) -> Client:
        """The client with this id, when it is not closed. Raises UnknownClient."""
        client = self.get(client_id)
        if not client.active:
            raise UnknownClient(f"The client {client_id} is closed.")
        return client

    def policy(self, client_id: str) -> ClientPolicy:
        """The rules of a client. Raises UnknownClient."""
        return self.get(client_id).policy

    def add(self, client_id: str, name: str, by: str) -> Client:
        """Make a client. Event: "client_added". Raises NotAllowed for an id that is taken, in whatever case."""
        if not _ID.fullmatch(client_id):
            raise NotAllowed(f"{client_id!r} is no id: 1 to 32 of A-Z, a-z, 0-9, dash and underscore.")
        with self._database.writing() as session:
            if session.scalar(select(ClientRow).where(func.lower(ClientRow.id) == client_id.lower())):
                raise NotAllowed(f"There is a client {client_id} already.")
            row = ClientRow(id=client_id, name=name, active=True, policy={}, created_at=self._clock.now())
            session.add(row)
            self._note(session, "client_added", client_id, by, {"after": {"name": name}})
            return _client(row)

    def set_policy(self, client_id: str, changes: dict[str, object], by: str, why: str = "") -> ClientPolicy:
        """Change settings of a client's policy; None takes one back to its default. Event: "client_policy".

        Raises UnknownClient, NotAllowed for a setting or value that is not possible.
        """
        if "client_id" in changes:
            raise NotAllowed("The id of a client does not change.")
        with self._database.writing() as session:
            row = _row(session, client_id)
            values = {**row.policy, **changes}
            wanted = {name: value for name, value in values.items() if value is not None}
            try:
                policy = ClientPolicy.model_validate(wanted | {"client_id": client_id})
            except ValidationError as error:
                first = error.errors()[0]
                raise NotAllowed(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
            before, row.policy = row.policy, _said(policy)
            self._note(session, "client_policy", client_id, by, {"before": before, "after": row.policy, "why": why})
            return policy

    def set_active(self, client_id: str, active: bool, by: str, why: str = "") -> None:
        """Close a client or open it again; the main one stays (NotAllowed). Events: "client_closed", "client_opened".

        What is known of a closed client stays; nothing more is taken in for it.
        """
        if client_id == MAIN and not active:
            raise NotAllowed("The main client stays: it gets what belongs to no other.")
        with self._database.writing() as session:
            row = _row(session, client_id)
            if row.active != active:
                row.active = active
                self._note(session, "client_opened" if active else "client_closed", client_id, by, {"why": why})

    def _note(self, session: Session, kind: str, client_id: str, by: str, data: dict[str, object]) -> None:
        trail.append(session, self._clock.now(), kind, None, client_id, by, data)


def _row(session: Session, client_id: str) -> ClientRow:
    row = session.get(ClientRow, client_id)
    if row is None:
        raise UnknownClient(f"No client has the id {client_id}.")
    return row


def _client(row: ClientRow) -> Client:
    policy = ClientPolicy.model_validate(row.policy | {"client_id": row.id})
    return Client(id=row.id, name=row.name, active=row.active, policy=policy, created_at=row.created_at)


def _said(policy: ClientPolicy) -> dict[str, object]:
    """What the client has settled itself, as JSON values."""
    return policy.model_dump(mode="json", exclude_unset=True, exclude={"client_id"})
