"""Who is signed in. The browser holds a random token; the database holds its SHA-256 only."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, update
from sqlalchemy.orm import Session

from pipeline.house.users import actor_of, row_of
from pipeline.ports import Clock
from pipeline.store.database import Database
from pipeline.store.house_tables import SessionRow, UserRow
from schemas.people import Actor

IDLE = timedelta(minutes=30)
"""A session that nobody used for so long is over."""
LIFE = timedelta(hours=12)
"""A session is over then in any case."""
_NOTED = timedelta(minutes=1)  # its use is written down so often at the most


class Sessions:
    """Every method is one short transaction and raises StoreError."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def open(self, user: str) -> str:
        """Begin a session of a user and return its token. Raises UnknownUser."""
        with self._database.writing() as session:
            return self.open_in(session, row_of(session, user))

    def open_in(self, session: Session, user: UserRow) -> str:
        """As `open`, inside of a writing transaction; sessions that are over go."""
        now, token = self._clock.now(), secrets.token_urlsafe(32)
        over = or_(SessionRow.expires_at <= now, SessionRow.seen_at <= now - IDLE)
        session.execute(delete(SessionRow).where(over))
        session.add(SessionRow(token=_kept(token), user_id=user.id, seen_at=now, expires_at=now + LIFE))
        return token

    def find(self, token: str) -> Actor | None:
        """Who holds the token, with the roles he has now; None when it is over, or its user is switched off."""
        now = self._clock.now()
        with self._database.reading() as session:
            row = session.get(SessionRow, _kept(token))
            if row is None or now >= min(row.expires_at, row.seen_at + IDLE):
                return None
            user = session.get_one(UserRow, row.user_id)
            actor, is_due = actor_of(session, user) if user.active else None, now >= row.seen_at + _NOTED
        if actor and is_due:
            with self._database.writing() as session:
                session.execute(update(SessionRow).where(SessionRow.token == _kept(token)).values(seen_at=now))
        return actor

    def rotate(self, token: str) -> str | None:
        """Put a new token in the place of one, which is over at once; None when there is no such session.

        Its end stays. To be called when somebody signs in or gets other rights, so that nobody plants a token.
        """
        if self.find(token) is None:
            return None
        new = secrets.token_urlsafe(32)
        with self._database.writing() as session:
            change = update(SessionRow).where(SessionRow.token == _kept(token)).values(token=_kept(new))
            done = cast(CursorResult[Any], session.execute(change))
            return new if done.rowcount else None

    def close(self, token: str) -> None:
        """End a session; one that is over already is no error."""
        with self._database.writing() as session:
            session.execute(delete(SessionRow).where(SessionRow.token == _kept(token)))


def csrf_token(token: str) -> str:
    """What a form of this session carries: an HMAC with the session's own token as the key, so it ends with it."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def is_csrf_token(given: str, token: str) -> bool:
    """Whether a form comes from this session; takes the same time for every wrong one."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), csrf_token(token).encode())


def _kept(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
