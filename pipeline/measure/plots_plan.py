"""Draws simulations and costs: a band over time, cost against volume, a tornado."""

from collections.abc import Mapping, Sequence

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline.measure.estimate import Estimate
from pipeline.measure.plots import BAD, GOOD, INK, PLAIN, SOFT, style, svg
from pipeline.measure.simulation.replicate import Band

_COLOURS = (PLAIN, GOOD, BAD, SOFT, INK)
_MARKS = ("o-", "s--", "^:", "D-.", "v-")


def over_time(band: Band, what: str) -> Markup:
    """The median of the runs over the days, and the band that nine of ten of them lie in."""
    with mpl.rc_context(style(f"over time {what}")):
        figure = Figure(figsize=(7.2, 3.4), layout="constrained")
        axes = figure.subplots()
        days = [hour / 24 for hour in band.hours]
        axes.fill_between(days, band.low, band.high, color=PLAIN, alpha=0.22, linewidth=0, label="nine runs of ten")
        axes.plot(days, band.middle, color=PLAIN, linewidth=1.2, label="median")
        axes.set(xlabel="day", ylabel=what, xlim=(0, days[-1]), ylim=(0, None))
        _thousands(axes)
        figure.legend(loc="outside upper left", ncols=2)
        peak = max(range(len(days)), key=lambda at: band.middle[at])
        highest = f"The median is highest on day {days[peak]:.0f}, with {band.middle[peak]:,.0f}"
        words = f"{highest}; nine runs of ten lie between {band.low[peak]:,.0f} and {band.high[peak]:,.0f} there."
        return svg(figure, f"{what} over time", words)


def against_volume(curves: Mapping[str, Sequence[tuple[float, Estimate]]], title: str) -> Markup:
    """Euros an invoice against invoices a month; a line, a mark and a range for each of at most five ways."""
    with mpl.rc_context(style(title)):
        figure = Figure(figsize=(7.2, 3.8), layout="constrained")
        axes = figure.subplots()
        for (name, points), colour, mark in zip(curves.items(), _COLOURS, _MARKS, strict=False):
            volumes = [volume for volume, _ in points]
            axes.plot(volumes, [cost.value for _, cost in points], mark, color=colour, markersize=4, label=name)
            low, high = [cost.low for _, cost in points], [cost.high for _, cost in points]
            axes.fill_between(volumes, low, high, color=colour, alpha=0.12, linewidth=0)
        axes.set(xlabel="invoices a month", ylabel="EUR an invoice", xscale="log", ylim=(0, None))
        volumes = sorted({volume for points in curves.values() for volume, _ in points})
        axes.set_xticks(volumes, [f"{volume:,.0f}" for volume in volumes])
        axes.minorticks_off()
        figure.legend(loc="outside upper left", ncols=2)
        return svg(figure, title, " ".join(_curve_words(name, points) for name, points in curves.items()))


def tornado(swings: Sequence[tuple[str, float, float]], middle: float, what: str) -> Markup:
    """How far each assumption alone moves a result: name, result at its low end, result at its high end."""
    with mpl.rc_context(style(f"tornado {what}")):
        figure = Figure(figsize=(7.2, 0.9 + 0.34 * len(swings)), layout="constrained")
        axes = figure.subplots()
        for place, (_, low, high) in enumerate(swings):
            axes.barh(
                place, low - middle, left=middle, color=GOOD, height=0.6, label="at its low end" if not place else None
            )
            axes.barh(
                place,
                high - middle,
                left=middle,
                color=BAD,
                height=0.6,
                hatch="//",
                edgecolor="none",
                label="at its high end" if not place else None,
            )
        axes.axvline(middle, color=SOFT, linewidth=1)
        axes.set(xlabel=what, yticks=range(len(swings)), yticklabels=[name for name, _, _ in swings])
        axes.set_ylim(len(swings) - 0.5, -0.5)
        figure.legend(loc="outside upper left", ncols=2)
        ends = "; ".join(f"{name}: {low:,.2f} to {high:,.2f}" for name, low, high in swings)
        return svg(figure, f"What moves {what}", f"{middle:,.2f} as assumed. Each alone: {ends}.")


def _curve_words(name: str, points: Sequence[tuple[float, Estimate]]) -> str:
    (least, first), (most, last) = points[0], points[-1]
    return f"{name}: {first.value:.2f} EUR at {least:,.0f} a month, {last.value:.2f} EUR at {most:,.0f}."


def _thousands(axes: Axes) -> None:
    axes.yaxis.set_major_formatter("{x:,.0f}")
