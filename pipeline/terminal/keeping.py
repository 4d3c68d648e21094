"""Keeps what is typed as a draft, and the lease alive, beside the typing."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from textual.events import Key

from pipeline.errors import BackofficeError
from pipeline.terminal.deciding import Deciding
from pipeline.terminal.session import Session
from schemas.edits import Edits

SAVE_SECONDS = 0.5
"""What was typed is kept so long after the last key."""
SIGN_SECONDS = 15.0
"""Keys that type nothing lengthen the lease this often."""


class Keeping(Deciding):
    """The part of the session that keeps."""

    def __init__(
        self, session: Session, clock: Callable[[], datetime], learn: Callable[[], object] | None = None
    ) -> None:
        super().__init__(session, clock, learn)
        self._dirty = self._saving = False
        self._signed_at = clock()

    def forget(self) -> None:
        """What was typed so far is decided or kept already."""
        self._dirty = False

    def keep_soon(self) -> None:
        """What was typed is kept in a moment."""
        self._dirty = True
        if not self._saving:
            self._saving = True
            self.run_worker(self._keep(), group="keep")

    async def _keep(self) -> None:
        """Keep what was typed; what is typed meanwhile is kept after that."""
        try:
            while self._dirty:
                await asyncio.sleep(SAVE_SECONDS)
                self._dirty = False
                if (item := self.session.item) is not None:
                    await self._save(item.row.item_id, self.session.edits)
        finally:
            self._saving = False

    async def _save(self, item_id: int, edits: Edits | None) -> None:
        self._signed_at = self.clock()
        try:
            await asyncio.to_thread(self.session.save, item_id, edits)
        except BackofficeError as error:
            self.alarm(self.t("Not kept: %(why)s", why=self.worded(error)))
        if self.session.lost is not None:
            self.conflict(self.session.lost)

    def on_key(self, _event: Key) -> None:
        """A key that types nothing is a sign of work too."""
        item = self.session.item
        if item is not None and (self.clock() - self._signed_at).total_seconds() > SIGN_SECONDS:
            self._signed_at = self.clock()
            self.run_worker(self._save(item.row.item_id, None), group="sign")
