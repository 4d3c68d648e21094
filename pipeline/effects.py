"""The one door to what lasts: every change of a file, of the database or of an accounting system goes through here.

    with effect("file.rename", target):
        copy.replace(target)

A name says what is done, and the second argument to what. In use it costs less than a microsecond. A test sets a plan,
which is called right before and right after each effect and may raise or end the process there: so each of them can be
made to fail, or be the last thing that happens, in the manner of SQLite's tests (https://www.sqlite.org/testing.html,
docs/adr/0020). The effects of child processes that read documents are not among them: those keep nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Self


class Moment(StrEnum):
    """On which side of an effect."""

    BEFORE = "before"
    AFTER = "after"


Plan = Callable[[str, Moment, object], None]
"""Gets the name of an effect that is about to happen or just has, and to what."""

_plan: Plan | None = None


class effect:  # noqa: N801 (it reads as a word of the language)
    """A block that changes something which outlives this process, or asks for it."""

    __slots__ = ("_name", "_what")

    def __init__(self, name: str, what: object = None) -> None:
        self._name = name
        self._what = what

    def __enter__(self) -> Self:
        if _plan is not None:
            _plan(self._name, Moment.BEFORE, self._what)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if _plan is not None and kind is None:
            _plan(self._name, Moment.AFTER, self._what)


@contextmanager
def planned(plan: Plan) -> Iterator[None]:
    """Have `plan` called at every effect of this process within the block; for tests."""
    global _plan  # noqa: PLW0603 (the one door is one for the whole process)
    before, _plan = _plan, plan
    try:
        yield
    finally:
        _plan = before
