"""Who is logged in: sessions that end without use, accounts that lock after wrong passwords."""

import secrets
from hmac import compare_digest
from time import time

from pipeline.posting.portal.books import Books
from pipeline.posting.portal.switches import Mischief

COOKIE = "portail"


class Locked(Exception):
    """The account is locked for a time."""


class Visits:
    """Sessions in the books, so that they survive a restart."""

    def __init__(self, books: Books, mischief: Mischief, user: str, password: str) -> None:
        self._books = books
        self._mischief = mischief
        self._user = user
        self._password = password

    def enter(self, user: str, password: str) -> str | None:
        """The token of a new session; None for a wrong name or password. Raises Locked."""
        self._refuse_locked(user)
        right = compare_digest(user.encode(), self._user.encode())
        if not (compare_digest(password.encode(), self._password.encode()) and right):
            self._count_wrong(user)
            return None
        token = secrets.token_urlsafe(24)
        with self._books.connected(write=True) as connection:
            connection.execute("DELETE FROM wrong WHERE user = ?", [user])
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?)", (token, user, time()))
        return token

    def user(self, token: str | None) -> str | None:
        """Whose session it is; None when it ended or never was. Asking keeps it alive."""
        oldest = time() - self._mischief.switches.session_seconds
        with self._books.connected() as connection:
            query = "SELECT * FROM sessions WHERE token = ? AND seen >= ?"
            found = connection.execute(query, (token, oldest)).fetchone()
            # a write a request would cost more than the pages do
            if found and time() - found["seen"] > min(5.0, self._mischief.switches.session_seconds / 4):
                connection.execute("UPDATE sessions SET seen = ? WHERE token = ?", (time(), token))
            return str(found["user"]) if found else None

    def leave(self, token: str | None) -> None:
        """End one session."""
        with self._books.connected(write=True) as connection:
            connection.execute("DELETE FROM sessions WHERE token = ?", [token])

    def end_all(self) -> None:
        """End every session."""
        with self._books.connected(write=True) as connection:
            connection.execute("DELETE FROM sessions")

    def _refuse_locked(self, user: str) -> None:
        wrong = self._books.rows("SELECT * FROM wrong WHERE user = ? AND until > ?", user, time())
        if self._mischief.switches.locked or wrong:
            raise Locked

    def _count_wrong(self, user: str) -> None:
        switches = self._mischief.switches
        with self._books.connected(write=True) as connection:
            row = connection.execute("SELECT count FROM wrong WHERE user = ?", [user]).fetchone()
            count = (row["count"] if row else 0) + 1
            locks = count >= switches.wrong_passwords
            until = time() + switches.lock_seconds if locks else 0.0
            connection.execute("INSERT OR REPLACE INTO wrong VALUES (?, ?, ?)", (user, 0 if locks else count, until))
