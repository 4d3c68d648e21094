"""Counts a run of the poster."""

from collections import Counter
from dataclasses import dataclass, field

from pipeline.posting.poster import Done
from pipeline.posting.states import JobState


@dataclass
class PostingTally:
    """What became of the jobs of one run: attempts by how they ended, and the failures by code."""

    posted: int = 0
    found: int = 0
    """Of those: they were there already."""
    delayed: int = 0
    dead: int = 0
    lost: int = 0
    """Another poster has them."""
    seconds: float = 0.0
    """Wall seconds of all attempts."""
    failures: Counter[str] = field(default_factory=Counter)

    def add(self, done: Done) -> None:
        """Count one attempt."""
        self.seconds += done.seconds
        match done.state:
            case JobState.POSTED:
                self.posted += 1
                self.found += bool(done.receipt and done.receipt.found)
            case JobState.DEAD:
                self.dead += 1
            case None:
                self.lost += 1
            case _:
                self.delayed += 1
        if done.failure:
            self.failures[done.failure.code] += 1

    def as_dict(self) -> dict[str, object]:
        """The counts as JSON values."""
        values: dict[str, object] = {name: getattr(self, name) for name in ("posted", "found", "delayed", "dead")}
        return values | {"lost": self.lost, "failures": dict(self.failures), "seconds": round(self.seconds, 1)}
