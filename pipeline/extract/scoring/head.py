"""What stands about a number or a date, whatever the words: number signs, the title, other dates, an address."""

from collections.abc import Iterator

from pipeline.extract.header import is_payers_row
from pipeline.extract.labels import NUMBER_SIGN, tokens_of
from pipeline.extract.layout import TextLine
from pipeline.extract.scoring.surroundings import Surroundings
from schemas import Box

FAR = 20.0
"""Rows beyond which distance says no more."""
WORDS_BEFORE = 3
"""So many words before a value may hold its number sign."""
SAME_ROW = 0.6
"""Row heights within which two texts stand on one row."""


def of_head(box: Box, line: TextLine, page: int | None, around: Surroundings) -> Iterator[tuple[str, float]]:
    """Features of a value in a box on a row, by the names of `pipeline.extract.scoring.features.FEATURES`."""
    before = " ".join([word.text for word in line.words if word.box.x1 <= box.x0 + 1][-WORDS_BEFORE:])
    yield "number_sign", float(any(token == NUMBER_SIGN for token, _, _ in tokens_of(before)))
    drops = [(box.y_mid - title.y_mid) / around.usual_height for title in around.titles.get(page, ())]
    yield "title_rows", max(-FAR, min(FAR, min(drops, key=abs, default=FAR)))
    yield "title_beside", float(any(abs(drop) < SAME_ROW for drop in drops))
    dates = [abs(box.y_mid - day.y_mid) for day in around.date_boxes.get(page, ()) if day != box]
    yield "date_rows", min(FAR, min(dates, default=FAR * around.usual_height) / around.usual_height)
    yield "in_address", float(around.is_in_address(box, line))
    yield "payers", float(is_payers_row(line))
