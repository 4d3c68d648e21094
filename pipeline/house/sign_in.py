"""The door: name and password against a session, with a limit on attempts that lives in the database.

Every attempt is counted before its password is looked at, and forgotten when it succeeds; so many at the same time get
no further than one after the other.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from pipeline.house import passwords
from pipeline.house.errors import SignInRefused, TooManyAttempts
from pipeline.house.sessions import Sessions
from pipeline.house.users import normal_name
from pipeline.ports import Clock
from pipeline.store import trail
from pipeline.store.database import Database
from pipeline.store.house_tables import SignInAttemptRow, UserRow
from schemas.people import HOUSE, SYSTEM

WINDOW = timedelta(minutes=15)
"""Failed attempts are remembered for so long."""
PER_NAME = 10
"""Failed attempts under one name, from anywhere, known or not: 960 guesses a day at the most."""
PER_ADDRESS = 30
"""Failed attempts from one address: an office may share one."""
_LONGEST = 64


class Door:
    """Lets people in. Raises StoreError."""

    def __init__(self, database: Database, clock: Clock, sessions: Sessions) -> None:
        self._database = database
        self._clock = clock
        self._sessions = sessions

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The token of a new session. Events: "signed_in", "sign_in_refused".

        Raises SignInRefused, with the same words and after the same time for a wrong password and a user who is unknown
        or switched off; TooManyAttempts, known name or not.
        """
        name = normal_name(name)[:_LONGEST]
        self._count(name, address)
        with self._database.reading() as session:
            kept = session.scalar(select(UserRow.password).where(UserRow.name == name, UserRow.active))
        is_right = passwords.fits(password, kept)
        new_hash = passwords.hashed(password) if is_right and kept and passwords.needs_new_hash(kept) else kept
        token = None
        with self._database.writing() as session:
            user = session.scalar(select(UserRow).where(UserRow.name == name, UserRow.active))
            if is_right and user and user.password == kept:
                user.password = new_hash or user.password
                token = self._sessions.open_in(session, user)
                session.execute(delete(SignInAttemptRow).where(_same(name, address)))
            self._note(session, name, address, token is not None)
        if token is None:
            raise SignInRefused("Name and password do not fit.")
        return token

    def _count(self, name: str, address: str) -> None:
        """Note an attempt. Raises TooManyAttempts."""
        now = self._clock.now()
        with self._database.writing() as session:
            session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.at <= now - WINDOW))
            if _number(session, SignInAttemptRow.name == name) >= PER_NAME:
                raise TooManyAttempts("Too many failed attempts under this name.")
            if _number(session, SignInAttemptRow.address == address) >= PER_ADDRESS:
                raise TooManyAttempts("Too many failed attempts from this address.")
            session.add(SignInAttemptRow(at=now, name=name, address=address))

    def _note(self, session: Session, name: str, address: str, is_in: bool) -> None:
        kind, actor = ("signed_in", name) if is_in else ("sign_in_refused", SYSTEM.user)
        trail.append(session, self._clock.now(), kind, None, HOUSE, actor, {"user": name, "address": address})


def _same(name: str, address: str) -> ColumnElement[bool]:
    return (SignInAttemptRow.name == name) & (SignInAttemptRow.address == address)


def _number(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(SignInAttemptRow).where(which)) or 0
