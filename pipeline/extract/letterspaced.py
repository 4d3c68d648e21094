"""Puts letter-spaced words together again: "F A C T U R E  n °  F 1 0" is "FACTURE n° F10"."""

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise
from statistics import fmean, median

from schemas import Box, Word

FEWEST = 4
"""So many pieces at least are a letter-spaced text; fewer are initials or cells."""
SINGLE = 0.75
"""Most pieces of such a text are single characters; kerning leaves some of two together ("FA C T U R E")."""
PIECE = 2
"""Characters of a piece at most."""
WORD_SPACE = 1.8
"""A gap so many times as wide as the one between letters parts two words."""
LETTER_SPACE = 0.6
"""Heights between two letters at most; cells of a table stand further apart."""
REACH = 1.6
"""Heights beyond which nothing belongs to the same text."""


def close_up(row: Sequence[Word]) -> tuple[Word, ...]:
    """The words of one visual row, left to right, with each letter-spaced text made of whole words."""
    return tuple(word for run in _runs(row) for word in (_joined(run) if _is_spaced(run) else run))


def _runs(row: Sequence[Word]) -> Iterator[list[Word]]:
    """Pieces that stand near each other, together; every other word alone."""
    run: list[Word] = []
    for word in row:
        if run and not (_is_piece(run[-1]) and _is_piece(word) and _gap(run[-1], word) <= REACH * word.box.height):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _is_piece(word: Word) -> bool:
    return len(word.text) == 1 or (len(word.text) <= PIECE and word.text.isalpha())


def _gap(before: Word, after: Word) -> float:
    return after.box.x0 - before.box.x1


def _gaps(run: Sequence[Word]) -> list[float]:
    return [_gap(before, after) for before, after in pairwise(run)]


def _is_spaced(run: Sequence[Word]) -> bool:
    if len(run) < FEWEST or sum(len(word.text) == 1 for word in run) < SINGLE * len(run):
        return False
    return any(word.text.isalpha() for word in run) and median(_gaps(run)) <= LETTER_SPACE * run[0].box.height


def _joined(run: Sequence[Word]) -> Iterator[Word]:
    widest = WORD_SPACE * median(_gaps(run))
    parts = [[run[0]]]
    for word, gap in zip(run[1:], _gaps(run), strict=True):
        if gap > widest:
            parts.append([])
        parts[-1].append(word)
    for part in parts:
        text = "".join(word.text for word in part)
        confidence = fmean(word.confidence for word in part)
        box = reduce(Box.union, (word.box for word in part))
        yield part[0].model_copy(update={"text": text, "box": box, "confidence": confidence})
