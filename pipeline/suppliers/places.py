"""Where a value stands: its label, how it stands to it, and its part of the page.

One function says it for learning and for recalling, so that what was learned is found again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from pipeline.extract.candidates import Sheet
from pipeline.extract.labels import plain
from pipeline.extract.layout import TextLine, union
from pipeline.extract.parsing import currency_of
from pipeline.suppliers.model import Place, Relation
from schemas import Box, FieldName, Page, Word

LABEL_WORDS = 5
"""The words next to a value say most; more of them would be the sentence around."""
REACH = 4.0
"""A label stands at most this many line heights above its value."""
SAME_LABEL = 85.0
"""How alike a misread label must be to the one learned, in per cent (rapidfuzz ratio)."""
FAR = 3.0
"""Distances may differ by this many line heights: values are shorter or longer."""

_ROWS, _COLUMNS = ("top", "middle", "bottom"), ("left", "centre", "right")


@dataclass(frozen=True, eq=False)
class Map:
    """The lines of a sheet by page, to look places up."""

    sheet: Sheet

    @cached_property
    def pages(self) -> dict[int, Page]:
        """Pages by number."""
        return {page.number: page for page in self.sheet.pages}

    @cached_property
    def lines(self) -> dict[int, list[TextLine]]:
        """Lines by page number, top to bottom."""
        found: dict[int, list[TextLine]] = {number: [] for number in self.pages}
        for line in self.sheet.lines:
            found[line.page].append(line)
        return found

    def places_of(self, page: int, box: Box) -> tuple[Place, ...]:
        """How a box stands to the text beside it and above it; alone when there is neither.

        Which of the two is the label, only another document tells. Empty when the page is not of this sheet.
        """
        if page not in self.pages:
            return ()
        zone, which = _zone(self.pages[page], box), self._which(page)
        labels = [label for label in (self._beside(page, box), self._above(page, box)) if label]
        if not labels:
            return (Place(page=which, zone=zone),)
        return tuple(
            Place(label=text, relation=relation, distance=round(distance, 1), page=which, zone=zone)
            for text, relation, distance in labels
        )

    def labelled(self, name: FieldName, places: tuple[Place, ...]) -> tuple[Place, ...]:
        """Those of the places whose text holds a label of the field; all when none does."""
        texts = {
            _bare(label.segment.text[label.start : label.end]) for label in self.sheet.labels if label.meaning == name
        }
        named = tuple(place for place in places if any(text and text in place.label for text in texts))
        return named or places

    def _which(self, page: int) -> str:
        if page == self.sheet.pages[0].number:
            return "first"
        return "last" if page == self.sheet.pages[-1].number else "middle"

    def _beside(self, page: int, box: Box) -> tuple[str, Relation, float] | None:
        """The words directly before a value on its row, back to another value or a wide gap."""
        row = next((line for line in self.lines[page] if _crosses(line, box)), None)
        if row is None:
            return None
        before = [word for word in row.words if word.box.x_mid < box.x0]
        glued = next((w for w in row.words if w.box.x0 < box.x0 - 1 and w.box.x1 > box.x0 + 1), None)
        named = _last_label(before, row.height)
        if glued is not None and not named:
            named = [glued]
        text = label_text(named)
        if not text:
            return None
        return text, Relation.BESIDE, max(0.0, box.x0 - named[-1].box.x1) / max(row.height, 1.0)

    def _above(self, page: int, box: Box) -> tuple[str, Relation, float] | None:
        """The text above a value, over its left edge, right edge or middle."""
        height = max(box.height, 4.0)
        for line in reversed(self.lines[page]):
            distance = (box.y0 - line.box.y1) / height
            if line.box.y_mid >= box.y0 or distance > REACH:
                continue
            over = [s for s in line.segments if s.box.x0 < box.x1 and s.box.x1 > box.x0 and label_text(s.words)]
            if over:
                return label_text(over[0].words), Relation.BELOW, max(0.0, distance)
        return None


def label_text(words: Iterable[Word]) -> str:
    """The plain text of a label: at most five words, without digits and punctuation; empty when nothing is left."""
    kept = [word.text for word in words if currency_of(word.text) is None]
    return _bare(" ".join(kept[-LABEL_WORDS:]))


def _bare(text: str) -> str:
    """Plain words without digits and punctuation; empty without any letter."""
    words = re.sub(r"[^\w°%]+|_", " ", plain(text)).split()
    kept = [word for word in words if not any(char.isdigit() for char in word)]
    return " ".join(kept) if any(char.isalpha() for word in kept for char in word) else ""


def shared(known: Iterable[Place], here: Iterable[Place]) -> tuple[Place, ...]:
    """The known places that one of these agrees with."""
    found = tuple(here)
    return tuple(place for place in known if any(_same_place(other, place) for other in found))


def _same_place(place: Place, known: Place) -> bool:
    if place.relation is not known.relation:
        return False
    if known.relation is Relation.ALONE:
        return bool(known.zone) and (place.page, place.zone) == (known.page, known.zone)
    alike = fuzz.ratio(place.label, known.label) >= SAME_LABEL
    # beside: right-aligned values begin where their length says; the label alone counts
    near = known.relation is Relation.BESIDE or abs(place.distance - known.distance) <= FAR
    return alike and near


def _last_label(before: list[Word], height: float) -> list[Word]:
    """The words that end a row's beginning, as far as they belong together and are no value."""
    named: list[Word] = []
    for word in reversed(before):
        if any(char.isdigit() for char in word.text):
            break
        if named and named[0].box.x0 - word.box.x1 > 2.0 * height:
            break
        named.insert(0, word)
    return named[-LABEL_WORDS:]


def _crosses(line: TextLine, box: Box) -> bool:
    """Whether a box stands on a line."""
    top = union(word.box for word in line.words)
    return min(top.y1, box.y1) - max(top.y0, box.y0) > 0.5 * min(top.height, box.height) and top.x1 > box.x0 - 1


def _zone(page: Page, box: Box) -> str:
    row = _ROWS[min(2, max(0, int(3 * box.y_mid / page.height)))]
    column = _COLUMNS[min(2, max(0, int(3 * box.x_mid / page.width)))]
    return f"{row} {column}"
