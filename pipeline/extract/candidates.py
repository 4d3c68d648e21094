"""Puts labels and values together: a value is weighed for a field by how it stands to the field's labels.

All distances are in line heights, so that a small print and a large one are judged alike.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.extract.broken import with_whole_identifiers
from pipeline.extract.captions import below_their_values
from pipeline.extract.labels import Label, expectations, find_labels
from pipeline.extract.layout import Block, TextLine, blocks_of, lines_of
from pipeline.extract.parsing import decimal_mark_of, month_first_of
from pipeline.extract.preceding import name_preceding
from pipeline.extract.spans import Span, find_spans
from schemas import Page

WEAK_LABEL = 0.62
"""How much a weak label ("Date", "Total") counts against a full one."""
STOLEN = 0.35
"""What remains of a score when a label of another meaning fits the value better."""
FULL_MATCH = 1.0
CAPTION_REACH = 2.6
"""Line heights from a value to the caption below it."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """Everything found on the pages of one invoice, ready to be weighed."""

    pages: tuple[Page, ...]
    lines: tuple[TextLine, ...]
    labels: tuple[Label, ...]
    spans: tuple[Span, ...]
    decimal_mark: str | None
    month_first: bool

    @cached_property
    def links(self) -> tuple["Link", ...]:
        """All plausible pairs of label and value."""
        return tuple(_links(self))

    @cached_property
    def captions_below(self) -> frozenset[Label]:
        """The labels that stand below their values rather than above them."""
        return below_their_values(self.labels, self.lines)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The texts of each page that stand together, such as addresses."""
        return tuple(
            block for page in self.pages for block in blocks_of(line for line in self.lines if line.page == page.number)
        )

    def spans_of(self, kind: str) -> tuple[Span, ...]:
        """All values of one kind."""
        return tuple(span for span in self.spans if span.kind == kind)


@dataclass(frozen=True, eq=False)
class Link:
    """A label that may name a value, and how well the two stand together, 0 to 1."""

    label: Label
    span: Span
    strength: float
    relation: str


def survey(pages: Sequence[Page], prefer_month_first: bool = False) -> Sheet:
    """Find the lines, labels and values of an invoice's pages."""
    lines = tuple(line for page in pages for line in lines_of(page))
    texts = [line.text for line in lines]
    mark = decimal_mark_of(texts)
    month_first = month_first_of(texts) or prefer_month_first
    labels: list[Label] = []
    spans: list[Span] = []
    for line in lines:
        on_line = [label for segment in line.segments for label in find_labels(segment)]
        labels += on_line
        spans += find_spans(line, on_line, mark, month_first)
    labels = list(name_preceding(labels, lines))
    sheet = Sheet(tuple(pages), lines, tuple(labels), tuple(spans), mark, month_first)
    return replace(sheet, spans=with_whole_identifiers(sheet.spans, sheet.blocks, lines))


def scores_for(sheet: Sheet, meaning: str) -> dict[Span, Link]:
    """Each value's best link to a meaning; weaker where the value's best label means something else."""
    best_of_other: dict[Span, float] = {}
    own: dict[Span, Link] = {}
    for link in sheet.links:
        if link.label.meaning == meaning:
            if link.span not in own or own[link.span].strength < link.strength:
                own[link.span] = link
        elif best_of_other.get(link.span, 0.0) < link.strength:
            best_of_other[link.span] = link.strength
    return {
        span: link if link.strength >= best_of_other.get(span, 0.0) - 1e-9 else _weakened(link)
        for span, link in own.items()
    }


def _weakened(link: Link) -> Link:
    return Link(link.label, link.span, link.strength * STOLEN, link.relation)


def _links(sheet: Sheet) -> Iterable[Link]:
    kinds = expectations()
    by_page: dict[int, list[Span]] = {}
    for span in sheet.spans:
        by_page.setdefault(span.page, []).append(span)
    for label in sheet.labels:
        expected = kinds[label.meaning]
        rivals = [s for s in by_page.get(label.segment.page, ()) if s.kind == expected]
        if not _counts(label):
            continue
        weight = WEAK_LABEL if label.phrase.weak else min(FULL_MATCH, 0.84 + 0.05 * label.length)
        found = [
            Link(label, span, weight * strength, relation)
            for span in rivals
            if (fit := _relation(label, span, sheet))
            for strength, relation in (fit,)
        ]
        yield from _nearest_first(found)


_TITLE_WORDS = re.compile(
    r"facture|invoice|rechnung|avoir|gutschrift|credit|factura|fattura|factuur|,\s*$", re.IGNORECASE
)


_OF_ANOTHER = re.compile(r"(?:n\s?[°ºo]|nr|no|num)[.:]?\s+[^\W\d]{2,}(?!\S*\d)", re.IGNORECASE)


_NUMBER_BEFORE = re.compile(r"\d\S*\s+(?:de|del|du|vom|van|of|dated|in|en)?\s*$")


def _counts(label: Label) -> bool:
    """Whether a weak word is a label here; one behind a number dates what that numbers ("pedido 4508 de fecha").

    A short one ("le", "du", "vom") must begin the text, or stand behind a title or "Lyon,". A number sign that a word
    follows numbers what the word says: "N° de compteur" is not the document's.
    """
    if not label.phrase.weak:
        return True
    before = label.segment.text[: label.start]
    is_behind_a_title = bool(_TITLE_WORDS.search(before))
    if label.phrase.expects == "date" and _NUMBER_BEFORE.search(before) and not is_behind_a_title:
        return False
    if label.end - label.start > 3:
        return True
    if _OF_ANOTHER.match(label.segment.text[label.start :]):
        return False
    return label.start == 0 or is_behind_a_title


def _nearest_first(links: list[Link]) -> list[Link]:
    """Of the values that stand to a label in the same way, only the best is named by it; the others fade."""
    ranked = sorted(links, key=lambda link: -link.strength)
    return [
        Link(link.label, link.span, link.strength * (1.0 if place == 0 else 0.7 / place), link.relation)
        for place, link in enumerate(ranked)
    ]


def _relation(label: Label, span: Span, sheet: Sheet) -> tuple[float, str] | None:
    """How a value stands to a label: beside it, below it, or on the next line; None when too far."""
    here, there = label.box, span.box
    height = max(4.0, min(label.segment.height, span.line.height))
    width = sheet.pages[0].width
    overlap = min(here.y1, there.y1) - max(here.y0, there.y0)
    if overlap > 0.4 * min(here.height, there.height):
        return _beside(label, span, height, width)
    below = (there.y_mid - here.y_mid) / height
    if 0.5 < below < 6.5:
        return None if label in sheet.captions_below else _below(label, span, height, below, sheet)
    if label in sheet.captions_below and 0.5 < -below < CAPTION_REACH:
        return _above(label, span, height, -below)
    return None


def _beside(label: Label, span: Span, height: float, width: float) -> tuple[float, str] | None:
    gap = span.box.x0 - label.box.x1
    if gap < -0.6 * height:
        # "12,00 € TTC": the label follows its value closely
        behind = label.box.x0 - span.box.x1
        return (0.45, "before") if -0.3 * height <= behind < 1.2 * height else None
    between = _text_between(label, span)
    strength = 1.0 - 0.35 * min(1.0, gap / (0.6 * width))
    if any(char.isalpha() for char in between):
        strength -= min(0.5, 0.06 * len(between.split()) + 0.08)
    if any(char.isdigit() for char in between):
        strength -= 0.12 * sum(any(c.isdigit() for c in word) for word in between.split())
    return (strength, "beside") if strength > 0.15 else None


def _text_between(label: Label, span: Span) -> str:
    """The words of the value's line that stand between label and value."""
    return " ".join(
        word.text
        for word in span.line.words[: span.first]
        if word.box.x0 >= label.box.x1 - 1.0 and word.box.x1 <= span.box.x0 + 1.0
    )


def _below(label: Label, span: Span, height: float, below: float, sheet: Sheet) -> tuple[float, str] | None:
    here, there = label.box, span.box
    shared = min(here.x1, there.x1) - max(here.x0, there.x0)
    aligned = (
        abs(here.x0 - there.x0) < 1.5 * height
        or abs(here.x1 - there.x1) < 1.5 * height
        or abs(here.x_mid - there.x_mid) < 2.0 * height
    )
    if shared < 0.2 * min(here.width, there.width) and not (aligned and shared > -0.5 * height):
        return None
    strength = 0.93 - 0.07 * (below - 1.0) - (0.0 if aligned else 0.1)
    strength -= 0.22 * _lines_between(label, span, sheet)
    if label.segment.text[label.end :].strip(" .:*"):
        strength -= 0.12  # something else already stands beside the label
    return (strength, "below") if strength > 0.15 else None


def _above(label: Label, span: Span, height: float, above: float) -> tuple[float, str] | None:
    """A value above its caption, at the same left edge."""
    if abs(label.box.x0 - span.box.x0) > height:
        return None
    return (0.93 - 0.1 * (above - 1.0), "above")


def _lines_between(label: Label, span: Span, sheet: Sheet) -> int:
    """How many texts stand in the column between a label and the value below it."""
    here, there = label.box, span.box
    count = 0
    for line in sheet.lines:
        if line.page == span.page and here.y1 <= line.box.y_mid <= there.y0:
            count += any(
                word.box.x1 > min(here.x0, there.x0) and word.box.x0 < max(here.x1, there.x1) for word in line.words
            )
    return count
