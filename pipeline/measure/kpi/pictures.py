"""Draws the days of a period as SVG without style or script, so that it stands in a page with a strict policy too.

The colours are classes of the page. Every picture has a title and a description for those who do not see it.
"""

from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup, escape

from pipeline.measure.kpi.measured import DayCount
from pipeline.measure.kpi.model import Scope
from pipeline.measure.kpi.words import in_language
from pipeline.measure.notation import count, day
from pipeline.review.causes import Wording

WIDTH, HEIGHT, BASE, LEFT = 720, 180, 155, 44
"""Of the picture; the line on which the bars stand; where they begin."""
WIDEST = 40
"""Of a bar: a single day does not fill the picture."""
MOST_BARS = 120
"""More days than that are drawn as weeks."""
SPAN = 7
TITLE = Wording("Factures décidées, par jour", "Invoices decided, by day")
THROUGH = Wording("sans intervention", "straight through")
HELD = Wording("retenues pour une personne", "held for a person")


def days_picture(days: Sequence[DayCount], scope: Scope, language: str) -> Markup:
    """A bar a day, or a week where there are many: what went straight through below, the rest above."""
    bars, title = _bars(days, scope), in_language(TITLE, language)
    most = max((bar.invoices for bar in bars), default=0)
    if not most:
        return Markup("")
    scale, step = (BASE - 18) / most, (WIDTH - LEFT) / len(bars)
    drawn = "".join(_drawn(bar, LEFT + index * step, step, scale, language) for index, bar in enumerate(bars))
    words = "; ".join(f"{day(bar.day, language)}: {bar.through} / {bar.invoices}" for bar in bars if bar.invoices)
    last = f'<text x="{WIDTH}" y="{HEIGHT - 6}" text-anchor="end">{day(bars[-1].day, language)}</text>'
    ends = (
        f'<text x="{LEFT}" y="{HEIGHT - 6}">{day(bars[0].day, language)}</text>'
        f"{last if len(bars) > 1 else ''}"
        f'<text x="{LEFT - 6}" y="22" text-anchor="end">{count(most, language)}</text>'
        f'<text x="{LEFT - 6}" y="{BASE}" text-anchor="end">0</text>'
    )
    head = f"<title>{escape(title)}</title><desc>{escape(words)}</desc>"
    line = f'<line class="axis" x1="{LEFT}" x2="{WIDTH}" y1="{BASE}" y2="{BASE}"/>'
    frame = f'<svg class="days" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
    return Markup(f"{frame}{head}{drawn}{line}{ends}</svg>")  # noqa: S704 (numbers and dates, and escaped words)


def _bars(days: Sequence[DayCount], scope: Scope) -> list[DayCount]:
    """One for each day or week of the period, also where nothing was decided."""
    span = 1 if scope.days <= MOST_BARS else SPAN * -(-scope.days // (SPAN * MOST_BARS))
    starts = [scope.first + timedelta(days=first) for first in range(0, scope.days, span)]
    sums = [[0, 0] for _ in starts]
    for one in days:
        place = sums[(one.day - scope.first).days // span]
        place[0] += one.invoices
        place[1] += one.through
    return [DayCount(start, *numbers) for start, numbers in zip(starts, sums, strict=True)]


def _drawn(bar: DayCount, x: float, step: float, scale: float, language: str) -> str:
    held = bar.invoices - bar.through
    low, high = bar.through * scale, held * scale
    width = min(WIDEST, max(0.5, 0.8 * step))
    through, other = (in_language(words, language) for words in (THROUGH, HELD))
    said = f"{day(bar.day, language)}: {bar.through} {through}, {held} {other}"
    parts = f'<rect class="through" x="{x:.1f}" y="{BASE - low:.1f}" width="{width:.1f}" height="{low:.1f}"/>'
    parts += f'<rect class="held" x="{x:.1f}" y="{BASE - low - high:.1f}" width="{width:.1f}" height="{high:.1f}"/>'
    return f"<g><title>{escape(said)}</title>{parts}</g>"
