"""Text of a PDF that nobody sees must say nothing else than what is seen: else the document is made to deceive.

An invisible copy of what the page shows, such as the text layer of a scan, is honest. What is in doubt is shown to a
reader: the picture of the page decides.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from math import inf

from rapidfuzz.distance import Levenshtein

from pipeline.errors import BackofficeError, EnvironmentFault
from pipeline.extract.candidates import Sheet, survey
from pipeline.extract.spans import Span
from pipeline.ports import StripReader
from pipeline.reading.strips import cut_out
from pipeline.reading.visible import has_ink
from pipeline.verify.compare import agrees, compact
from pipeline.verify.pictures import Pictures
from schemas import Box, FieldName, Finding, Page, Record, Severity, TextSource
from schemas.terms import POSTING_CRITICAL

RULE = "hidden-text"
FEWEST_FIGURES = {"iban": 0, "vat_id": 0, "siret": 0, "siren": 0, "date": 0, "amount": 3, "identifier": 4}
"""Kinds of text that a posting may hang on, and how many figures make it more than a page number."""
_SURE = tuple(FEWEST_FIGURES)
"""Of two readings of the same words the one of the kind that comes first counts."""
MOST_LOOKS = 60
"""Places that a reader is shown; whoever hides more than that needs a person."""
MOST_NAMED = 3
ALIKE = 0.5
"""Similarity (0 to 1) from which on the text layer of a scan is a misreading of what stands there, not another text."""
_WITH_CENTS = re.compile(r"[.,]\d\d\D*$")
_LIKE = {"amount": FieldName.GROSS_TOTAL, "date": FieldName.ISSUE_DATE, "iban": FieldName.IBAN}
"""A field whose values are compared as those of a kind are; all other kinds are identifiers."""


def find_hidden_text(
    record: Record, pages: Sequence[Page], pictures: Pictures, reader: StripReader | None
) -> tuple[Finding, ...]:
    """An error finding where pages hide amounts, dates, accounts or identifiers that they do not show.

    Without a `reader` only what was read of the pages tells what they show.
    """
    strangers = tuple(_strangers(pages))
    if not strangers:
        return ()
    by_number = {page.number: page for page in pages}
    lies = [span for span in strangers if reader is None or len(strangers) > MOST_LOOKS]
    if not lies and reader is not None:
        try:
            lies = list(_unseen(strangers, by_number, record, pictures, reader))
        except EnvironmentFault:
            raise
        except BackofficeError:  # what cannot be looked at needs a person too
            lies = list(strangers)
    return (_finding(lies, by_number),) if lies else ()


def _strangers(pages: Sequence[Page]) -> Iterator[Span]:
    """What is hidden and stands nowhere among the words that were read."""
    hidden = survey([page.model_copy(update={"words": page.hidden}) for page in pages if page.hidden])
    if not hidden.lines:
        return
    shown = _Shown(survey(pages))
    seen: set[tuple[str, str, int]] = set()
    for span in _telling(hidden.spans):
        key = (span.kind, compact(span.raw), span.page)
        if key not in seen and not shown.has(span):
            seen.add(key)
            yield span


def _telling(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans of the kinds and lengths that matter, without those that are a part of another.

    A group of an account is no amount, and a number that is an amount or a date is no identifier too.
    """
    told = [span for span in spans if sum(char.isdigit() for char in span.raw) >= FEWEST_FIGURES.get(span.kind, inf)]
    for span in told:
        if not any(_is_part_of(span, other) for other in told if other.line is span.line):
            yield span


def _is_part_of(span: Span, other: Span) -> bool:
    if (span.first, span.last) == (other.first, other.last):
        return _SURE.index(span.kind) > _SURE.index(other.kind)
    return other.first <= span.first and span.last <= other.last


class _Shown:
    """What the pages show, in forms that can be compared."""

    def __init__(self, sheet: Sheet) -> None:
        self._amounts = {_size(span) for span in sheet.spans_of("amount")}
        self._dates = {span.value for span in sheet.spans_of("date")}
        self._words = {compact(word.text) for line in sheet.lines for word in line.words}
        self._lines = [compact(line.text) for line in sheet.lines]

    def has(self, span: Span) -> bool:
        """Whether the value is printed somewhere; an identifier also as a part of a longer text."""
        match span.kind:
            case "amount":
                return _size(span) in self._amounts or compact(span.raw) in self._words
            case "date":
                return span.value in self._dates
        return any(compact(span.raw) in line for line in self._lines)


def _size(span: Span) -> Decimal:
    """An amount without its sign: credit notes print both ways."""
    return abs(Decimal(str(span.value)))


def _unseen(
    spans: Sequence[Span], pages: dict[int, Page], record: Record, pictures: Pictures, reader: StripReader
) -> Iterator[Span]:
    """The spans whose places on the pictures do not show them."""
    pixels = [pictures.of(pages[span.page]) for span in spans]
    strips = [
        cut_out(picture.pixels, span.box.scaled(picture.dpi / 72)) for picture, span in zip(pixels, spans, strict=True)
    ]
    for span, place, strip in zip(spans, strips, reader.read_strips(strips), strict=True):
        name = _LIKE.get(span.kind, FieldName.INVOICE_NUMBER)
        is_shown = has_ink(place) and agrees(name, span.value, span.raw, strip.text)
        if not is_shown and not _is_misread(span, strip.text, pages[span.page], record):
            yield span


def _is_misread(span: Span, seen: str, page: Page, record: Record) -> bool:
    """Whether a scanner's own text layer erred: like what is seen there, and in no value that is posted.

    Scanners make numbers of logos and stamps, so that only figures of a certain form tell on a scan.
    """
    if page.source is TextSource.TEXT_LAYER or any(_overlap(span.box, box) for box in _posted(record, page.number)):
        return False
    has_form = span.kind != "identifier" and (span.kind != "amount" or _WITH_CENTS.search(span.raw) is not None)
    return not has_form or Levenshtein.normalized_similarity(compact(span.raw), compact(seen)) >= ALIKE


def _posted(record: Record, page: int) -> Iterator[Box]:
    for name in POSTING_CRITICAL:
        field = record.fields[name]
        if field.page == page and field.box is not None:
            yield field.box


def _overlap(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


def _finding(lies: Sequence[Span], pages: dict[int, Page]) -> Finding:
    named = "; ".join(f"'{span.raw}' {_place(span, pages[span.page])}" for span in _distinct(lies))
    message = f"The PDF hides text that its pages do not show: {named}. Compare it with what the supplier agreed."
    return Finding(rule=RULE, severity=Severity.ERROR, message=message)


def _distinct(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple({span.raw: span for span in spans}.values())[:MOST_NAMED]


def _place(span: Span, page: Page) -> str:
    box = span.box
    if not (0 <= box.x_mid <= page.width and 0 <= box.y_mid <= page.height):
        return f"beside page {span.page}"
    return f"on page {span.page}, {box.x0:.0f} points from the left and {box.y0:.0f} from the top"
