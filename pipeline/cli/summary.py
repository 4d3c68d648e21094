"""What a person sees when a batch is done."""

from rich.console import Console
from rich.table import Table

from pipeline.batch import Tally

_TITLES = {"straight_through": "straight through", "review": "to review", "rejected": "rejected"}
_STYLES = {"straight_through": "green", "review": "yellow", "rejected": "red"}


def show_tally(tally: Tally) -> None:
    """Print the summary: invoices by decision, then the reasons, commonest first."""
    console = Console()
    title = f"{tally.files} files, {tally.invoices} invoices in {tally.seconds:.1f} s"
    table = Table("decision", title=title, title_justify="left")
    table.add_column("invoices", justify="right")
    table.add_column("share", justify="right")
    for kind, name in _TITLES.items():
        count = tally.decisions[kind]
        table.add_row(f"[{_STYLES[kind]}]{name}[/]", str(count), f"{count / max(tally.invoices, 1):.0%}")
    console.print(table)
    if tally.left:
        console.print(f"{tally.left} files stay in the inbox: not complete, or still being written.")
    if tally.reasons:
        console.print(_reasons(tally))


def _reasons(tally: Tally) -> Table:
    table = Table("reason", title="Why not straight through", title_justify="left")
    table.add_column("invoices", justify="right")
    for code, count in tally.reasons.most_common():
        table.add_row(code, str(count))
    return table
