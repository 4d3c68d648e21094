"""Remembers what was keyed on a screen, reads it back, and keys it again once where it was lost."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from pipeline.posting.robot import faults

_SHOWN = """e => e.matches("input, select, textarea") ? [true, e.value] : [false, e.textContent]"""


class Keyed:
    """A field and what it has to show. `key` puts the value in; `shows` None: nobody may read it back."""

    def __init__(self, name: str, field: Locator, key: Callable[[], object], shows: re.Pattern[str] | None) -> None:
        self._name = name
        self._field = field
        self._key = key
        self._shows = shows

    def key(self) -> None:
        """Put the value in."""
        self._key()

    def stands(self, seconds: float) -> bool:
        """Whether the field shows the value within a time."""
        if self._shows is None:
            return True
        has_value, now = self._field.evaluate(_SHOWN)
        if self._shows.search(now):
            return True
        check = expect(self._field).to_have_value if has_value else expect(self._field).to_have_text
        try:
            check(self._shows, timeout=seconds * 1000)
        except AssertionError:
            return False
        return True

    def make_sure(self, seconds: float) -> bool:
        """Read it back; key again once. Gives whether it had to be. Raises TargetRefused `field-differs`."""
        if self.stands(seconds):
            return False
        self._key()
        if not self.stands(seconds):
            raise faults.differs(self._name)
        return True


class Memory:
    """The fields that were keyed since the screen was last read back."""

    def __init__(self, glance: float, settle: Callable[[], None]) -> None:
        self._glance = glance
        self._settle = settle
        self._fields: list[Keyed] = []

    def key(self, field: Keyed) -> None:
        """Key a field, see that it stands, and remember it."""
        field.key()
        field.make_sure(self._glance)
        self._fields.append(field)

    def read_back(self) -> None:
        """Read all of them once more, when the page has come to rest; what was keyed again is proved once more."""
        self._settle()
        again = [field for field in self._fields if field.make_sure(self._glance)]
        if again:
            self._settle()
        for field in self._fields if again else ():
            if not field.stands(self._glance):
                raise faults.differs("a value was lost again after it was keyed twice")
        self.forget()

    def forget(self) -> None:
        """The screen was left: its fields are no more."""
        self._fields.clear()
