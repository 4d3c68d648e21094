"""The desk: the only way to change a review item. The states and where they lead are drawn in `pipeline.review.flow`.

A person claims an item and gets a hold: item, version and token, good for a lease that activity renews. Every act on
the item hands the hold back, and the database changes the row only while version and token are still those; of two
people who race, one wins, and the other gets ItemTaken, and what he typed is kept as his draft.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select

from pipeline.errors import BackofficeError
from pipeline.ports import Clock
from pipeline.review import moves, queue, rights, view
from pipeline.review.bookkeeping import BookkeeperOf, nobody
from pipeline.review.decide import decide, reject
from pipeline.review.errors import DeskError, WrongMove
from pipeline.review.flow import State, Task
from pipeline.review.items import Cursor, Filters, Hold, Item, QueuePage
from pipeline.review.moves import Turn
from pipeline.review.reasons import EscalateReason, PostponeReason, RejectReason
from pipeline.review.stats import Stats, stats
from pipeline.review.urgency import AHEAD
from pipeline.review.worktime import IDLE_CUT, Sign
from pipeline.store.database import Database
from pipeline.store.outbox import ToPost, nothing_to_post
from pipeline.store.policies import policy_of
from pipeline.store.review_tables import ReviewDraftRow
from pipeline.store.tables import ReviewItemRow
from schemas.edits import Edits
from schemas.people import SYSTEM, Actor

LEASE = timedelta(minutes=15)
KEPT_DRAFTS = 50
"""Steps that can be undone."""
MOST_ROWS = 200


class Desk:
    """The queue and everything that is done to it. Every method is one short transaction.

    All raise StoreError when the database does not answer, ItemNotFound for an item that the person may not see, and
    NotAllowed for what his role does not allow. Safe to share between threads; every process opens its own.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        lease: timedelta = LEASE,
        idle_cut: timedelta = IDLE_CUT,
        to_post: ToPost = nothing_to_post,
        bookkeeper_of: BookkeeperOf = nobody,
    ) -> None:
        """`idle_cut`: a longer time without a sign of work is none. `to_post` writes the jobs of what is decided,
        `bookkeeper_of` knows the accounts of a client."""
        self.database = database
        self._clock = clock
        self._lease = lease
        self._idle_cut = idle_cut
        self._to_post = to_post
        self._bookkeeper_of = bookkeeper_of

    # --- looking

    def page(
        self, actor: Actor, filters: Filters | None = None, after: Cursor | None = None, limit: int = 50
    ) -> QueuePage:
        """The next rows of the queue that the person may see, most urgent first; at most 200 at once."""
        filters = filters or Filters()
        with self.database.reading() as session:
            clients = rights.clients(session, actor, "see", filters.clients)
            return queue.page(session, clients, filters, after, min(limit, MOST_ROWS))

    def item(self, actor: Actor, item_id: int) -> Item:
        """One item as the person may see it, with his draft."""
        with self.database.reading() as session:
            return view.view(session, rights.seen(session, actor, item_id), actor.user)

    def stats(self, actor: Actor, since: datetime, clients: tuple[str, ...] = ()) -> Stats:
        """What waits at the clients that the person may see, and what was decided there since then."""
        with self.database.reading() as session:
            mine = rights.clients(session, actor, "see", clients)
            return stats(session, mine, self._clock.now(), since, self._idle_cut)

    # --- taking and giving back

    def claim(self, actor: Actor, item_id: int) -> Hold:
        """Take an item: one that waits, is escalated or postponed, or whose lease ran out. One's own gets a new hold.

        Raises ItemTaken (somebody has it, or it is decided) and SamePerson (it needs another pair of eyes).
        """
        with self.database.reading() as session:
            # whoever comes too late need not wait for a writer
            rights.claimable(session, actor, item_id, self._clock.now())
        with self._turn(actor) as turn:
            item = rights.claimable(turn.session, actor, item_id, turn.at)
            return moves.take(turn, item, turn.at + self._lease)

    def claim_next(self, actor: Actor, filters: Filters | None = None) -> Hold | None:
        """Take the most urgent free item that the person may work on; None when there is none."""
        filters = filters or Filters()
        with self._turn(actor) as turn:
            self._sweep(turn)
            free = {
                State.WAITING: rights.clients(turn.session, actor, "review", filters.clients),
                State.ESCALATED: rights.clients(turn.session, actor, "approve_second", filters.clients),
            }
            item = queue.next_free(turn.session, actor.user, free, filters)
            return moves.take(turn, item, turn.at + self._lease) if item else None

    def renew(self, actor: Actor, hold: Hold, sign: Sign = Sign.KEYED) -> Hold:
        """Lengthen the lease and note the sign of work. Raises ItemTaken."""
        with self._turn(actor) as turn:
            item = rights.held(turn, hold)
            item.until = turn.at + self._lease
            moves.note_work(turn, item.id, sign)
            return hold.model_copy(update={"until": item.until})

    def release(self, actor: Actor, hold: Hold) -> None:
        """Give an item back undecided; the draft stays. Raises ItemTaken."""
        with self._turn(actor) as turn:
            item = rights.held(turn, hold)
            moves.note_work(turn, item.id, Sign.LEFT)
            moves.give_back(turn, item, "review_released")

    def sweep(self) -> int:
        """Put back what a lease that ran out or a postponement that is over has kept; returns how many."""
        with self._turn(SYSTEM) as turn:
            return self._sweep(turn)

    # --- typing

    def save_draft(self, actor: Actor, item_id: int, edits: Edits) -> None:
        """Keep what a person typed, also on an item that he does not hold; his lease, if he has one, is renewed."""
        with self._turn(actor) as turn:
            item = rights.seen(turn.session, actor, item_id)
            rights.must(actor, "review", item)
            if item.state == State.CLAIMED and item.holder == actor.user:
                item.until = turn.at + self._lease
                moves.note_work(turn, item_id, Sign.KEYED)
            row = ReviewDraftRow(item_id=item_id, user=actor.user, at=turn.at, edits=edits.model_dump_json())
            turn.session.add(row)
            turn.session.flush()
            old = _drafts(actor, item_id).order_by(ReviewDraftRow.id.desc()).offset(KEPT_DRAFTS)
            turn.session.execute(delete(ReviewDraftRow).where(ReviewDraftRow.id.in_(turn.session.scalars(old).all())))

    def undo(self, actor: Actor, item_id: int) -> Edits:
        """Take back the last save and return the one before it; nothing typed at the beginning."""
        with self._turn(actor) as turn:
            rights.seen(turn.session, actor, item_id)
            last = turn.session.scalars(_drafts(actor, item_id).order_by(ReviewDraftRow.id.desc()).limit(1)).first()
            if last is not None:
                turn.session.execute(delete(ReviewDraftRow).where(ReviewDraftRow.id == last))
            return view.draft_of(turn.session, item_id, actor.user) or Edits()

    def note(self, actor: Actor, item_id: int, text: str) -> None:
        """Add a remark for whoever looks at the item next."""
        with self._turn(actor) as turn:
            item = rights.seen(turn.session, actor, item_id)
            rights.must(actor, "review", item)
            moves.note_text(turn, item_id, text)
            moves.note_event(turn, "review_note", item, {"note": text})

    # --- deciding

    def approve(self, actor: Actor, hold: Hold, note: str = "") -> Item:
        """The record is right as it lies before the person. See `correct`."""
        return self.correct(actor, hold, Edits(), note)

    def correct(self, actor: Actor, hold: Hold, edits: Edits, note: str = "") -> Item:
        """The record is right with these edits. Ends the item, or passes it on to a second operator or approver.

        The accounts in `edits` are settled with it, or not at all.

        Raises ItemTaken, NotReadable (something typed is no value), ErrorsLeft (a rule speaks against it and no note
        says why it is right), KeysMissing (a blind field was not keyed), AccountsMissing. What was typed is then kept
        as a draft.
        """
        try:
            with self.database.reading() as session:
                client_id = rights.seen(session, actor, hold.item_id).client_id
            books = self._bookkeeper_of(client_id)  # before the transaction: it may have to read a long history
            with self._turn(actor) as turn:
                item = rights.held(turn, hold)
                decide(turn, item, edits, note, policy_of(turn.session, item.client_id), self._to_post, books)
        except BackofficeError as error:
            self._keep(actor, hold.item_id, edits, error)
            raise
        return self.item(actor, hold.item_id)

    def reject(self, actor: Actor, hold: Hold, reason: RejectReason, note: str = "") -> Item:
        """It will not be posted. Raises ItemTaken; WrongMove for OTHER without a note, or where fields are keyed."""
        with self._turn(actor) as turn:
            reject(turn, rights.held(turn, hold), reason, note, self._to_post)
        return self.item(actor, hold.item_id)

    def postpone(self, actor: Actor, hold: Hold, reason: PostponeReason, until: datetime, note: str = "") -> Item:
        """Put it off until then; it waits again by itself. Raises ItemTaken; WrongMove for a time that is past."""
        with self._turn(actor) as turn:
            item = rights.held(turn, hold)
            if until <= turn.at:
                raise WrongMove(f"{until:%Y-%m-%d %H:%M} is past.", remedy="Choose a later time.")
            moves.note_text(turn, item.id, note)
            moves.note_work(turn, item.id, Sign.LEFT)
            data = {"reason": reason.value, "until": until.isoformat(), "note": note}
            kept = {"until": until, "reason": reason.value}
            moves.move(turn, item, State.POSTPONED, "review_postponed", data, **kept)
        return self.item(actor, hold.item_id)

    def escalate(self, actor: Actor, hold: Hold, note: str) -> Item:
        """Ask a supervisor; the note says what. The draft stays. Raises ItemTaken; WrongMove without a note."""
        with self._turn(actor) as turn:
            item = rights.held(turn, hold)
            if not note.strip():
                raise WrongMove("There is no question.", remedy="Say in a note what the supervisor is to decide.")
            moves.note_text(turn, item.id, note)
            moves.note_work(turn, item.id, Sign.LEFT)
            task = {"task": Task.SECOND.value, "blind": [], "reason": EscalateReason.ASKED.value}
            moves.move(turn, item, State.ESCALATED, "review_escalated", {"note": note}, **task)
        return self.item(actor, hold.item_id)

    def prioritise(self, actor: Actor, item_id: int, priority: int) -> None:
        """Put an item ahead of all of a lower priority (0 is ordinary); for supervisors."""
        with self._turn(actor) as turn:
            item = rights.seen(turn.session, actor, item_id)
            rights.must(actor, "approve_second", item)
            moves.note_event(turn, "review_prioritised", item, {"before": item.priority, "after": priority})
            item.rank -= (priority - item.priority) * AHEAD
            item.priority = priority

    # --- inside

    @contextmanager
    def _turn(self, actor: Actor) -> Iterator[Turn]:
        with self.database.writing() as session:
            yield Turn(session, self._clock.now(), actor, self._idle_cut)

    def _sweep(self, turn: Turn) -> int:
        over = select(ReviewItemRow).where(ReviewItemRow.until <= turn.at)
        count = 0
        for state, event in ((State.CLAIMED, "review_expired"), (State.POSTPONED, "review_resumed")):
            for item in turn.session.scalars(over.where(ReviewItemRow.state == state.value)).all():
                moves.give_back(turn, item, event)
                count += 1
        return count

    def _keep(self, actor: Actor, item_id: int, edits: Edits, error: BackofficeError) -> None:
        """What was typed survives what went wrong."""
        if isinstance(error, DeskError):
            error.typed = edits
        if edits:
            self.save_draft(actor, item_id, edits)


def _drafts(actor: Actor, item_id: int) -> Select[tuple[int]]:
    mine = (ReviewDraftRow.item_id == item_id, ReviewDraftRow.user == actor.user)
    return select(ReviewDraftRow.id).where(*mine)
