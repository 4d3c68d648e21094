"""`backoffice review`: what waits for a person, decided from the terminal or a script."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import As, AsJson, Home
from pipeline.cli.review_seat import at_the_desk
from pipeline.cli.review_shown import print_json, print_stats, queue_table
from pipeline.review.reasons import PostponeReason, RejectReason
from pipeline.row_ids import LARGEST

if TYPE_CHECKING:
    from schemas.edits import Edits

review = typer.Typer(no_args_is_help=True, help="The queue of what needs a person: look, correct, decide.")

Clients = Annotated[
    list[str] | None, typer.Option("--client", metavar="CLIENT", help="Only this client's; repeat.", show_default=False)
]
Number = Annotated[
    int, typer.Argument(metavar="ITEM", min=0, max=LARGEST, help="Its number in the list.", show_default=False)
]
Note = Annotated[str, typer.Option("--note", help="A remark; needed where a rule still speaks against it.")]
Text = Annotated[str, typer.Option("--text", help="In the seller's name, the number or the file name.")]
Code = Annotated[str, typer.Option("--reason", help="A reason's code, as in the list.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=200, help="At most so many rows.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=TEXT", help="A header field as you type it; empty: not there. Repeat."),
]
EditsFile = Annotated[
    Path | None,
    typer.Option("--edits", metavar="FILE.json", exists=True, dir_okay=False, help="Fields, lines and taxes as JSON."),
]
English = Annotated[bool, typer.Option("--english", help="1,234.56 instead of 1 234,56.", show_default=False)]
Account = Annotated[
    str, typer.Option("--account", help="Where all of it is booked; what it settles teaches.", show_default=False)
]
Centre = Annotated[str, typer.Option("--centre", help="The cost centre, with --account.", show_default=False)]
Learn = Annotated[bool, typer.Option(help="Teach the supplier memory at once; otherwise with the next decision.")]
Language = Annotated[str, typer.Option(metavar="fr|en", help="Default: the terminal's.", show_default=False)]
Question = Annotated[str, typer.Option("--note", help="What the supervisor is to decide.", show_default=False)]
Steps = Annotated[int, typer.Option("--steps", min=0, max=9, help="Ahead of all that are so many steps ahead.")]
Days = Annotated[float, typer.Option(min=0.01, help="For so long.")]
Since = Annotated[float, typer.Option("--days", min=0.01, help="Decisions of so many days.")]


@review.command("list")
def list_items(
    home: Home = None,
    user: As = "operator",
    client: Clients = None,
    text: Text = "",
    reason: Code = "",
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List what waits, most urgent first."""
    from rich.console import Console

    from pipeline.review.items import Filters
    from pipeline.review.show import row_json

    with at_the_desk(home, user) as at:
        filters = Filters(clients=tuple(client or ()), text=text, reason=reason)
        rows = at.desk.page(at.actor, filters, limit=limit).rows
    if as_json:
        print_json([row_json(row) for row in rows])
    else:
        Console().print(queue_table(rows))


@review.command("next")
def next_item(home: Home = None, user: As = "operator", client: Clients = None, as_json: AsJson = False) -> None:
    """Take the most urgent item and show it; exit code 1 when nothing waits."""
    from pipeline.review.items import Filters

    with at_the_desk(home, user) as at:
        hold = at.desk.claim_next(at.actor, Filters(clients=tuple(client or ())))
        if hold is None:
            typer.echo("Nothing waits for you.", err=True)
            raise typer.Exit(1)
        at.show(hold.item_id, as_json)


@review.command()
def show(item: Number, home: Home = None, user: As = "operator", as_json: AsJson = False) -> None:
    """Show an item: its fields, the reasons, what speaks against it, its accounts, and what became of it."""
    with at_the_desk(home, user) as at:
        at.show(item, as_json)


@review.command()
def approve(
    item: Number,
    *,
    account: Account = "",
    centre: Centre = "",
    home: Home = None,
    user: As = "operator",
    note: Note = "",
    learn: Learn = True,
    as_json: AsJson = False,
) -> None:
    """Approve an item as it is; its accounts are settled only where you name one."""
    typed = _coded(_edits([], None, english=False), account, centre)
    with at_the_desk(home, user) as at:
        with at.holding(item) as hold:
            done = at.desk.correct(at.actor, hold, typed, note)
        at.finish(done, as_json, learn)


@review.command()
def correct(
    item: Number,
    *,
    values: Set = None,
    edits: EditsFile = None,
    english: English = False,
    account: Account = "",
    centre: Centre = "",
    home: Home = None,
    user: As = "operator",
    note: Note = "",
    learn: Learn = True,
    as_json: AsJson = False,
) -> None:
    """Correct an item and approve it so; amounts and dates as you write them.

    One account for all of it comes with --account, one a line in the "coding" of --edits.
    """
    typed = _coded(_edits(values or [], edits, english), account, centre)
    with at_the_desk(home, user) as at:
        with at.holding(item) as hold:
            done = at.desk.correct(at.actor, hold, typed, note)
        at.finish(done, as_json, learn)


@review.command()
def reject(
    item: Number,
    reason: Annotated[RejectReason, typer.Option(help="Why it will not be posted.")],
    home: Home = None,
    user: As = "operator",
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Reject an item: it will not be posted."""
    with at_the_desk(home, user) as at:
        with at.holding(item) as hold:
            done = at.desk.reject(at.actor, hold, reason, note)
        at.finish(done, as_json, learn=False)


@review.command()
def postpone(
    item: Number,
    reason: Annotated[PostponeReason, typer.Option(help="What it waits for.")],
    days: Days = 1.0,
    home: Home = None,
    user: As = "operator",
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Put an item off; it waits again by itself."""
    from pipeline.bootstrap import SystemClock

    with at_the_desk(home, user) as at:
        with at.holding(item) as hold:
            until = SystemClock().now() + timedelta(days=days)
            done = at.desk.postpone(at.actor, hold, reason, until, note)
        at.finish(done, as_json, learn=False)


@review.command()
def escalate(
    item: Number, question: Question, home: Home = None, user: As = "operator", as_json: AsJson = False
) -> None:
    """Ask a supervisor to decide an item."""
    with at_the_desk(home, user) as at:
        with at.holding(item) as hold:
            done = at.desk.escalate(at.actor, hold, question)
        at.finish(done, as_json, learn=False)


@review.command()
def prioritise(
    item: Number, steps: Steps = 1, home: Home = None, user: As = "operator", as_json: AsJson = False
) -> None:
    """Put an item ahead of all others; for supervisors. 0 steps put it back in its place."""
    with at_the_desk(home, user) as at:
        at.desk.prioritise(at.actor, item, steps)
        at.finish(at.desk.item(at.actor, item), as_json, learn=False)


@review.command()
def work(home: Home = None, user: As = "operator", client: Clients = None, language: Language = "") -> None:
    """Work through the queue by the keyboard, one item after the other."""
    from pipeline.terminal.run import run

    with at_the_desk(home, user) as at:
        run(at.desk, at.actor, at.settings, language, tuple(client or ()))


@review.command()
def stats(
    home: Home = None, user: As = "operator", client: Clients = None, days: Since = 30.0, as_json: AsJson = False
) -> None:
    """Count what waits and what was decided, with the time it took and how samples came out."""
    from pipeline.bootstrap import SystemClock
    from pipeline.measure.scores import share_of
    from pipeline.review.show import stats_json

    with at_the_desk(home, user) as at:
        since = SystemClock().now() - timedelta(days=days)
        found = stats_json(at.desk.stats(at.actor, since, tuple(client or ())))
    samples = found["samples"]
    found["samples"] = samples | {"error_rate": share_of(samples["wrong"], samples["checked"]).model_dump(mode="json")}
    if as_json:
        print_json(found)
    else:
        print_stats(found)


def _coded(edits: "Edits", account: str, centre: str) -> "Edits":
    """The edits with one account for all of the invoice."""
    from schemas.edits import CodeText

    if not account:
        if centre:
            raise typer.BadParameter("A cost centre needs an account: --account.")
        return edits
    return edits.model_copy(update={"coding": (CodeText(account=account, cost_centre=centre),)})


def _edits(values: list[str], file: Path | None, english: bool) -> "Edits":
    """What was typed on the command line, over what a file says. Raises InputError."""
    from pydantic import ValidationError

    from pipeline.errors import InputError
    from schemas import FieldName
    from schemas.edits import ENGLISH, Edits, Typed

    remedy = f"Fields are {', '.join(FieldName)}."
    try:
        edits = Edits.model_validate_json(file.read_bytes()) if file else Edits()
        pairs = (value.partition("=") for value in values)
        typed = {FieldName(name.strip()): Typed(text=text) for name, _, text in pairs}
    except (ValidationError, ValueError) as error:
        raise InputError(str(error), code="bad-edits", remedy=remedy) from error
    update: dict[str, Any] = {"fields": {**edits.fields, **typed}} | ({"notation": ENGLISH} if english else {})
    return edits.model_copy(update=update)
