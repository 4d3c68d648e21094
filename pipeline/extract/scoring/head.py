"""What stands about a number or a date, whatever the words: number signs, the title, other dates, an address."""

from collections.abc import Iterator

from pipeline.extract.document_type import type_in
from pipeline.extract.header import is_payers_row
from pipeline.extract.labels import NUMBER_SIGN, tokens_of
from pipeline.extract.layout import TextLine
from pipeline.extract.scoring.surroundings import Surroundings
from schemas import Box

FAR = 20.0
"""Rows beyond which distance says no more."""
TITLE_WORDS = 4
"""Words within which a text that begins with a title names one."""
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
    yield "after_title", _words_after_title(box, line)
    dates = [abs(box.y_mid - day.y_mid) for day in around.date_boxes.get(page, ()) if day != box]
    yield "date_rows", min(FAR, min(dates, default=FAR * around.usual_height) / around.usual_height)
    yield "in_address", float(around.is_in_address(box, line))
    yield "payers", float(is_payers_row(line))


def _words_after_title(box: Box, line: TextLine) -> float:
    """Words between a document's title and a value behind it in one text ("Facture client 26/051"); FAR without one."""
    segment = next((part for part in line.segments if part.box.x0 - 1 <= box.x_mid <= part.box.x1 + 1), None)
    before = [word.text for word in segment.words if word.box.x1 <= box.x0 + 1] if segment else []
    for length in range(1, min(len(before), TITLE_WORDS) + 1):
        if type_in(" ".join(before[:length])):
            return float(len(before) - length)
    return FAR
