"""What lies in the drop folder and is not taken, with the reason: nothing stays there in silence."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from pipeline.intake.names import display_name, why_ignored
from schemas.base import Value


class PassedOver(Value):
    """An entry of the drop folder that is not taken in; `name` is its path below the folder, fit to be shown."""

    name: str
    code: str
    message: str


MESSAGES = {
    "hidden-name": "Its name begins with a dot, as that of a file which is hidden or still being copied.",
    "half-written-name": "Its name says that it is still being written.",
    "lock-name": "Its name is that of the lock of an office program.",
    "litter-name": "A file manager made it.",
    "link": "It is a link; what it points to may lie anywhere.",
    "no-file": "It is no file but a pipe, a socket or a device.",
    "unlistable-folder": "The folder cannot be listed.",
}
"""By code; what has one of the first four is taken once it is renamed."""


def passed_over(folder: Path, ours: Path | None = None) -> Iterator[PassedOver]:
    """Every entry under a folder that `list_files` passes over; `ours` is a folder of our own within it."""
    for path, code in _found(folder, folder, ours):
        yield PassedOver(name=display_name(str(path.relative_to(folder))), code=code, message=MESSAGES[code])


def _found(top: Path, current: Path, ours: Path | None) -> Iterator[tuple[Path, str]]:
    try:
        entries = sorted(os.scandir(current), key=lambda entry: entry.name)
    except OSError:
        if current != top:  # a drop folder that is not there yet holds nothing
            yield current, "unlistable-folder"
        return
    for entry in entries:
        path = Path(entry.path)
        if path == ours:
            continue
        if code := why_ignored(entry.name) or _special(entry):
            yield path, code
        elif entry.is_dir(follow_symlinks=False):
            yield from _found(top, path, ours)


def _special(entry: os.DirEntry[str]) -> str | None:
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
    except OSError:  # gone since it was listed
        return None
    if stat.S_ISLNK(mode):
        return "link"
    return None if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "no-file"
