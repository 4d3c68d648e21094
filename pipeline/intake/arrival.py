"""What became of a file that came in."""

from pathlib import Path

from schemas import Document, Failure
from schemas.base import Value


class Received(Value):
    """Archived and known to the ledger. `is_new` is False when the same bytes were there before."""

    path: Path
    document: Document
    is_new: bool


class Refused(Value):
    """Not taken in. `sha256` is None when the file is unreadable."""

    path: Path
    file_name: str
    sha256: str | None
    reason: Failure


Arrival = Received | Refused
"""`path` is the file that was taken; from the drop folder its place in `claimed`, by now gone."""
