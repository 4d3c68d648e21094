"""Draws the figures of an evaluation as SVG that stands inside a page. The one home of matplotlib.

Every picture has a title and a description for those who do not see it, and its colours are those of the page, so that
it follows dark mode and print.
"""

import io
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
from lxml import etree
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from pipeline.measure.calibration import Calibration
from pipeline.measure.coverage import Coverage
from pipeline.measure.scores import Share

INK, SOFT, LINE, PLAIN, GOOD, BAD = "#1c2430", "#5a6675", "#dde3ea", "#3b6ea8", "#2c7a4b", "#b3363e"
"""The colours of templates/base.html.j2; in the page they become its variables."""
_VARIABLES = {
    INK: "var(--ink)",
    SOFT: "var(--soft)",
    LINE: "var(--line)",
    PLAIN: "var(--plain)",
    GOOD: "var(--straight_through)",
    BAD: "var(--rejected)",
}
_SVG = "{http://www.w3.org/2000/svg}"
_STYLE = {
    "svg.fonttype": "none",  # text stays text: it can be read aloud, searched and selected
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": LINE,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "legend.frameon": False,
    "legend.columnspacing": 1.0,
}


def reliability(calibration: Calibration, of: str) -> Markup:
    """Confidence against share right, a dot a bin with its interval, and how many values each bin has."""
    with mpl.rc_context(style(f"reliability {of}")):
        figure = Figure(figsize=(5.4, 4.6), layout="constrained")
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3.2, 1))
        _dots(upper, calibration)
        figure.legend(loc="outside upper left", ncols=2)
        width = calibration.bins[0].high - calibration.bins[0].low
        places = [(one.low + one.high) / 2 for one in calibration.bins]
        lower.bar(places, [one.right.of for one in calibration.bins], width=0.9 * width, color=PLAIN)
        lower.set(xlabel="confidence", ylabel="values", xlim=(0, 1.02), yscale="log", ylim=(0.7, None))
        lower.xaxis.set_major_formatter(PercentFormatter(1))
        lower.yaxis.set_major_formatter("{x:,.0f}")
        points = ", ".join(f"{one.confidence:.0%} said and {one.right.rate:.0%} right" for one in calibration.bins)
        figure.align_ylabels()
        return svg(figure, f"Reliability of the confidences of {of}", f"{calibration.n} values. By bin: {points}.")


def risk_coverage(coverage: Coverage) -> Markup:
    """Share of documents that would be wrong against share that may pass, with the band and what was done."""
    with mpl.rc_context(style("coverage")):
        figure = Figure(figsize=(5.4, 4.6), layout="constrained")
        axes = figure.subplots()
        across = [point.coverage for point in coverage.points]
        low, high = ([getattr(point.wrong, end) for point in coverage.points] for end in ("low", "high"))
        axes.fill_between(across, low, high, color=PLAIN, alpha=0.18, linewidth=0, label="95 % interval")
        axes.plot(across, [point.wrong.rate or 0.0 for point in coverage.points], color=PLAIN, label="wrong")
        _operating_point(axes, coverage)
        axes.set(xlabel="documents that pass, least risk first", ylabel="wrong among them")
        axes.set(xlim=(0, 1.02), ylim=(0, _height(coverage)))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(PercentFormatter(1))
        figure.legend(loc="outside upper left", ncols=3)
        return svg(figure, "Risk-coverage curve", _coverage_words(coverage))


def shares(groups: Mapping[str, Share], title: str) -> Markup:
    """One line a group: the rate as a dot, its 95 % interval as a bar, the counts beside its name."""
    with mpl.rc_context(style(title)):
        figure = Figure(figsize=(5.4, 0.45 + 0.27 * len(groups)), layout="constrained")
        axes = figure.subplots()
        names = [f"{name} ({share.count} of {share.of})" for name, share in groups.items()]
        places = range(len(names))
        for place, share in zip(places, groups.values(), strict=True):
            axes.plot([share.low, share.high], [place, place], color=SOFT, linewidth=1.4)
            axes.plot([share.rate or 0.0], [place], "o", color=PLAIN, markersize=5)
        axes.set(xlim=(-0.02, 1.02), ylim=(len(names) - 0.5, -0.5), yticks=list(places), yticklabels=names)
        axes.tick_params(axis="y", labelcolor=INK, length=0)
        axes.xaxis.set_major_formatter(PercentFormatter(1))
        rates = "; ".join(f"{name}: {share.rate:.0%}" for name, share in groups.items() if share.rate is not None)
        return svg(figure, title, f"{rates}.")


def style(salt: str) -> dict[Any, Any]:
    """The look of all pictures, with ids that no other picture has."""
    return _STYLE | {"svg.hashsalt": salt}


def _dots(axes: Axes, calibration: Calibration) -> None:
    axes.plot([0, 1], [0, 1], color=SOFT, linestyle="--", linewidth=1, label="honest")
    across = [one.confidence for one in calibration.bins]
    axes.vlines(
        across,
        [one.right.low for one in calibration.bins],
        [one.right.high for one in calibration.bins],
        color=SOFT,
        linewidth=1.4,
    )
    right = [one.right.rate or 0.0 for one in calibration.bins]
    axes.plot(across, right, "o", color=PLAIN, markersize=5, label="share right, 95 % interval")
    axes.set(ylabel="right", ylim=(-0.02, 1.04))
    axes.yaxis.set_major_formatter(PercentFormatter(1))


def _operating_point(axes: Axes, coverage: Coverage) -> None:
    point = coverage.operating
    if point.wrong.of:
        axes.vlines(point.coverage, point.wrong.low, point.wrong.high, color=GOOD, linewidth=1.4)
        axes.plot(
            [point.coverage], [point.wrong.rate or 0.0], "D", color=GOOD, clip_on=False, label="went straight through"
        )


def _height(coverage: Coverage) -> float:
    """So high that the curve and what went through, with its interval, can be seen; the band may leave the picture."""
    rates = [point.wrong.rate or 0.0 for point in coverage.points]
    return min(
        1.02, max(0.01, 1.6 * max(rates), 1.2 * coverage.operating.wrong.high * bool(coverage.operating.wrong.of))
    )


def _coverage_words(coverage: Coverage) -> str:
    point = coverage.operating
    went = f"{point.coverage:.1%} of {coverage.n} documents went straight through, {point.wrong.count} of them wrong"
    whole = coverage.points[-1].wrong
    return f"{went}. If all had passed, {whole.count} of {whole.of} would be wrong."


def svg(figure: Figure, title: str, description: str) -> Markup:
    """A figure as SVG in the page's colours, named and described for those who do not see it."""
    stream = io.BytesIO()
    figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    root = etree.fromstring(stream.getvalue())
    for useless in (*root.findall(f"{_SVG}metadata"), *root.findall(f"{_SVG}title")):
        root.remove(useless)
    _drop_unused_ids(root)
    _name(root, title, description)
    text = etree.tostring(root, encoding="unicode")
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, variable)
    return Markup(text)  # noqa: S704 (made here, with all texts escaped by lxml)


def _drop_unused_ids(root: etree._Element) -> None:
    """Keep only ids that something refers to: two pictures in one page must not share one."""
    whole = etree.tostring(root, encoding="unicode")
    for element in root.iter():
        name = element.get("id")
        if name and f'"#{name}"' not in whole and f"url(#{name})" not in whole:
            del element.attrib["id"]


def _name(root: etree._Element, title: str, description: str) -> None:
    """Say what the picture shows (WCAG 2.2, success criterion 1.1.1)."""
    for index, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = etree.Element(f"{_SVG}{tag}")
        element.text = text
        root.insert(index, element)
    root.set("role", "img")
    root.set("aria-label", title)
    root.set("class", "plot")
    for size in ("width", "height"):
        del root.attrib[size]
