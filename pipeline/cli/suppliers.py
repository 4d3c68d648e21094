"""`backoffice suppliers` and `backoffice orders`: what is known of suppliers, read and edited by an operator."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from pipeline.cli.options import AsJson, By, Client, Home

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.posting.tryton.rpc import Session
    from pipeline.suppliers.book import Book
    from pipeline.suppliers.model import Supplier
    from pipeline.suppliers.rule_shelf import Version

T = TypeVar("T")

suppliers = typer.Typer(no_args_is_help=True, help="Known suppliers, their accounts and the rules learned of them.")
orders = typer.Typer(no_args_is_help=True, help="Purchase orders, to hold invoices against.")


class Program(StrEnum):
    """A program that suppliers and orders are read from."""

    TRYTON = "tryton"


Name = Annotated[
    str, typer.Argument(metavar="SUPPLIER", help="Its key, VAT id, SIREN or whole name.", show_default=False)
]
Csv = Annotated[Path | None, typer.Argument(metavar="[FILE.csv]", exists=True, dir_okay=False, show_default=False)]
From = Annotated[
    Program | None, typer.Option("--from", help="Read them from this program as it is now, not from a file.")
]


@suppliers.command("import")
def import_suppliers(
    file: Csv = None, program: From = None, home: Home = None, client: Client = None, by: By = "operator"
) -> None:
    """Read the supplier master from a CSV file or a program; a supplier that is there is brought up to date."""
    from pipeline.posting.tryton import reading
    from pipeline.suppliers.tables import read_suppliers

    found = _read(file, program, home, client, read_suppliers, reading.read_suppliers)
    with _open(home, client) as book:
        done = book.suppliers.put(found, by)
    typer.echo(f"{done.added} suppliers added, {done.changed} changed, {done.same} as before.")


@suppliers.command("list")
def list_suppliers(home: Home = None, client: Client = None, as_json: AsJson = False) -> None:
    """List the suppliers."""
    import json

    from rich.console import Console

    with _open(home, client) as book:
        found, live = book.suppliers.all(), book.rules.live()
    if as_json:
        rows = [one.model_dump(mode="json") | {"has_rules": one.key in live} for one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        Console().print(_supplier_table(found, set(live)))


@suppliers.command()
def show(name: Name, home: Home = None, client: Client = None) -> None:
    """Show a supplier, its accounts and the versions of its rules."""
    import yaml
    from rich.console import Console

    with _open(home, client) as book:
        found = _named(book, name)
        versions = book.rules.versions(found.key)
    typer.echo(yaml.safe_dump(found.model_dump(mode="json"), allow_unicode=True, sort_keys=False), nl=False)
    if versions:
        Console().print(_version_table(versions))


@suppliers.command()
def rules(name: Name, home: Home = None, client: Client = None) -> None:
    """Print the newest rules of a supplier as YAML; edit the text and give it back with `edit`."""
    from pipeline.suppliers.text import to_yaml

    with _open(home, client) as book:
        version = book.rules.newest(_named(book, name).key)
    typer.echo("# Nothing was learned yet." if version is None else to_yaml(version), nl=version is None)


@suppliers.command()
def edit(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE.yaml", exists=True, dir_okay=False, show_default=False)],
    home: Home = None,
    client: Client = None,
    by: By = "operator",
) -> None:
    """Put the rules of a YAML or JSON file in place; refused when a confirmed document would come out wrong."""
    from pipeline.suppliers.confirm import edit as put_rules
    from pipeline.suppliers.text import from_yaml

    with _open(home, client) as book:
        key = _named(book, name).key
        text, base = from_yaml(file, key)
        version = put_rules(book, key, text, by, base)
    typer.echo(f"Version {version} of the rules is live.")


@suppliers.command()
def disable(name: Name, home: Home = None, client: Client = None, by: By = "operator") -> None:
    """Switch the rules of a supplier off. Its accounts stay known."""
    _switch(name, home, client, by, is_on=False)


@suppliers.command()
def enable(name: Name, home: Home = None, client: Client = None, by: By = "operator") -> None:
    """Switch the rules of a supplier on again; they are replayed on its confirmed documents first."""
    _switch(name, home, client, by, is_on=True)


@suppliers.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", dir_okay=False, show_default=False)],
    home: Home = None,
    client: Client = None,
) -> None:
    """Write all suppliers into a CSV file that `import` reads."""
    from pipeline.suppliers.tables import write_suppliers

    with _open(home, client) as book:
        count = write_suppliers(book.suppliers.all(), file)
    typer.echo(f"{count} suppliers written to {file}.")


@orders.command("import")
def import_orders(file: Csv = None, program: From = None, home: Home = None, client: Client = None) -> None:
    """Read purchase orders from a CSV file or a program; what was invoiced on an order stays."""
    from pipeline.posting.tryton import reading
    from pipeline.suppliers.tables import read_orders

    found = _read(file, program, home, client, read_orders, reading.read_orders)
    with _open(home, client) as book:
        done = book.orders.put(found)
    typer.echo(f"{done.added} orders added, {done.changed} changed, {done.same} as before.")


@orders.command("list")
def list_orders(home: Home = None, client: Client = None, as_json: AsJson = False) -> None:
    """List the orders and what may still be invoiced on them."""
    import json

    from rich.console import Console
    from rich.table import Table

    with _open(home, client) as book:
        found = book.orders.all()
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False, indent=2))
        return
    table = Table("order", "supplier", "total", "invoiced", "remaining", "currency")
    for one in found:
        amounts = (f"{amount:f}" for amount in (one.total, one.invoiced, one.remaining))
        table.add_row(one.number, one.supplier, *amounts, one.currency or "")
    Console().print(table)


def _read(
    file: Path | None,
    program: Program | None,
    home: Path | None,
    client: str | None,
    of_file: Callable[[Path], list[T]],
    of_tryton: "Callable[[Session], list[T]]",
) -> list[T]:
    """What a file holds, or a program; exactly one of them has to be named."""
    from pipeline.bootstrap import load_settings
    from pipeline.posting.tryton.target import open_session

    if (file is None) == (program is None):
        raise typer.BadParameter("give either a CSV file or --from")
    if file is not None:
        return of_file(file)
    settings = load_settings(home, client=client)
    with open_session(settings, settings.client) as session:
        return of_tryton(session)


def _switch(name: str, home: Path | None, client: str | None, by: str, is_on: bool) -> None:
    from pipeline.suppliers.confirm import switch

    with _open(home, client) as book:
        version = switch(book, _named(book, name).key, is_on, by)
    typer.echo(f"The rules are {'on' if is_on else 'off'} (version {version}).")


@contextmanager
def _open(home: Path | None, client: str | None) -> "Iterator[Book]":
    """The book; what changed in it goes into the snapshot at the end."""
    from pipeline.bootstrap import load_settings, open_the_book

    with open_the_book(load_settings(home, client=client)) as book:
        yield book


def _named(book: "Book", name: str) -> "Supplier":
    from pipeline.suppliers.master import named

    return named(name, book.suppliers.all())


def _supplier_table(found: "tuple[Supplier, ...]", with_rules: set[str]) -> "Table":
    from rich.markup import escape
    from rich.table import Table

    from pipeline.suppliers.master import mask_iban

    table = Table("key", "name", "VAT id", "SIREN", "accounts", "rules", "active")
    for one in found:
        accounts = "\n".join(map(mask_iban, one.ibans))
        ids = (one.vat_id or "", one.company or "")
        has_rules = "on" if one.key in with_rules else ""
        table.add_row(escape(one.key), escape(one.name), *ids, accounts, has_rules, "yes" if one.active else "no")
    return table


def _version_table(versions: "tuple[Version, ...]") -> "Table":
    from rich.table import Table

    table = Table("version", "at", "by", "from document", "fields", "on", title="Rules", title_justify="left")
    for one in versions:
        fields = str(sum(rule.enabled for rule in one.rules.fields))
        at, document = f"{one.created_at:%Y-%m-%d %H:%M}", one.origin_document or ""
        table.add_row(str(one.number), at, one.edited_by, document, fields, "yes" if one.is_on else "no")
    return table
