"""An accounting system behind its screens: implements `pipeline.ports.Target` by a screen script."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any, Self, TypeVar

from pydantic import Field as Constraint
from pydantic import SecretStr

from pipeline.errors import EnvironmentFault, OutcomeUnknown, PostingError
from pipeline.ports import Posted
from pipeline.posting.coding.taxes import REVERSED
from pipeline.posting.robot import faults
from pipeline.posting.robot.attempt import find, post
from pipeline.posting.robot.browser import Window
from pipeline.posting.robot.faults import BrowserError, SessionExpired
from pipeline.posting.robot.hands import Hands
from pipeline.posting.robot.language import GoTo
from pipeline.posting.robot.look import look
from pipeline.posting.robot.script import Script, load_script
from pipeline.posting.robot.trail import Trail
from pipeline.posting.robot.words import Words
from pipeline.settings import Settings
from schemas.base import Value
from schemas.invoice import DocumentType
from schemas.posting import Coding, PostingKey, PostingOrder, Voucher

ENTRIES = 2
"""So often one logs in for one piece of work; a target that forgets one again at once is out of order."""

LEASE_USED = 0.8
"""The share of a job's lease after which an attempt is given up. A port's calls end before the lease does."""

Result = TypeVar("Result")


class Access(Value):
    """Where a target is, and who the robot is there."""

    url: str
    user: str = ""
    database: str = Constraint(default="", description="Where one address serves several.")
    password: SecretStr = SecretStr("")


class RobotTarget:
    """Finds and posts through the screens, one piece of work after the other. `close` it, or use it as a context.

    The browser lives in a thread of its own: Playwright's plain calls do not stand beside an event loop.
    """

    def __init__(self, script: Script, access: Access, home: Path, client_id: str, seconds: float = inf) -> None:
        """After so many seconds of a piece of work no step is begun any more, unless the order was submitted."""
        self._seconds = seconds
        self.name = script.name
        self._script = script
        self._access = access
        self._home = home
        self._evidence = home / "evidence" / client_id
        self._window = Window(home / "sessions" / f"{script.name}-{client_id}.json", script.patience)
        self._hands: Hands | None = None
        self._thread: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the browser. The session is kept."""
        thread, self._thread, self._hands = self._thread, None, None
        if thread is not None:
            with thread:
                thread.submit(self._window.close).result()

    def find(self, key: PostingKey) -> Voucher | None:
        """The posted voucher of a key. Raises TargetDown, TargetRefused."""
        return self._work(self._evidence / key.reference, _key_values(key), lambda hands: find(hands, key))

    def post(self, order: PostingOrder, original: Path) -> Posted:
        """Clean up, look once more, key, submit and read back. Raises TargetDown, TargetRefused, OutcomeUnknown."""
        values = _order_values(order, original)
        return self._work(self._evidence / order.key.reference, values, lambda hands: post(hands, order.key))

    def vouchers(self) -> Iterator[Voucher]:
        """All that the target holds. Raises TargetDown, TargetRefused."""
        yield from self._work(self._evidence / "listing", {}, lambda hands: list(look(hands, hands.script.listing)))

    def _work(self, folder: Path, values: Mapping[str, Any], work: Callable[[Hands], Result]) -> Result:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=self.name)
        return self._thread.submit(self._in_thread, folder, values, work).result()

    def _in_thread(self, folder: Path, values: Mapping[str, Any], work: Callable[[Hands], Result]) -> Result:
        """Do a piece of work while logged in. Where a log-in is asked for, log in and begin the work anew."""
        trail = Trail(self._home, folder, (self._access.password.get_secret_value(),))
        words = Words(self._script.notation, {**self._own_values(), **values})
        until = monotonic() + self._seconds
        try:
            for _ in range(ENTRIES):
                hands = self._opened(words, trail, until)
                try:
                    return work(hands)
                except SessionExpired:
                    if hands.submitted:
                        raise OutcomeUnknown("The session ended with the submit.") from None
                    self._enter(hands)
            raise faults.down("it asks for a log-in again and again")
        except PostingError as error:
            raise self._told(error, trail) from error
        except SessionExpired:
            raise self._told(faults.down("it does not keep the session"), trail) from None
        except BrowserError as error:
            raise self._told(faults.down(error.message.splitlines()[0]), trail) from None

    def _opened(self, words: Words, trail: Trail, until: float) -> Hands:
        """Hands on a page that is logged in; a page stays open from one piece of work to the next."""
        page = self._window.page()
        if self._hands is None or self._hands.page is not page:
            self._hands = Hands(page, self._script, words, trail)
            self._enter(self._hands)
        self._hands.begin(words, trail, until)
        return self._hands

    def _enter(self, hands: Hands) -> None:
        """Open the target, and log in if it asks for that. What makes the session is kept for the next time."""
        session = self._script.session
        with hands.eyes.entering(), hands.trail.part("log-in"):
            hands.do((GoTo(goto=session.start),))
            hands.eyes.wait_any([session.inside, session.outside], hands.words)
            if hands.eyes.locate(session.outside, hands.words).count():
                if not self._access.user:
                    raise faults.not_let_in("no user is set for it")
                hands.do(session.enter)
                hands.eyes.wait(session.inside, hands.words)
        self._window.keep_session()

    def _told(self, error: PostingError, trail: Trail) -> PostingError:
        """The error without secrets and with its picture; the page is left, for who knows what it shows now."""
        if self._hands is not None and not (trail.pictures and trail.pictures[-1].endswith("-stopped.jpg")):
            trail.photograph(self._hands.page, "stopped")
        trail.keep()
        self._hands = None
        self._window.forget()
        picture = f" (picture: {trail.pictures[-1]})" if trail.pictures else ""
        message = trail.clean(error.message) + picture
        return type(error)(message, code=error.specific_code, remedy=error.specific_remedy)

    def _own_values(self) -> dict[str, Any]:
        return {
            "access": self._access.model_dump(include={"user", "database"}) | {"url": self._access.url.rstrip("/")},
            "secret": {"password": self._access.password.get_secret_value()},
            "tables": self._script.tables,
        }


def portal_target(settings: Settings, client_id: str) -> RobotTarget:
    """The practice portal of a client. Raises BadScript."""
    portal = settings.portal
    url, user = (text.replace("{client}", client_id) for text in (portal.url, portal.user))
    access = Access(url=url, user=user, password=portal.secret)
    return RobotTarget(load_script("portal"), access, settings.home, client_id, _seconds(settings))


def tryton_screens(settings: Settings, client_id: str) -> RobotTarget:
    """The web client of a client's Tryton. Raises BadScript, and EnvironmentFault when the settings name none.

    Where the settings wait longer for an answer than the script does, so does the robot.
    """
    tryton = settings.tryton
    if not tryton.database:
        raise EnvironmentFault("The settings name no Tryton database.", remedy="Set `tryton.database`.")
    access = Access(
        url=tryton.url,
        user=tryton.user,
        database=tryton.database.replace("{client}", client_id),
        password=tryton.password or SecretStr(""),
    )
    script = load_script("tryton")
    patience = max(script.patience, tryton.timeout_seconds)
    script = script.model_copy(update={"patience": patience})
    return RobotTarget(script, access, settings.home, client_id, _seconds(settings))


def _seconds(settings: Settings) -> float:
    """What a piece of work may take: less than the lease of its job, so that there is time to take back a draft."""
    return settings.posting.lease_minutes * 60 * LEASE_USED


def _key_values(key: PostingKey) -> dict[str, Any]:
    return {"key": key, "reference": key.reference}


def _order_values(order: PostingOrder, original: Path) -> dict[str, Any]:
    """What a script may name of an order. `sign` times an amount is positive, also where a credit note has a minus."""
    invoice, is_negative = order.record.invoice(), order.coding.total < 0
    return {
        **_key_values(order.key),
        "order": order,
        "invoice": invoice,
        "coding": order.coding,
        "credit": is_negative or invoice.doc_type is DocumentType.CREDIT_NOTE,
        "sign": -1 if is_negative else 1,
        "deducted": partial(_deducted, order.coding),
        "original": str(original),
        "file_name": order.file_name,
    }


def _deducted(coding: Coding, rate: Decimal) -> Decimal:
    """The VAT of a rate that is deducted, whatever accounts it stands on; zero where all of it is a cost."""
    mine = (tax for tax in coding.taxes if tax.rate == rate and tax.category not in REVERSED)
    return sum((tax.amount for tax in mine), Decimal(0))
