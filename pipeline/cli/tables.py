"""Prints tables of plain text in the terminal."""

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Shown

from pipeline.measure.tables import Table


def show_tables(tables: Iterable[Table]) -> None:
    """Print them, one after the other, each with its note."""
    console = Console()
    for table in tables:
        shown = Shown(title=table.title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for index, column in enumerate(table.columns):
            shown.add_column(column, justify="right" if index else "left", overflow="fold")
        for row in table.rows:
            shown.add_row(*map(escape, row))
        console.print(shown)
        console.print(table.note, style="dim", markup=False, highlight=False)
        console.print()
