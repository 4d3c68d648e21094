"""What a sheet says about any value on it, put in order once so that a candidate's features are quick to find."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from statistics import median

from pipeline.extract.adding_up import Proof, is_known_rate
from pipeline.extract.candidates import Link, Sheet
from pipeline.extract.document_type import type_in
from pipeline.extract.labels import expectations, plain
from pipeline.extract.layout import TextLine
from pipeline.extract.name_words import legal_form
from pipeline.extract.parties import names_on
from pipeline.extract.party_clues import Clues, Name
from pipeline.extract.spans import Span
from schemas import Box, Candidate, FieldName

MOST_AMOUNTS = 90
"""Of more different amounts than this only the last ones are tried for sums: totals stand at the end."""

TITLE_WORDS = 6
"""A text of more words is a sentence, no title."""
FOOT = 0.85
"""Where the foot of a page begins, as a share of its height."""

Place = tuple[int | None, float, float]
"""Page number, left and top in points."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """A sheet with its values by place, the labels that point at each, and what its amounts add up to."""

    sheet: Sheet
    proof: Proof

    def span_of(self, option: Candidate) -> Span | None:
        """The value on the page that a candidate was made from; None for a name, a title or a worked-out sum."""
        spans = self._spans.get(place_of(option.page, option.box), ())
        kind = expectations().get(option.name, "")
        return next((span for span in spans if span.kind == kind and span.value == option.value), None)

    def line_of(self, option: Candidate) -> TextLine | None:
        """The segment or row in which a candidate stands."""
        if option.box is None:
            return None
        here = option.box
        rows = self._lines.get(option.page, ())
        return min(rows, key=lambda line: abs(line.box.y_mid - here.y_mid), default=None)

    def links_to(self, span: Span) -> dict[str, Link]:
        """The best link of each meaning to a value."""
        return self._links.get(span, {})

    def name_at(self, option: Candidate) -> Name | None:
        """The text that a party's candidate was made from."""
        return self._names.get((str(option.value), place_of(option.page, option.box)))

    @cached_property
    def clues(self) -> Clues:
        """What tells seller from buyer."""
        return Clues(self.sheet)

    @cached_property
    def usual_height(self) -> float:
        """The median height of a row in points."""
        return max(1.0, median([line.height for line in self.sheet.lines] or [10.0]))

    @cached_property
    def repetitions(self) -> Counter[tuple[str, object]]:
        """How often each value of each kind stands on the pages."""
        return Counter((span.kind, span.value) for span in self.sheet.spans)

    @cached_property
    def dates(self) -> tuple[object, ...]:
        """The different dates, earliest first."""
        return tuple(sorted({span.value for span in self.sheet.spans_of("date")}))

    @cached_property
    def amounts(self) -> tuple[Decimal, ...]:
        """The different amounts with cents, smallest first, signs aside."""
        return tuple(sorted({abs(value) for value in _with_cents(self.sheet.spans_of("amount"))}))

    @cached_property
    def amounts_on(self) -> Counter[int]:
        """How many amounts stand on each row, by the row's identity."""
        return Counter(id(span.line) for span in self.sheet.spans_of("amount"))

    @cached_property
    def amount_tops(self) -> tuple[tuple[int, float], ...]:
        """Page and top of every amount with a decimal mark."""
        amounts = self.sheet.spans_of("amount")
        return tuple((span.page, span.box.y0) for span in amounts if "," in span.raw or "." in span.raw)

    @cached_property
    def titles(self) -> dict[int | None, list[Box]]:
        """Where each page prints a document's title, or a text that names one."""
        found: dict[int | None, list[Box]] = {}
        for line in self.sheet.lines:
            for segment in line.segments:
                if len(segment.words) <= TITLE_WORDS and type_in(segment.text):
                    found.setdefault(line.page, []).append(segment.box)
        return found

    @cached_property
    def date_boxes(self) -> dict[int | None, list[Box]]:
        """Where each page prints dates."""
        found: dict[int | None, list[Box]] = {}
        for span in self.sheet.spans_of("date"):
            found.setdefault(span.page, []).append(span.box)
        return found

    def is_in_address(self, box: Box, line: TextLine) -> bool:
        """Whether a value on a row belongs to a block with a postcode."""
        own = (word for word in line.words if box.x0 - 1 <= word.box.x_mid <= box.x1 + 1)
        return any(id(word) in self._address_words for word in own)

    @cached_property
    def _address_words(self) -> frozenset[int]:
        blocks = (block for block in self.sheet.blocks if block.is_address)
        return frozenset(id(word) for block in blocks for line in block.lines for word in line.words)

    def repeats_below(self, name: Name) -> int:
        """How often a name stands at the foot of a page, apart from where it stands itself."""
        text = plain(name.text)
        return sum(text in foot for line, foot in self._feet if line is not name.line)

    @cached_property
    def _feet(self) -> tuple[tuple[TextLine, str], ...]:
        heights = {page.number: page.height for page in self.sheet.pages}
        return tuple(
            (segment, plain(segment.text))
            for line in self.sheet.lines
            if line.box.y_mid > FOOT * heights[line.page]
            for segment in line.segments
        )

    @cached_property
    def page_index(self) -> dict[int | None, int]:
        """The place of each page in its document, by its number."""
        return {page.number: index for index, page in enumerate(self.sheet.pages)}

    @cached_property
    def sums(self) -> "Sums":
        """Which amounts are net, VAT and gross of each other."""
        return sums_of(self.amounts)

    @cached_property
    def _spans(self) -> dict[Place, list[Span]]:
        found: dict[Place, list[Span]] = {}
        for span in self.sheet.spans:
            found.setdefault(place_of(span.page, span.box), []).append(span)
        return found

    @cached_property
    def _lines(self) -> dict[int | None, list[TextLine]]:
        found: dict[int | None, list[TextLine]] = {}
        for line in self.sheet.lines:
            found.setdefault(line.page, []).append(line)
        return found

    @cached_property
    def _links(self) -> dict[Span, dict[str, Link]]:
        found: dict[Span, dict[str, Link]] = {}
        for link in self.sheet.links:
            own = found.setdefault(link.span, {})
            if link.label.meaning not in own or own[link.label.meaning].strength < link.strength:
                own[link.label.meaning] = link
        return found

    @cached_property
    def _names(self) -> dict[tuple[str, Place], Name]:
        return {(name.text, place_of(name.line.page, name.line.box)): name for name in names_on(self.sheet)}

    @cached_property
    def has_legal_form(self) -> bool:
        """Whether any name on the page carries a legal form, so that one without is the weaker for it."""
        return any(legal_form().search(name.text) for name in self._names.values())


@dataclass(frozen=True)
class Sums:
    """Amounts by the part they play in a sum net + VAT = gross with a VAT rate in force."""

    nets: frozenset[Decimal]
    taxes: frozenset[Decimal]
    grosses: frozenset[Decimal]

    def part(self, name: FieldName, value: Decimal) -> bool:
        """Whether an amount can be the total of that name by the sums alone."""
        parts = {FieldName.NET_TOTAL: self.nets, FieldName.TAX_TOTAL: self.taxes}
        return abs(value) in parts.get(name, self.grosses)


def sums_of(amounts: Iterable[Decimal]) -> Sums:
    """All net + VAT = gross among some amounts (EN 16931 BT-112 = BT-109 + BT-110), to the cent."""
    last = sorted(amounts)[-MOST_AMOUNTS:]
    known = set(last)
    triples = [
        (net, tax, net + tax)
        for tax, net in combinations(last, 2)
        if tax > 0 and net + tax in known and is_known_rate(net, tax)
    ]
    nets, taxes, grosses = zip(*triples, strict=True) if triples else ((), (), ())
    return Sums(frozenset(nets), frozenset(taxes), frozenset(grosses))


def place_of(page: int | None, box: Box | None) -> Place:
    """Where something stands, to a tenth of a point."""
    return (page, round(box.x0, 1), round(box.y0, 1)) if box else (page, -1.0, -1.0)


def _with_cents(spans: Iterable[Span]) -> Iterator[Decimal]:
    for span in spans:
        value = Decimal(str(span.value))
        if value and value == value.quantize(Decimal("0.01")) and any(mark in span.raw for mark in ".,"):
            yield value
