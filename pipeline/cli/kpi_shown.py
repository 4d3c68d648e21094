"""Shows the key figures in the terminal."""

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.measure.kpi.model import Measured, Scope
from pipeline.measure.kpi.words import shown

_MOST = 10


def show_kpis(measured: Iterable[Measured], scope: Scope) -> None:
    """One table, at most ten lines a key figure."""
    table = Table(title=f"{scope.first} to {scope.last} (UTC), {', '.join(scope.clients)}", box=box.SIMPLE_HEAD)
    for name in ("key figure", "of", "figure", "95 % interval", "n"):
        table.add_column(name, justify="left" if name in ("key figure", "of") else "right")
    for one in measured:
        title = one.kpi.title.en
        for line in shown(one, "en")[:_MOST]:
            table.add_row(title, escape(line.name), line.value, line.interval, line.n)
            title = ""
    Console().print(table)
