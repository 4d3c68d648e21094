"""A worker that is stopped by SIGSTOP at a step, for as long as its parent likes, and goes on as if nothing was.

python -m tests.faults.stopped HOME DRAFTS.pickle STEP     STEP: reading, or the name of an effect of posting
"""

import os
import pickle
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.effects import Moment, planned
from tests.faults import office
from tests.faults.office import Kept, settings_of, work


class Stopping(Kept):
    """A reader that is stopped when it has read its first document."""

    def map_unordered(self, function: object, items: Any, timeout: object) -> Iterator[Any]:
        for one in super().map_unordered(function, items, timeout):
            stop_once()
            yield one


_stopped: list[bool] = []


def stop_once() -> None:
    if not _stopped:
        _stopped.append(True)
        os.kill(os.getpid(), signal.SIGSTOP)


def main() -> None:
    home, drafts, step = Path(sys.argv[1]), pickle.loads(Path(sys.argv[2]).read_bytes()), sys.argv[3]
    if step == "reading":
        office.Kept = Stopping  # type: ignore[misc]

    def plan(name: str, moment: Moment, _what: object) -> None:
        if f"{moment} {name}" == step:
            stop_once()

    with planned(plan):
        raised = work(settings_of(home), drafts)
    print([repr(error) for error in raised])  # noqa: T201 (the test reads it)


if __name__ == "__main__":
    main()
