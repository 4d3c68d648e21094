"""File names from outside: shown and stored without harm, never trusted as paths."""

import os
import re

_PARTIAL = (".part", ".partial", ".crdownload", ".filepart", ".download", ".tmp")
_LITTER = frozenset({"thumbs.db", "desktop.ini"})


def is_ignored(name: str) -> bool:
    """Whether a name says that the file is hidden, half-written, a lock, or litter of a file manager."""
    return why_ignored(name) is not None


def why_ignored(name: str) -> str | None:
    """The code of what a name says of a file that is not to be taken, or None.

    A name that begins with two dots hides nothing: it tries to climb out, and is taken as it is.
    """
    lower = name.lower()
    if lower in _LITTER:
        return "litter-name"
    if name.startswith("~$"):
        return "lock-name"
    if lower.endswith(_PARTIAL):
        return "half-written-name"
    return "hidden-name" if name.startswith(".") and not name.startswith("..") else None


def display_name(name: str) -> str:
    """A name as one line of printable text: control characters and stray bytes become backslash escapes.

    >>> display_name("in\\nvoice.pdf")
    'in\\\\nvoice.pdf'
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def safe_name(name: str) -> str:
    """At most 80 characters of A-Z, a-z, 0-9, dot, dash and underscore that begin with a letter or digit."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name)
    return plain[-80:].lstrip("._-") or "file"


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
