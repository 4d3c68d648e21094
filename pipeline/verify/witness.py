"""Has another reader look at the places where the posting-critical values stand."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import NamedTuple

from pipeline.ports import GrayImage, Strip, StripReader
from pipeline.reading.picture import Picture
from pipeline.reading.preprocess import resize
from pipeline.reading.strips import cut_out
from pipeline.verify.compare import agrees
from pipeline.verify.pictures import Pictures
from schemas import (
    FIELD_TERMS,
    Box,
    Evidence,
    EvidenceKind,
    Field,
    FieldName,
    FieldStatus,
    Page,
    TextSource,
    ValueKind,
    Word,
)
from schemas.terms import POSTING_CRITICAL

ABOVE, BESIDE = 0.2, 0.4
"""Line heights kept around a value, for Tesseract's boxes are tight; beside it no more than half the way to the next
word: a slice of a letter looks like a figure."""
LEAST_CONFIDENCE = 0.6
"""What is read with less tells nothing, neither for a value nor against it."""
NOTHING = "nothing is to be seen there"
LOOKED_AT = tuple(name for name in (*POSTING_CRITICAL, FieldName.SELLER_VAT_ID) if name is not FieldName.CURRENCY)
"""A currency is known by all its marks on the pages, not by one of them."""


class Place(NamedTuple):
    """A value and where it is said to stand."""

    name: FieldName
    value: object
    raw: str
    page: int
    box: Box


def places_of(fields: Mapping[FieldName, Field]) -> tuple[Place, ...]:
    """Where the posting-critical values of a record stand."""
    return tuple(
        Place(name, field.value, field.raw, field.page, field.box)
        for name in LOOKED_AT
        if (field := fields[name]).status is FieldStatus.READ and field.page is not None and field.box is not None
    )


def look(
    places: Iterable[Place],
    pages: Sequence[Page],
    pictures: Pictures,
    reader: StripReader,
    kind: EvidenceKind,
    *,
    scale: float = 1.0,
) -> dict[FieldName, Evidence]:
    """What a reader sees in each place, for the value or against it; nothing where it cannot tell.

    `scale` enlarges the strips first: a variant for a second try.
    """
    by_number = {page.number: page for page in pages}
    asked = [(place, by_number[place.page]) for place in places if place.page in by_number]
    if not asked:
        return {}
    strips = [_strip(place.box, page, pictures.of(page), scale) for place, page in asked]
    seen = zip(asked, reader.read_strips(strips), strict=True)
    witnesses = ((place.name, _witness(place, strip, kind, page)) for (place, page), strip in seen)
    return {name: witness for name, witness in witnesses if witness is not None}


def _witness(place: Place, strip: Strip, kind: EvidenceKind, page: Page) -> Evidence | None:
    """What a strip says of the value; of a text layer's figures also that it does not show them."""
    seen = strip.text.strip()
    is_told = page.source is TextSource.TEXT_LAYER
    verdict = agrees(place.name, place.value, place.raw, seen)
    if verdict is False and strip.confidence < LEAST_CONFIDENCE:
        verdict = None
    if verdict is None and not (is_told and (not seen or _is_plain(place.name))):
        return None
    return Evidence(kind=kind, supports=bool(verdict), detail=f"'{seen}' ({strip.confidence:.2f})" if seen else NOTHING)


def _is_plain(name: FieldName) -> bool:
    """Whether a value is plain print; a name may be drawn as a logo that nobody can make out."""
    return FIELD_TERMS[name].kind is not ValueKind.TEXT


def _strip(box: Box, page: Page, picture: Picture, scale: float) -> GrayImage:
    strip = cut_out(picture.pixels, _with_margin(box, page.words).scaled(picture.dpi / 72))
    return strip if scale == 1.0 or not strip.size else resize(strip, scale)


def _with_margin(box: Box, words: Iterable[Word]) -> Box:
    """The box with some paper around it, but with nothing of the words beside it."""
    row = [word.box for word in words if word.box.y0 < box.y_mid < word.box.y1]
    before = max((other.x1 for other in row if other.x1 <= box.x0), default=-inf)
    behind = min((other.x0 for other in row if other.x0 >= box.x1), default=inf)
    return Box(
        x0=max(box.x0 - BESIDE * box.height, (before + box.x0) / 2),
        y0=box.y0 - ABOVE * box.height,
        x1=min(box.x1 + BESIDE * box.height, (behind + box.x1) / 2),
        y1=box.y1 + ABOVE * box.height,
    )
