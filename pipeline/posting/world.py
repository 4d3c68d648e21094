"""All that posting needs, over one database; built by `pipeline.bootstrap`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Event
from typing import Any

from sqlalchemy import select

from pipeline.house.clients import Clients
from pipeline.intake.archive import Archive
from pipeline.ports import Clock
from pipeline.posting.due import where
from pipeline.posting.jobs import JobView
from pipeline.posting.keep import keep_posting
from pipeline.posting.outbox import Outbox
from pipeline.posting.plan import Planned, plan
from pipeline.posting.poster import Code, Done, Poster
from pipeline.posting.postings import MOST_ROWS, Postings
from pipeline.posting.reconcile import Comparison, reconcile
from pipeline.posting.targets import Targets
from pipeline.review.terminal import terminal_actor
from pipeline.settings import Settings
from pipeline.store.database import Database
from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.summary import events
from pipeline.worker import is_gone, worker_name
from schemas.people import Actor


@dataclass(frozen=True)
class PostingWorld:
    """One a process; not for several threads at once, for a target is not."""

    settings: Settings
    database: Database
    clock: Clock
    targets: Targets
    code: Code
    archive: Archive
    stop: Event = field(default_factory=Event)
    """Set when posting is to end between two jobs."""

    @property
    def clients(self) -> Clients:
        """Whose invoices they are."""
        return Clients(self.database, self.clock)

    @cached_property
    def postings(self) -> Postings:
        """The jobs as people see them."""
        return Postings(self.database, self.clock, self.settings.posting)

    @cached_property
    def outbox(self) -> Outbox:
        """The jobs as a poster sees them."""
        return Outbox(self.database, self.clock, self.settings.posting)

    @cached_property
    def owner(self) -> str:
        """The name that this poster's leases bear."""
        return worker_name()

    def actor(self, user: str) -> Actor:
        """Who acts from the terminal. Raises NotAllowed for a name that is not among the users."""
        return terminal_actor(self.database, user)

    def post(self, client_id: str | None = None, keep: bool = False) -> Iterator[Done]:
        """Post what is due, or with `keep` until told to stop; yields what became of each job."""
        posting = self.settings.posting
        poster = Poster(self.outbox, self.targets, self.code, self.archive, self.clock, posting, self.owner, is_gone)
        if keep:
            return keep_posting(poster, self.outbox, self.clock, posting.poll_seconds, self.stop, client_id)
        return poster.work(self.stop, client_id)

    def plan(self, client_id: str | None = None) -> tuple[Planned, ...]:
        """What would be posted now; nothing is sent, and no target is asked."""
        return plan(self.database, self.postings, self.code, self.settings.posting, client_id, MOST_ROWS)

    def reconcile(self, client_id: str | None = None) -> tuple[Comparison, ...]:
        """Our ledger against every target to which invoices went or go. Raises TargetDown, EnvironmentFault."""
        pairs = targets_of(self.database, self.settings.posting.target, self.clock.now())
        wanted = [pair for pair in pairs if client_id in (None, pair[0])]
        return tuple(reconcile(self.database, self.targets.get(name, own), name, own) for own, name in wanted)

    def events(self, job: JobView) -> list[dict[str, Any]]:
        """What happened to a job, from the audit trail."""
        with self.database.reading() as session:
            found = events(session, job.document_id, None, job.client_id)
        mine = (one for one in found if one.data.get("job") == job.job_id)
        return [{"at": one.at, "kind": one.kind, "actor": one.actor, "data": one.data} for one in mine]


def targets_of(database: Database, default: str, now: datetime) -> list[tuple[str, str]]:
    """Clients and their targets, each pair to which invoices went or go."""
    query = select(PostingJobRow.client_id, PostingJobRow.target).where(PostingJobRow.target.is_not(None))
    with database.reading() as session:
        went = {(client, str(target)) for client, target in session.execute(query.distinct())}
        return sorted(went | set(where(session, default, now).targets.items()))
