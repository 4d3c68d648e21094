"""`backoffice clients`, `users` and `audit`: the house, as who runs the machine keeps it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.exits import Exit
from pipeline.cli.options import AsJson, By, Home, OneClient
from schemas.people import HOUSE, Role
from schemas.policy import MAIN

if TYPE_CHECKING:
    from pipeline.house.house import House

clients = typer.Typer(no_args_is_help=True, help="The companies whose invoices are worked on.")
users = typer.Typer(no_args_is_help=True, help="Who may sign in, and what he is at each client.")
audit = typer.Typer(no_args_is_help=True, help="The proof that no event was changed, taken out or moved.")

ClientId = Annotated[str, typer.Argument(metavar="CLIENT", help="Its id.", show_default=False)]
UserName = Annotated[str, typer.Argument(metavar="USER", show_default=False)]
Why = Annotated[str, typer.Option("--why", help="The reason; kept with the change.")]
AtClient = Annotated[str, typer.Option("--client", metavar="CLIENT", help="At which client.")]
Everywhere = Annotated[bool, typer.Option("--everywhere", help="At all clients, later ones too.", show_default=False)]
ClientName = Annotated[str, typer.Argument(metavar="NAME", help="What the company is called.", show_default=False)]
Reopen = Annotated[bool, typer.Option("--reopen", help="Open it again instead.", show_default=False)]
Take = Annotated[bool, typer.Option("--take", help="Take it away instead.", show_default=False)]
Enable = Annotated[bool, typer.Option("--enable", help="Switch him on again instead.", show_default=False)]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A setting; empty takes it back; lists by comma. Repeat."),
]
JsonLines = Annotated[
    Path, typer.Argument(metavar="FILE.jsonl", help="Where to write it.", dir_okay=False, show_default=False)
]
Copy = Annotated[
    Path | None,
    typer.Option("--anchors", metavar="FILE", help="A copy of the anchors that was kept elsewhere.", exists=True),
]


@clients.command("list")
def list_clients(home: Home = None, as_json: AsJson = False) -> None:
    """List the clients."""
    with _open(home) as house:
        found = house.clients.all()
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False, indent=2))
        return
    _print(
        ["client", "name", "since", "open"],
        [(one.id, one.name, f"{one.created_at:%Y-%m-%d}", one.active) for one in found],
    )


@clients.command("add")
def add_client(client: ClientId, name: ClientName, home: Home = None, by: By = "operator") -> None:
    """Add a client; what is dropped in a folder of its id in the inbox is its own from then on."""
    with _open(home) as house:
        house.clients.add(client, name, by)
    typer.echo(f"Client {client} added.")


@clients.command("show")
def show_client(client: ClientId, home: Home = None) -> None:
    """Show a client and its policy; what it has not settled itself is marked as a default."""
    with _open(home) as house:
        found = house.clients.get(client)
    own, policy = found.policy.model_fields_set, found.policy.model_dump(mode="json", exclude={"client_id"})
    typer.echo(f"{found.id}: {found.name}{'' if found.active else ' (closed)'}")
    _print(
        ["setting", "value", ""],
        [(name, json.dumps(value), "" if name in own else "default") for name, value in policy.items()],
    )


@clients.command("policy")
def change_policy(
    client: ClientId, changes: Changes = None, home: Home = None, by: By = "operator", why: Why = ""
) -> None:
    """Change a client's policy, such as --set four_eyes_amount=5000 --set double_keyed=iban,gross_total."""
    with _open(home) as house:
        house.clients.set_policy(client, dict(map(_setting, changes or ())), by, why)
    show_client(client, home)


@clients.command("close")
def close_client(
    client: ClientId, reopen: Reopen = False, home: Home = None, by: By = "operator", why: Why = ""
) -> None:
    """Close a client: what is known of it stays, nothing more is taken in for it."""
    with _open(home) as house:
        house.clients.set_active(client, reopen, by, why)
    typer.echo(f"Client {client} is {'open' if reopen else 'closed'}.")


@users.command("list")
def list_users(home: Home = None, as_json: AsJson = False) -> None:
    """List the users and their roles."""
    with _open(home) as house:
        found = house.users.all()
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False, indent=2))
        return
    roles = [
        ", ".join(f"{role} at {where}" for where, own in one.roles.items() for role in sorted(own)) for one in found
    ]
    _print(["user", "roles", "on"], [(one.name, said, one.active) for one, said in zip(found, roles, strict=True)])


@users.command("add")
def add_user(name: UserName, home: Home = None, by: By = "operator") -> None:
    """Add a user and print his one-time password; give him roles with `role`."""
    with _open(home) as house:
        password = house.users.add(name, by)
    typer.echo(f"One-time password of {name}: {password}")


@users.command("role")
def give_role(
    name: UserName,
    role: Role,
    client: AtClient = MAIN,
    everywhere: Everywhere = False,
    take: Take = False,
    home: Home = None,
    by: By = "operator",
) -> None:
    """Give a user a role at a client, or take it away; his sessions end."""
    where = HOUSE if everywhere else client
    with _open(home) as house:
        (house.users.take_role if take else house.users.give_role)(name, where, role, by)
    typer.echo(f"{name} is {'no longer ' if take else ''}{role} at {'all clients' if everywhere else client}.")


@users.command("password")
def set_password(name: UserName, home: Home = None, by: By = "operator") -> None:
    """Give a user a new one-time password and print it; his sessions end."""
    with _open(home) as house:
        password = house.users.set_password(name, by)
    typer.echo(f"One-time password of {name}: {password}")


@users.command("disable")
def disable_user(name: UserName, enable: Enable = False, home: Home = None, by: By = "operator") -> None:
    """Switch a user off; his sessions end, what he did stays."""
    with _open(home) as house:
        house.users.set_active(name, enable, by)
    typer.echo(f"{name} is switched {'on' if enable else 'off'}.")


@audit.command()
def verify(home: Home = None, client: OneClient = None, anchors: Copy = None) -> None:
    """Hold all events against their chains and anchors; exit code 1 and a line each for what does not fit."""
    from pipeline.bootstrap import anchors_of, load_settings
    from pipeline.house import audit as proof
    from pipeline.house.anchors import read_anchors

    known = read_anchors(anchors or anchors_of(load_settings(home)))
    with _open(home) as house:
        found = proof.verify(house.database, known, client)
    for fault in found.faults:
        typer.echo(fault)
    counts = f"{found.events} events in {found.chains} chains, {found.anchored} of them anchored"
    typer.echo(f"{counts}; {len(found.faults)} faults.")
    raise typer.Exit(Exit.REJECTED if found.faults else Exit.OK)


@audit.command()
def export(file: JsonLines, home: Home = None, client: OneClient = None) -> None:
    """Write all events with their chain as JSON lines; docs/guide.md has a program that checks them."""
    from pipeline.house.audit import exported

    count = 0
    with _open(home) as house, file.open("w", encoding="ascii") as out:
        for line in exported(house.database, client):
            out.write(f"{line}\n")
            count += 1
    typer.echo(f"{count} events written to {file}.")


@audit.command()
def anchor(home: Home = None) -> None:
    """Write down outside of the database where each chain stands; every batch does so at its end."""
    from pipeline.bootstrap import anchors_of, drop_anchor, load_settings

    settings = load_settings(home)
    with _open(home) as house:
        moved = drop_anchor(settings, house.database)
    typer.echo(f"{len(moved)} chains anchored in {anchors_of(settings)}.")


@contextmanager
def _open(home: Path | None) -> "Iterator[House]":
    from pipeline.bootstrap import load_settings, open_the_house

    with open_the_house(load_settings(home)) as house:
        yield house


def _setting(text: str) -> tuple[str, object]:
    """A setting as typed; None where nothing is said."""
    name, _, value = text.partition("=")
    said = [part.strip() for part in value.split(",")] if name == "double_keyed" else value
    return name.strip(), said if value else None


def _print(columns: list[str], rows: "list[tuple[object, ...]]") -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns)
    for row in rows:
        table.add_row(*(("yes" if cell else "no") if isinstance(cell, bool) else escape(str(cell)) for cell in row))
    Console().print(table)
