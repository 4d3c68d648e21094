"""What is checked, and how: an installation, seen from outside of any run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy.orm import Session

from pipeline.intake.archive import Archive
from pipeline.invariants.rules import Violation
from pipeline.ports import Clock
from pipeline.posting.targets import Targets
from pipeline.settings import Settings
from pipeline.store import trail
from pipeline.store.database import Database
from pipeline.store.ledger import Ledger


@dataclass(frozen=True)
class Place:
    """An installation. `at_rest` says that nothing works in it: then also what is a moment old is a leftover."""

    settings: Settings
    database: Database
    archive: Archive
    clock: Clock
    anchors: Path
    is_gone: Callable[[str], bool]
    targets: Targets | None = None
    """Asked for what they hold, where they are given."""
    at_rest: bool = False
    quick: bool = False
    """Originals are not read, only looked for."""

    @cached_property
    def now(self) -> datetime:
        """The time of this check."""
        return self.clock.now()

    @property
    def grace(self) -> timedelta:
        """What is younger may be in somebody's hands."""
        return timedelta() if self.at_rest else timedelta(minutes=self.settings.checks.grace_minutes)

    @property
    def ledger(self) -> Ledger:
        """The ledger of all clients."""
        return Ledger(self.database, self.clock)

    def is_old(self, path: Path) -> bool:
        """Whether a file has been as it is for so long that nobody can be at work on it."""
        try:
            changed = path.lstat().st_ctime
        except FileNotFoundError:
            return False
        return self.now.timestamp() - changed >= self.grace.total_seconds() or self.at_rest

    @contextmanager
    def mending(self, found: Violation, did: str, by: str) -> Iterator[Session]:
        """A writing transaction for a repair, with its event: "reconciled"."""
        with self.database.writing() as session:
            yield session
            told = {"code": found.code, "subject": found.subject, "did": did}
            client, document = found.client_id, found.document_id
            trail.append(session, self.clock.now(), "reconciled", document, client, by, told)


Mend = Callable[[Place, Violation, str], str | None]
"""Repairs one violation for a person, and says what was done; None when it could not be."""
