"""An installation with invoices in every state, and means to break it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from pipeline.house.anchors import anchor
from pipeline.intake.inbox import Inbox
from pipeline.invariants.check import check, reconcile
from pipeline.invariants.place import Place
from pipeline.posting.enqueue import put_job
from pipeline.review.desk import Desk
from schemas import Reason, Rejected
from schemas.people import HOUSE, Actor, Role
from tests.posting.conftest import Shop

PDF_FILE = b"%PDF-1.4\n%%EOF\n"
ANNE = Actor(user="anne", roles={HOUSE: frozenset({Role.OPERATOR})})


class Installation:
    """A shop with its folders; each name in `documents` says how far that invoice has come."""

    def __init__(self, ledger, settings, clock) -> None:
        self.ledger, self.settings, self.clock = ledger, settings, clock
        self.shop = Shop(ledger, clock, settings.home)
        self.desk = Desk(ledger.database, clock, to_post=put_job)
        self.gone: set[str] = set()
        pen, reason = self.shop.pen, Reason(code="no-invoice", message="It is none.")
        self.documents = {
            "posted": pen.clear("FA-1"),
            "review": pen.doubt("FA-2", "Garnier"),
            "machine-rejected": pen.settle("FA-3", "Nordlys", "main", Rejected(reasons=(reason,))),
        }
        self.shop.post()
        self.documents["waiting"] = pen.clear("FA-4")
        self.inbox = Inbox(settings, ledger, clock)
        self.refused = self._refuse()
        anchor(ledger.database, self.anchors, clock)

    @property
    def anchors(self):
        return self.settings.home / "anchors.jsonl"

    def place(self, **values) -> Place:
        return Place(
            self.settings,
            self.ledger.database,
            self.shop.archive,
            self.clock,
            self.anchors,
            is_gone=lambda owner: owner in self.gone,
            **{"at_rest": True, **values},
        )

    def found(self, **values):
        return sorted({one.code for one in check(self.place(**values)).violations})

    def mend(self, **values):
        return reconcile(self.place(**values), "root")

    def sql(self, *statements) -> None:
        """Somebody changes the database by hand."""
        with self.ledger.database.writing() as session:
            for statement in statements:
                session.execute(text(statement))

    def original(self, name):
        (row,) = self.ledger.named(f"{name}.pdf")
        return self.shop.archive.path(row.sha256)

    def drop(self, name, content):
        self.settings.inbox.mkdir(parents=True, exist_ok=True)
        (self.settings.inbox / name).write_bytes(content)

    def later(self, **values) -> None:
        self.clock.advance(timedelta(**values).total_seconds())

    def _refuse(self):
        """A file that is not taken in; where it was put."""
        self.drop("nonsense.pdf", b"nothing of the kind")
        self.clock.advance(120)
        self.inbox.collect()
        (path,) = [one for one in self.settings.rejected.glob("*") if not one.name.endswith(".reason.json")]
        return path


@pytest.fixture
def installation(ledger, settings, clock):
    return Installation(ledger, settings, clock)
