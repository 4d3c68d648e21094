"""`backoffice retention`: until when documents are kept, and their erasure."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import As, AsJson, Home, OneClient

if TYPE_CHECKING:
    from pipeline.retention.due import Kept

retention = typer.Typer(no_args_is_help=True, help="Until when documents must be kept, and erasing what may go.")

On = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="As on this day (default: today).", show_default=False),
]
All = Annotated[bool, typer.Option("--all", help="Also what must still be kept.", show_default=False)]
OneDocument = Annotated[
    str | None,
    typer.Option("--document", metavar="ID", help="Only this one, which need not be due when it is no voucher."),
]
Why = Annotated[str, typer.Option("--why", help="The reason; kept with the event.")]
Yes = Annotated[bool, typer.Option("--yes", help="Erase. Without it the command only tells.", show_default=False)]

TERM_OVER = "The term of retention is over."


@retention.command("list")
def list_due(
    home: Home = None, client: OneClient = None, on: On = None, everything: All = False, as_json: AsJson = False
) -> None:
    """List the documents whose term is over, oldest first; with --all every one, and until when it is kept."""
    from pipeline.bootstrap import load_settings, open_the_ledger
    from pipeline.retention.due import Standing, list_kept

    settings = load_settings(home)
    with open_the_ledger(settings) as ledger:
        for one in list_kept(ledger.database, settings.retention, _day(on), client):
            if everything or one.standing is Standing.DUE:
                typer.echo(one.model_dump_json() if as_json else _line(one))


@retention.command()
def delete(
    home: Home = None,
    client: OneClient = None,
    document: OneDocument = None,
    why: Why = TERM_OVER,
    yes: Yes = False,
    on: On = None,
    by: As = "operator",
) -> None:
    """Erase what is due: original, pages, values; the audit trail stays and says who did it.

    With --document one that was never posted can be erased earlier, for a person who asks for it.
    """
    from pipeline.bootstrap import load_settings, open_the_eraser
    from pipeline.retention.due import Standing, find_kept, list_kept

    settings, day = load_settings(home), _day(on)
    if day > _day(None):
        raise typer.BadParameter("Nothing is erased before its day.", param_hint="--on")
    with open_the_eraser(settings) as (database, eraser):
        if document is None:
            kept = list_kept(database, settings.retention, day, client)
            due = [one for one in kept if one.standing is Standing.DUE]
        else:
            due = [_free(find_kept(database, settings.retention, day, document))]
        for one in due:
            typer.echo(_line(one))
            if yes:
                eraser.erase(one.document, by, why)
        if yes and (returned := eraser.remove_returned()):
            typer.echo(f"{returned} originals of erased documents were dropped again and are removed.", err=True)
    typer.echo(f"{len(due)} erased." if yes else f"{len(due)} would be erased; --yes does it.", err=True)


def _free(found: "Kept | None") -> "Kept":
    """What may be erased, though it need not be. Raises BadParameter for the rest."""
    from pipeline.retention.due import Standing

    if found is None:
        raise typer.BadParameter("There is no such document, or it is erased.", param_hint="--document")
    if found.standing is Standing.KEPT:
        raise typer.BadParameter(f"It must be kept until {found.until}.", param_hint="--document")
    if found.standing is Standing.OPEN:
        raise typer.BadParameter("It is still being worked on.", param_hint="--document")
    return found


def _line(one: "Kept") -> str:
    about = one.document
    return f"{about.document_id}  {about.client_id}  until {one.until}  {one.standing.value}  {about.file_name}"


def _day(given: datetime | None) -> date:
    return given.date() if given else datetime.now(UTC).date()
