"""The coders of all clients, each built when it is needed and again when something changed."""

from pathlib import Path

from pipeline.ports import Clock
from pipeline.posting.coding.code import Coder
from pipeline.posting.coding.shelf import CodingShelf
from pipeline.store.database import Database
from pipeline.suppliers.known import Known
from pipeline.suppliers.snapshot import snapshot_path
from schemas import Coding, Record


class Coders:
    """Gives the coder of a client; `home` is where the snapshots of the supplier masters lie.

    Costs two short queries when nothing changed.
    """

    def __init__(self, database: Database, clock: Clock, home: Path) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._kept: dict[str, tuple[object, Coder]] = {}

    def of(self, client_id: str) -> Coder:
        """The client's coder. Raises StoreError."""
        shelf = CodingShelf(self._database, self._clock, client_id)
        known = Known.load(snapshot_path(self._home, client_id))
        revision = (shelf.revision(), known.version)
        kept = self._kept.get(client_id)
        if kept is None or kept[0] != revision:
            kept = (revision, Coder(shelf.plan(), shelf.history(), known.master))
            self._kept[client_id] = kept
        return kept[1]

    def code(self, record: Record, client_id: str, document_id: str = "", part: int = 1) -> Coding:
        """The coding of a client's record. Raises NotBookable, StoreError."""
        return self.of(client_id).code(record, document_id, part)
