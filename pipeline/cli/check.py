"""`backoffice check` and `backoffice reconcile`: what must hold, and how it is mended."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.exits import Exit
from pipeline.cli.options import AsJson, By, Home

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.invariants.check import Checked, Repair
    from pipeline.invariants.rules import Violation

AtRest = Annotated[
    bool, typer.Option("--at-rest", help="Nothing is running: what is a moment old counts too.", show_default=False)
]
Quick = Annotated[bool, typer.Option("--quick", help="Look for originals without reading them.", show_default=False)]
AskTargets = Annotated[
    bool, typer.Option("--targets", help="Ask the accounting systems what they hold too.", show_default=False)
]


def check(
    at_rest: AtRest = False,
    quick: Quick = False,
    targets: AskTargets = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check that nothing is lost, doubled, silent or left over; exit code 1 when something is.

    May run beside everything else; nothing is changed.
    """
    from pipeline.bootstrap import load_settings, open_the_check
    from pipeline.invariants import check as invariants

    with open_the_check(load_settings(home), at_rest, quick, targets) as place:
        checked = invariants.check(place)
    if as_json:
        typer.echo(json.dumps(_json(checked), ensure_ascii=False, indent=2))
    else:
        _show(checked)
    raise typer.Exit(Exit.REJECTED if checked.violations else Exit.OK)


def reconcile(
    at_rest: AtRest = False,
    quick: Quick = False,
    targets: AskTargets = False,
    by: By = "operator",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Mend what `check` finds where that is possible, say what is not; exit code 1 when something is left.

    Each repair is an event of the audit trail. May run beside everything else.
    """
    from pipeline.bootstrap import load_settings, open_the_check
    from pipeline.invariants import check as invariants

    with open_the_check(load_settings(home), at_rest, quick, targets) as place:
        done = invariants.reconcile(place, by)
    if as_json:
        repairs = [{**_violation(one.violation), "did": one.did} for one in done.repairs]
        typer.echo(json.dumps({"repairs": repairs, "after": _json(done.after)}, ensure_ascii=False, indent=2))
    else:
        _show_repairs(done.repairs)
        _show(done.after)
    raise typer.Exit(Exit.REJECTED if done.after.violations else Exit.OK)


def _json(checked: "Checked") -> dict[str, Any]:
    balances = [one.model_dump() | {"lost": one.lost} for one in checked.balances]
    return {"balances": balances, "violations": [_violation(one) for one in checked.violations]}


def _violation(one: "Violation") -> dict[str, Any]:
    return one.model_dump() | one.rule.model_dump()


def _show(checked: "Checked") -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    sums = Table("client", "in", "posted", "rejected", "pending", "lost")
    for each in checked.balances:
        counts = (each.came_in, each.posted, each.rejected, each.pending, each.lost)
        sums.add_row(each.client_id, *map(str, counts))
    table = Table("code", "client", "what", "mended", "what to do")
    for one in checked.violations:
        cells = (one.client_id, f"{one.rule.means} {one.message}", "yes" if one.rule.mended else "no", one.rule.remedy)
        table.add_row(one.code, *map(escape, cells))
    console = Console()
    console.print(sums)
    if checked.violations:
        console.print(table)
    console.print(f"{len(checked.violations)} violations.")


def _show_repairs(repairs: "Iterable[Repair]") -> None:
    for one in repairs:
        found = one.violation
        typer.echo(f"{found.code} {found.subject}: {one.did or f'not mended. {found.rule.remedy}'}")
