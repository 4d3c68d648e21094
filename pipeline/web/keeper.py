"""What the server does beside its pages, in a thread of its own: leases that ran out, learning, quality, anchors."""

from collections.abc import Callable
from threading import Event, Thread
from typing import Self

import structlog
from sqlalchemy import func, select

from pipeline.bootstrap import drop_anchor, learn_from_decisions, watch_quality
from pipeline.store.review_tables import FinalRecordRow
from pipeline.web.services import Services

SECONDS = 20.0
"""Between two rounds: a decision teaches so soon."""
ROUNDS_AT_MOST = 180
"""After so many rounds, an hour, what could not be done is tried again, the quality watched, the trail anchored."""

_log = structlog.get_logger()


class Keeper:
    """Runs while its block does. What fails is logged and tried again; no request ever waits for it."""

    def __init__(
        self,
        services: Services,
        learn: Callable[[], object] | None = None,
        anchor: Callable[[], object] | None = None,
        seconds: float = SECONDS,
    ) -> None:
        settings = services.settings
        self._services = services
        self._learn = learn or (lambda: learn_from_decisions(settings))
        self._anchor = anchor or (lambda: drop_anchor(settings, services.database))
        self._seconds = seconds
        self._stop = Event()
        self._thread = Thread(target=self._run, name="keeper", daemon=True)
        self._round = 0
        self._learned = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=self._seconds)

    def round(self) -> None:
        """Do once what is to be done now."""
        is_hour = self._round % ROUNDS_AT_MOST == 0
        self._round += 1
        self._try(self._services.desk.sweep)
        last = self._last_decision()
        if last and (is_hour or last != self._learned):
            self._learned = last
            self._try(self._learn)
        if is_hour:
            self._try(lambda: watch_quality(self._services.settings, self._services.database))
            self._try(self._anchor)

    def _last_decision(self) -> int:
        with self._services.database.reading() as session:
            return session.scalar(select(func.max(FinalRecordRow.id))) or 0

    def _try(self, task: Callable[[], object]) -> None:
        try:
            task()
        except Exception as error:  # the server goes on; the next round tries again
            _log.warning("keeper", error=repr(error))

    def _run(self) -> None:
        while not self._stop.is_set():
            self._try(self.round)
            self._stop.wait(self._seconds)
