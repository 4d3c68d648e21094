"""What was confirmed before, and how far it can be trusted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from scipy.special import betaincinv

from pipeline.posting.coding.words import are_alike, words_of
from schemas.posting import Entry

DOUBT = 0.1
"""The true share of agreement is below `agreement` with this probability."""


class Usual(NamedTuple):
    """What was chosen most often among some entries, in how many invoices out of how many choices."""

    account: str
    cost_centre: str | None
    agreed: int
    of: int

    @property
    def confidence(self) -> float:
        """As `agreement`."""
        return agreement(self.agreed, self.of)


def agreement(agreed: int, of: int) -> float:
    """The least share of agreement that the counts speak for: the lower end of the one-sided 90 % Jeffreys interval.

    3 of 3 give 0.66, 10 of 10 give 0.88, 9 of 10 give 0.73; nothing gives 0.
    """
    return float(betaincinv(agreed + 0.5, of - agreed + 0.5, DOUBT)) if of else 0.0


@dataclass(frozen=True, eq=False)
class History:
    """The confirmed entries of one client."""

    entries: tuple[Entry, ...] = ()

    @cached_property
    def _by_supplier(self) -> Mapping[str, list[Entry]]:
        return _grouped((entry.supplier, entry) for entry in self.entries)

    @cached_property
    def _by_word(self) -> Mapping[str, list[Entry]]:
        return _grouped((word, entry) for entry in self.entries for word in words_of(entry.text))

    @cached_property
    def _by_document(self) -> Mapping[str, list[Entry]]:
        return _grouped((entry.document, entry) for entry in self.entries)

    def of_document(self, document: str, text: str) -> Entry | None:
        """What a person settled for this very invoice, for a description of it."""
        mine = self._by_document.get(document, ())
        return next((entry for entry in mine if entry.text == text), next((one for one in mine if not one.text), None))

    def usual(self, supplier: str, text: str) -> tuple[Usual, float] | None:
        """The usual coding of a description, and its confidence.

        By the supplier's like descriptions, else by all of the supplier's; for a supplier without history by like
        descriptions of others. A wider circle that chooses the same makes it surer. None without any.
        """
        said, mine = words_of(text), self._by_supplier.get(supplier, [])
        like = [entry for entry in mine if are_alike(said, words_of(entry.text))]
        circles = (like, mine) if mine else (self._alike(said),)
        found = [usual for usual in map(_usual, circles) if usual]
        if not found:
            return None
        first = found[0]
        same = [one for one in found if (one.account, one.cost_centre) == (first.account, first.cost_centre)]
        return first, max(one.confidence for one in same)

    def like(self, supplier: str, text: str) -> Usual | None:
        """What was chosen for like descriptions of the supplier alone."""
        said = words_of(text)
        return _usual([one for one in self._by_supplier.get(supplier, ()) if are_alike(said, words_of(one.text))])

    def _alike(self, said: frozenset[str]) -> list[Entry]:
        near = {id(entry): entry for word in said for entry in self._by_word.get(word, ())}
        return [entry for entry in near.values() if are_alike(said, words_of(entry.text))]


def _usual(entries: Iterable[Entry]) -> Usual | None:
    votes: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for entry in entries:
        votes[entry.account, entry.cost_centre].add(entry.document)
    if not votes:
        return None
    (account, centre), documents = max(votes.items(), key=lambda vote: (len(vote[1]), vote[0][0]))
    return Usual(account, centre, len(documents), sum(map(len, votes.values())))


def _grouped(pairs: Iterable[tuple[str, Entry]]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for key, entry in pairs:
        groups[key].append(entry)
    return groups
