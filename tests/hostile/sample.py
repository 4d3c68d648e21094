"""What a hostile file is: its name, the family it is of, what is wrong with it, and how its bytes are made."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

Make = Callable[[], bytes]


class Sample(NamedTuple):
    """A file to be made; two with the same seed have the same bytes."""

    name: str
    family: str
    what: str
    make: Make


Family = Callable[[int], Iterator[Sample]]
"""All samples of a family, given a seed."""
