"""`backoffice coding`: on which accounts a client's invoices are booked, settled by its accountant."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AsJson, By, Client, Home

if TYPE_CHECKING:
    from schemas.posting import Coding, Entry

coding = typer.Typer(no_args_is_help=True, help="Accounts and cost centres: the plan of a client, and what it learned.")

PlanFile = Annotated[Path, typer.Argument(metavar="FILE", help="YAML, or CSV with rules.", show_default=False)]
Document = Annotated[str, typer.Argument(metavar="DOCUMENT", help="Its id or file name.", show_default=False)]
Part = Annotated[int, typer.Option("--part", min=1, help="Which invoice of the file.")]
Text = Annotated[str, typer.Option("--text", help="For one description only (default: for the whole invoice).")]


@coding.command("import")
def import_plan(file: PlanFile, home: Home = None, client: Client = None, by: By = "operator") -> None:
    """Put the plan of a YAML file in place, or the rules of a CSV file into the plan; all or nothing."""
    from pipeline.bootstrap import load_settings, open_the_coding
    from pipeline.posting.coding.text import read_plan

    with open_the_coding(load_settings(home, client=client)) as shelf:
        plan, base = read_plan(file, shelf.newest())
        number = shelf.put(plan, by, base)
    typer.echo(f"Version {number} of the coding plan is live: {len(plan.rules)} rules.")


@coding.command("export")
def export_plan(file: PlanFile, home: Home = None, client: Client = None) -> None:
    """Write the plan into a YAML file, or its rules into a CSV file; `import` reads it again."""
    from pipeline.bootstrap import load_settings, open_the_coding
    from pipeline.posting.coding.text import to_csv, to_yaml

    settings = load_settings(home, client=client)
    with open_the_coding(settings) as shelf:
        newest, plan = shelf.newest(), shelf.plan()
    number = newest.number if newest else 0
    is_csv = file.suffix.lower() == ".csv"
    text = to_csv(plan) if is_csv else to_yaml(plan, number, settings.client)
    file.write_text(text, encoding="utf-8-sig" if is_csv else "utf-8")
    typer.echo(f"Version {number} with {len(plan.rules)} rules written to {file}.")


@coding.command()
def show(
    document: Annotated[str | None, typer.Argument(metavar="[DOCUMENT]", show_default=False)] = None,
    part: Part = 1,
    home: Home = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Show the plan and its versions; of a document, where it would be booked and why."""
    from pipeline.bootstrap import load_settings, open_the_coding
    from pipeline.posting.coding.text import to_yaml

    settings = load_settings(home, client=client)
    if document is not None:
        _, made = _coded(document, part, home, client)
        _print_coding(made, as_json)
        return
    with open_the_coding(settings) as shelf:
        versions, plan, entries = shelf.versions(), shelf.plan(), shelf.history().entries
    typer.echo(to_yaml(plan, versions[-1].number if versions else 0, settings.client), nl=False)
    for one in versions:
        typer.echo(
            f"# version {one.number}: {one.created_at:%Y-%m-%d %H:%M}, {one.edited_by}, {len(one.plan.rules)} rules"
        )
    typer.echo(f"# {len(entries)} confirmed entries of {len({entry.supplier for entry in entries})} suppliers")


@coding.command()
def confirm(
    document: Document,
    account: Annotated[str, typer.Option("--account", help="The account it belongs on.", show_default=False)],
    centre: Annotated[str | None, typer.Option("--centre", help="The cost centre.", show_default=False)] = None,
    text: Text = "",
    part: Part = 1,
    home: Home = None,
    client: Client = None,
    by: By = "operator",
) -> None:
    """Settle where an invoice is booked. It holds for this invoice at once, and teaches for the next ones."""
    from pipeline.bootstrap import load_settings, open_the_coding

    entries, _ = _coded(document, part, home, client)
    chosen = [entry for entry in entries if not text or text.casefold() in entry.text.casefold()]
    if not chosen:
        raise typer.BadParameter(f"No line of {document} holds '{text}'.")
    kept = [one._replace(account=account.upper(), cost_centre=centre) for one in chosen]
    with open_the_coding(load_settings(home, client=client)) as shelf:
        shelf.confirm(kept, by, kept[0].document.partition("/")[0])
    typer.echo(f"{len(chosen)} of {len(entries)} lines on {account.upper()}.")


@coding.command()
def learn(
    file: Annotated[Path, typer.Argument(metavar="FEC.txt", exists=True, dir_okay=False, show_default=False)],
    home: Home = None,
    client: Client = None,
    by: By = "operator",
) -> None:
    """Learn from past books: the accounts of each supplier's invoices in a FEC. The same entries count once."""
    from pipeline.bootstrap import load_settings, open_the_book, open_the_coding
    from pipeline.posting.coding.books import entries_in
    from pipeline.suppliers.master import Master

    settings = load_settings(home, client=client)
    with open_the_book(settings) as book:
        master = Master(book.suppliers.all())
    with open_the_coding(settings) as shelf:
        count = shelf.learn(entries_in(file, master), by)
    typer.echo(f"{count} entries learned.")


def _coded(name: str, part: int, home: Path | None, client: str | None) -> "tuple[list[Entry], Coding]":
    """The descriptions of an invoice with the accounts they would be booked on, and the coding."""
    from pipeline.bootstrap import load_settings, open_the_export
    from pipeline.errors import InputError
    from pipeline.posting.coding.code import document_name

    with open_the_export(load_settings(home, client=client)) as exporter:
        found = exporter.look_up(name, part)
        if found is None:
            raise InputError(f"No invoice is called {name}.", code="not-found", remedy="Give its id or file name.")
        document, record = found
        coder = exporter.coders.of(document.client_id)
        entries = coder.entries(record, document_name(document.document_id, part))
        return entries, coder.code(record, document.document_id, part)


def _print_coding(made: "Coding", as_json: bool) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    if as_json:
        typer.echo(made.model_dump_json(indent=2))
        return
    table = Table("account", "centre", "what", "rate", "amount")
    for line in made.lines:
        table.add_row(line.account, line.cost_centre or "", escape(line.label), f"{line.tax_rate:f}", f"{line.net:f}")
    for tax in made.taxes:
        table.add_row(tax.account, "", f"VAT on {tax.base:f}", f"{tax.rate:f}", f"{tax.amount:f}")
    table.add_row(made.supplier_account, "", "supplier", "", f"{-made.total:f}")
    console = Console()
    console.print(table)
    console.print(f"{made.confidence:.0%} sure", highlight=False)
    for why in made.why:
        console.print(f"- {why}", markup=False, highlight=False)
