"""What may go wrong in the portal, set at start or at run time."""

from random import Random
from threading import Lock

from pydantic import Field as Constraint

from schemas.base import Probability, Value


class Switches(Value):
    """All off by default. Shares are of the occasions on which it may happen."""

    seed: int = Constraint(default=1, description="The same seed and the same requests give the same mischief.")
    latency: float = Constraint(default=0.0, ge=0, description="Mean seconds by which an answer comes late.")
    popups: Probability = Constraint(default=0.0, description="Pages on which a pop-up steals the focus.")
    layout: int = Constraint(default=1, ge=1, le=2, description="2: other names, order and wording.")
    refusals: Probability = Constraint(default=0.0, description="Posts that are refused with a message.")
    errors: Probability = Constraint(default=0.0, description="Requests that end in status 500, nothing done.")
    drops: Probability = Constraint(default=0.0, description="Posts that are done, and whose reply never comes.")
    refresh: float = Constraint(default=0.0, ge=0, description="Seconds until late data erases what was typed.")
    session_seconds: float = Constraint(default=1800.0, gt=0, description="A session without use ends.")
    wrong_passwords: int = Constraint(default=5, ge=1, description="So many lock the account.")
    lock_seconds: float = Constraint(default=300.0, ge=0, description="For so long.")
    locked: bool = Constraint(default=False, description="Nobody is let in.")


class Mischief:
    """Draws what goes wrong. May be used by several threads."""

    def __init__(self, switches: Switches) -> None:
        self._lock = Lock()
        self.set(switches)

    def set(self, switches: Switches) -> None:
        """Other switches from now on; the drawing begins anew."""
        with self._lock:
            self.switches = switches
            self._random = Random(switches.seed)  # noqa: S311 (mischief, not secrets)

    def happens(self, share: float) -> bool:
        """Whether something of a share happens now."""
        if not share:
            return False
        with self._lock:
            return self._random.random() < share

    def popup(self) -> int:
        """Milliseconds after which a pop-up comes up on this page; 0: none does."""
        if not self.happens(self.switches.popups):
            return 0
        with self._lock:
            return self._random.randint(20, 400)

    def delay(self) -> float:
        """Seconds by which this answer comes late: half to one and a half times the mean."""
        with self._lock:
            return self.switches.latency * (0.5 + self._random.random()) if self.switches.latency else 0.0
