"""Tables of plain text, for the terminal, Markdown and HTML alike."""

from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup

from pipeline.measure.estimate import Estimate

Tile = tuple[str, str, str]
"""A figure in large print: the value, what it is, and a note."""
Picture = tuple[Markup, str]
"""An SVG and the words below it."""


class Table(NamedTuple):
    """A table with its title, what one has to know to read it, and its rows; the first column names the row."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def markdown(shown: Iterable[Table]) -> str:
    """Tables as Markdown."""
    return "\n".join(
        f"### {table.title}\n\n{table.note}\n\n"
        + "\n".join(_line(row) for row in (table.columns, ["---"] * len(table.columns), *table.rows))
        + "\n"
        for table in shown
    )


def spread(estimate: Estimate, digits: int = 1) -> str:
    """A number with its range, where it has one: "12.0 (8.0 to 20.0)". Small ones get a second decimal."""
    digits = digits if estimate.high >= 1 else max(digits, 2)
    value, low, high = (f"{one:,.{digits}f}" for one in (estimate.value, estimate.low, estimate.high))
    return value if low == high else f"{value} ({low} to {high})"


def share_spread(estimate: Estimate) -> str:
    """A share with its range in per cent: "96.2 % (94.0 to 98.1)"."""
    value, low, high = (f"{100 * one:.1f}" for one in (estimate.value, estimate.low, estimate.high))
    return f"{value} %" if low == high else f"{value} % ({low} to {high})"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
