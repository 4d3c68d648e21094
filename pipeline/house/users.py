"""The users of the house and what they are at each client."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pipeline.house import passwords
from pipeline.house.errors import NotAllowed, SignInRefused, UnknownClient, UnknownUser
from pipeline.ports import Clock
from pipeline.store import trail
from pipeline.store.database import Database
from pipeline.store.house_tables import RightRow, SessionRow, UserRow
from pipeline.store.tables import ClientRow
from schemas.base import Value
from schemas.people import HOUSE, SYSTEM, Actor, Role

FIRST_ADMIN = "admin"
"""The name of the user that the first start makes."""

_NAME = re.compile(r"[\w.@+-]{1,64}")


class User(Value):
    """A person who signs in."""

    name: str
    active: bool
    must_change_password: bool
    created_at: datetime
    roles: Mapping[str, frozenset[Role]]


class Users:
    """Every method is one short transaction and raises StoreError.

    Changes are events in the chain of the house, those of a role in the chain of its client. A change of a user's
    roles, password or state ends his sessions.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def all(self) -> tuple[User, ...]:
        """Every user, by name."""
        with self._database.reading() as session:
            roles = _roles(session)
            return tuple(
                _user(row, roles.get(row.id, {})) for row in session.scalars(select(UserRow).order_by(UserRow.name))
            )

    def get(self, name: str) -> User:
        """The user with this name. Raises UnknownUser."""
        with self._database.reading() as session:
            row = row_of(session, name)
            return _user(row, _roles(session, row.id).get(row.id, {}))

    def actor(self, name: str) -> Actor:
        """The user as one who acts. Raises UnknownUser, also when he is switched off."""
        user = self.get(name)
        if not user.active:
            raise UnknownUser(f"The user {user.name} is switched off.")
        return Actor(user=user.name, roles=user.roles, must_change_password=user.must_change_password)

    def add(self, name: str, by: str, password: str | None = None) -> str:
        """Make a user without any role and return his password, which he must change. Event: "user_added".

        Raises NotAllowed for a name that is taken or not possible.
        """
        with self._database.writing() as session:
            return self._add(session, name, by, password)

    def ensure_first_admin(self) -> str | None:
        """Make the first user, an admin of all clients, and return his password; None when there are users already."""
        with self._database.writing() as session:
            if session.scalar(select(UserRow.id).limit(1)) is not None:
                return None
            password = self._add(session, FIRST_ADMIN, SYSTEM.user, None)
            self._give(session, row_of(session, FIRST_ADMIN), HOUSE, Role.ADMIN, SYSTEM.user)
            return password

    def give_role(self, name: str, client_id: str, role: Role, by: str) -> None:
        """Give a user a role at a client, or at all with `HOUSE`. Event: "role_given".

        Raises UnknownUser, UnknownClient.
        """
        with self._database.writing() as session:
            if client_id != HOUSE and session.get(ClientRow, client_id) is None:
                raise UnknownClient(f"No client has the id {client_id}.")
            self._give(session, row_of(session, name), client_id, role, by)

    def take_role(self, name: str, client_id: str, role: Role, by: str) -> None:
        """Take a role away. Event: "role_taken". Raises UnknownUser, NotAllowed when he does not have it."""
        with self._database.writing() as session:
            row = row_of(session, name)
            right = session.get(RightRow, (row.id, client_id, role.value))
            if right is None:
                raise NotAllowed(f"{row.name} is no {role} at {client_id}.")
            session.delete(right)
            self._changed(session, row, "role_taken", by, {"role": role.value}, client_id)

    def set_password(self, name: str, by: str, password: str | None = None) -> str:
        """Give a user a new password, which he must change, and return it. Event: "password_set".

        Raises UnknownUser, NotAllowed.
        """
        given = password or passwords.one_time()
        kept = passwords.hashed(given)
        with self._database.writing() as session:
            row = row_of(session, name)
            row.password, row.must_change_password = kept, True
            self._changed(session, row, "password_set", by)
        return given

    def change_password(self, name: str, old: str, new: str) -> None:
        """A user's own change. Event: "password_changed".

        Raises SignInRefused for a wrong old one, NotAllowed for a new one that is not possible, UnknownUser.
        """
        with self._database.reading() as session:
            before = row_of(session, name).password
        if not passwords.fits(old, before):
            raise SignInRefused("The old password is not right.")
        if passwords.fits(new, before):
            raise NotAllowed("The new password is the old one.", code="bad-password")
        kept = passwords.hashed(new)
        with self._database.writing() as session:
            row = row_of(session, name)
            if row.password != before:
                raise SignInRefused("The password was changed meanwhile.")
            row.password, row.must_change_password = kept, False
            self._changed(session, row, "password_changed", row.name)

    def set_active(self, name: str, active: bool, by: str) -> None:
        """Switch a user off or on again. Events: "user_disabled", "user_enabled". Raises UnknownUser."""
        with self._database.writing() as session:
            row = row_of(session, name)
            row.active = active
            self._changed(session, row, "user_enabled" if active else "user_disabled", by)

    def _add(self, session: Session, name: str, by: str, password: str | None) -> str:
        wanted, given = normal_name(name), password or passwords.one_time()
        if not _NAME.fullmatch(wanted) or wanted == SYSTEM.user:
            raise NotAllowed(f"{name!r} is no name for a user: 1 to 64 letters, digits and . @ + - _, without spaces.")
        if session.scalar(select(UserRow).where(UserRow.name == wanted)):
            raise NotAllowed(f"There is a user {wanted} already.")
        row = UserRow(name=wanted, password=passwords.hashed(given), active=True, must_change_password=True)
        row.created_at = self._clock.now()
        session.add(row)
        session.flush()
        self._changed(session, row, "user_added", by)
        return given

    def _give(self, session: Session, row: UserRow, client_id: str, role: Role, by: str) -> None:
        if session.get(RightRow, (row.id, client_id, role.value)) is None:
            session.add(RightRow(user_id=row.id, client_id=client_id, role=role.value))
            self._changed(session, row, "role_given", by, {"role": role.value}, client_id)

    def _changed(
        self,
        session: Session,
        row: UserRow,
        kind: str,
        by: str,
        data: Mapping[str, object] | None = None,
        client_id: str = HOUSE,
    ) -> None:
        """End the user's sessions and write the event."""
        session.execute(delete(SessionRow).where(SessionRow.user_id == row.id))
        trail.append(session, self._clock.now(), kind, None, client_id, by, {"user": row.name, **(data or {})})


def normal_name(name: str) -> str:
    """A name as it is kept: without regard to case and to how its letters are composed."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def row_of(session: Session, name: str) -> UserRow:
    """The row of a user. Raises UnknownUser."""
    row = session.scalar(select(UserRow).where(UserRow.name == normal_name(name)))
    if row is None:
        raise UnknownUser(f"No user is called {name}.")
    return row


def actor_of(session: Session, row: UserRow) -> Actor:
    """A user as one who acts, with the roles he has now."""
    roles = _roles(session, row.id).get(row.id, {})
    return Actor(user=row.name, roles=roles, must_change_password=row.must_change_password)


def _roles(session: Session, user_id: int | None = None) -> dict[int, dict[str, frozenset[Role]]]:
    query = select(RightRow.user_id, RightRow.client_id, RightRow.role)
    if user_id is not None:
        query = query.where(RightRow.user_id == user_id)
    found: dict[int, dict[str, frozenset[Role]]] = {}
    for user, client_id, role in session.execute(query):
        mine = found.setdefault(user, {})
        mine[client_id] = mine.get(client_id, frozenset()) | {Role(role)}
    return found


def _user(row: UserRow, roles: Mapping[str, frozenset[Role]]) -> User:
    return User(
        name=row.name,
        active=row.active,
        must_change_password=row.must_change_password,
        created_at=row.created_at,
        roles=roles,
    )
