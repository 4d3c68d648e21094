"""How often the built-in words know an account, and how often it is right: `python -m tests.bench.words`.

Right is an account of a class (three figures) that an accountant may book the description to (`words.yaml`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from rich.console import Console

from pipeline.posting.coding.plan import built_in
from pipeline.posting.coding.words import holds

LABELLED = Path(__file__).with_name("words.yaml")


class Told(NamedTuple):
    """A description, the classes that are right, and the account that the words tell."""

    text: str
    classes: frozenset[str]
    account: str | None

    @property
    def is_right(self) -> bool:
        """Whether the account is of one of the classes."""
        return self.account is not None and self.account[:3] in self.classes


def main() -> None:
    """Ask the words, and print what they say."""
    each = list(told())
    known = [one for one in each if one.account]
    right = sum(one.is_right for one in known)
    Console().print(f"{len(each)} descriptions, an account for {len(known)}, right {right}")
    for one in known:
        if not one.is_right:
            Console().print(f"  {one.text}: {one.account}, not {' or '.join(sorted(one.classes))}")


def told() -> Iterator[Told]:
    """What the words tell of each labelled description."""
    for classes, texts in yaml.safe_load(LABELLED.read_text("utf-8")).items():
        for text in texts:
            rules = (rule for rule in built_in().rules if rule.words and holds(text, rule.words))
            account = next((rule.account for rule in rules if rule.account), None)
            yield Told(text, frozenset(str(classes).split()), account)


if __name__ == "__main__":
    main()
