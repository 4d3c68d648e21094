"""Tells where the captions of a sheet stand: most print a label above its value, some below it."""

from collections.abc import Sequence

from pipeline.extract.labels import Label
from pipeline.extract.layout import TextLine

FEWEST = 3
"""Captions that must agree before a sheet is taken to print them below their values."""
CLEARLY_NEARER = 0.8
"""A text is a caption's own when its gap is at most this part of the gap to the text on the other side."""
REACH = 4.0
"""Line heights within which a caption has its value."""


def stand_below(labels: Sequence[Label], lines: Sequence[TextLine]) -> bool:
    """Whether captions that stand alone on their segment mostly have the nearer text above them."""
    votes = [vote for label in labels if (vote := _nearer_above(label, lines)) is not None]
    return votes.count(True) >= FEWEST and votes.count(True) > 2 * votes.count(False)


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
        if segment is not own and abs(segment.box.x0 - own.box.x0) < 0.5 * own.height
    ]
    above = min((own.box.y0 - s.box.y1 for s in column if s.box.y_mid < own.box.y0), default=None)
    below = min((s.box.y0 - own.box.y1 for s in column if s.box.y_mid > own.box.y1), default=None)
    reach = REACH * own.height
    if above is None or above > reach:
        return False if below is not None and below <= reach else None
    if below is None or above <= CLEARLY_NEARER * below:
        return True
    return False if below <= CLEARLY_NEARER * above else None
