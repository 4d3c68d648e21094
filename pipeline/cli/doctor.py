"""`backoffice doctor`: what this machine has and lacks."""

from typing import TYPE_CHECKING

import typer

from pipeline.cli.exits import Exit
from pipeline.cli.options import AsJson, Home

if TYPE_CHECKING:
    from pipeline.doctor import Probe


def doctor(home: Home = None, as_json: AsJson = False) -> None:
    """Look at every program, language, package and place that is needed, and say what to install.

    The exit code is 3 when something that is needed is missing.
    """
    import json

    from flows.server import probe
    from pipeline.bootstrap import load_settings
    from pipeline.doctor import examine

    settings = load_settings(home)
    probes = [*examine(settings), probe(settings)]
    if as_json:
        typer.echo(json.dumps([each.model_dump() for each in probes], indent=2))
    else:
        _show(probes)
    missing = any(each.needed and not each.ok for each in probes)
    raise typer.Exit(Exit.ENVIRONMENT if missing else Exit.OK)


def _show(probes: list["Probe"]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("what", "", "found", "what to do")
    for each in probes:
        mark = "[green]ok[/]" if each.ok else "[red]missing[/]" if each.needed else "[yellow]optional[/]"
        table.add_row(each.name, mark, each.detail, each.remedy)
    Console().print(table)
