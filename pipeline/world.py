"""What the work needs from the world: settings, places and helpers, built once at start by `pipeline.bootstrap`."""

from dataclasses import dataclass, field
from functools import cached_property
from threading import Event

from pipeline.house.clients import Clients
from pipeline.intake.archive import Archive
from pipeline.ports import Clock
from pipeline.posting.coding.at_desk import Bookkeepers
from pipeline.posting.coding.coders import Coders
from pipeline.settings import Settings
from pipeline.store.ledger import Ledger
from pipeline.suppliers.limits import Limits
from pipeline.workshop import Workshop


@dataclass(frozen=True)
class World:
    """Handed to whatever needs it; nothing of it is global."""

    settings: Settings
    ledger: Ledger
    archive: Archive
    workshop: Workshop
    clock: Clock
    stop: Event = field(default_factory=Event)
    """Set when the work is to end before it is done."""

    @property
    def clients(self) -> Clients:
        """Whose documents they are."""
        return Clients(self.ledger.database, self.clock)

    def limits_of(self, client_id: str) -> Limits:
        """Of which of a client's suppliers more certainty is asked."""
        return Limits(self.ledger.database, self.clock, client_id)

    @cached_property
    def bookkeepers(self) -> Bookkeepers:
        """Who knows the accounts of each client that posts somewhere."""
        coders = Coders(self.ledger.database, self.clock, self.settings.home)
        return Bookkeepers(coders, self.clients, self.settings.posting.target)
