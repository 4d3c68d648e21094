"""Pages made of tables and pictures: the comparison with the manual baseline, a simulation, a return on investment."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from markupsafe import Markup

from pipeline.measure.html import environment
from pipeline.measure.manual_tables import Table

Tile = tuple[str, str, str]
"""A figure in large print: the value, what it is, and a note."""
Picture = tuple[Markup, str]
"""An SVG and the words below it."""


def render_tables(
    title: str,
    subtitle: str,
    now: datetime,
    tables: Iterable[Table],
    tiles: Sequence[Tile] = (),
    pictures: Sequence[Picture] = (),
) -> str:
    """A self-contained HTML page."""
    template = environment().get_template("tables.html.j2")
    return template.render(title=title, subtitle=subtitle, now=now, tables=tables, tiles=tiles, pictures=pictures)
