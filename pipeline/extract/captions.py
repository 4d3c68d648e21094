"""Tells where captions stand: most sheets print a label above its value, some columns of some sheets below it."""

from collections.abc import Sequence

from pipeline.extract.labels import Label
from pipeline.extract.layout import TextLine

FEWEST = 3
"""Captions of a column that must agree before it is taken to print them below their values."""
CLEARLY_NEARER = 0.8
"""A text is a caption's own when its gap is at most this part of the gap to the text on the other side."""
REACH = 4.0
"""Line heights within which a caption has its value."""
EDGE = 0.5
"""Line heights by which the left edges of a column's texts may differ."""


def below_their_values(labels: Sequence[Label], lines: Sequence[TextLine]) -> frozenset[Label]:
    """The labels of those columns whose captions stand below their values.

    A column does it one way throughout: of the captions that stand alone on their segment most have the nearer text
    above them.
    """
    votes = [(label, vote) for label in labels if (vote := _nearer_above(label, lines)) is not None]
    return frozenset(
        label for label in labels if _is_outvoted([vote for other, vote in votes if _same_column(label, other)])
    )


def _is_outvoted(votes: Sequence[bool]) -> bool:
    return votes.count(True) >= FEWEST and votes.count(True) > 2 * votes.count(False)


def _same_column(label: Label, other: Label) -> bool:
    here, there = label.segment, other.segment
    return here.page == there.page and abs(here.box.x0 - there.box.x0) < EDGE * max(here.height, there.height)


def _nearer_above(label: Label, lines: Sequence[TextLine]) -> bool | None:
    """True when the text above is clearly nearer than that below, False the other way round, None when neither."""
    own = label.segment
    if own.text[: label.start].strip() or own.text[label.end :].strip(" .:*"):
        return None
    column = [
        segment
        for line in lines
        if line.page == own.page
        for segment in line.segments
        if segment is not own and abs(segment.box.x0 - own.box.x0) < EDGE * own.height
    ]
    above = min((own.box.y0 - s.box.y1 for s in column if s.box.y_mid < own.box.y0), default=None)
    below = min((s.box.y0 - own.box.y1 for s in column if s.box.y_mid > own.box.y1), default=None)
    reach = REACH * own.height
    if above is None or above > reach:
        return False if below is not None and below <= reach else None
    if below is None or above <= CLEARLY_NEARER * below:
        return True
    return False if below <= CLEARLY_NEARER * above else None
