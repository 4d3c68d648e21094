"""An outbox on both databases, a fake accounting system, and posters that may die."""

import shutil
from itertools import count
from threading import Event

import pytest

from pipeline.bootstrap import SystemClock
from pipeline.intake.archive import Archive
from pipeline.posting.outbox import Outbox
from pipeline.posting.poster import Poster
from pipeline.posting.postings import Postings
from pipeline.settings import PostingSettings
from pipeline.store.ledger import open_ledger
from schemas.people import HOUSE, Actor, Role
from tests.posting.fakes import Books, FakeTarget, OneTarget, Pen, run
from tests.posting.plain_coding import plain_coding

SUPERVISOR = Actor(user="sue", roles={HOUSE: frozenset({Role.SUPERVISOR})})
OPERATOR = Actor(user="anne", roles={HOUSE: frozenset({Role.OPERATOR})})


class Shop:
    """All that posting needs, over one ledger. `post` runs a poster until nothing is due."""

    def __init__(self, ledger, clock, folder, **settings) -> None:
        self.ledger, self.clock, self.database = ledger, clock, ledger.database
        self.settings = PostingSettings(**{"target": "books", "down_after": 3, **settings})
        self.archive = Archive(folder / "archive")
        self.pen = Pen(ledger, self.archive)
        self.books = Books(clock)
        self.target = FakeTarget(self.books)
        self.targets = OneTarget(self.target)
        self.outbox = Outbox(self.database, clock, self.settings, random=lambda: 1.0)
        self.postings = Postings(self.database, clock, self.settings)
        self.code = plain_coding
        self._numbers = count(1)

    def poster(self, owner="", outbox=None):
        return Poster(
            outbox or self.outbox,
            self.targets,
            self._coded,
            self.archive,
            self.clock,
            self.settings,
            owner or f"poster-{next(self._numbers)}",
            is_gone=lambda _: True,  # a poster of these tests is dead once it has ended
        )

    def _coded(self, record, client, *_place):
        return self.code(record, client)

    def post(self, *failures):
        """One poster's run, at which the target fails so; gives what became of each job."""
        self.target.failures = list(failures)
        return run(self.poster(), Event())

    def job(self, document):
        """The job of a document."""
        (found,) = [one.job for one in self.postings.all(limit=200) if one.job.document_id == document]
        return found

    def states(self):
        """The states of all jobs, oldest first."""
        return [one.job.state.value for one in reversed(self.postings.all(limit=200))]

    def kinds(self, document):
        """What happened in posting a document."""
        kinds = [event.kind for event in self.ledger.events(document)]
        return [kind.removeprefix("posting_") for kind in kinds if kind.startswith("posting_")]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An SQLite file with all tables, to be copied: making them anew costs more than most of these tests."""
    path = tmp_path_factory.mktemp("migrated") / "ledger.db"
    open_ledger(f"sqlite:///{path}", SystemClock()).close()
    return path


@pytest.fixture
def ledger(database_url, clock, migrated):
    if database_url.startswith("sqlite:///"):
        shutil.copy(migrated, database_url.removeprefix("sqlite:///"))
    with open_ledger(database_url, clock) as ledger:
        yield ledger


@pytest.fixture
def shop(ledger, clock, tmp_path):
    return Shop(ledger, clock, tmp_path)
