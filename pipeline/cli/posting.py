"""`backoffice post` and `backoffice postings`: cleared invoices on their way into the accounting system."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.exits import Exit
from pipeline.cli.options import As, AsJson, Home, OneClient
from pipeline.row_ids import LARGEST

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.posting.jobs import JobView
    from pipeline.posting.plan import Planned
    from pipeline.posting.postings import Listed
    from pipeline.posting.reconcile import Comparison
    from pipeline.posting.world import PostingWorld

postings = typer.Typer(no_args_is_help=True, help="What waits to be posted, what is posted, and what needs a person.")

Once = Annotated[bool, typer.Option("--once", help="Post what is due, then end (the default).", show_default=False)]
Watch = Annotated[bool, typer.Option("--watch", help="Until Ctrl-C.", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be posted; send nothing.", show_default=False)]
Number = Annotated[
    int, typer.Argument(metavar="JOB", min=0, max=LARGEST, help="Its number in the list.", show_default=False)
]
State = Annotated[str, typer.Option("--state", help="waiting, posting, posted, dead or closed.", show_default=False)]
Problems = Annotated[bool, typer.Option("--problems", help="Only what needs a person.", show_default=False)]
Limit = Annotated[int, typer.Option("--limit", min=1, max=200, help="At most so many rows.")]
AsCoded = Annotated[bool, typer.Option("--as-coded", help="The accounts it has are right.", show_default=False)]
Again = Annotated[
    bool, typer.Option("--again", help="Also one that counts as posted; it is looked for first.", show_default=False)
]
How = Annotated[str, typer.Option("--ending", help="by-hand, never, or seen (a warning only).")]
Note = Annotated[str, typer.Option("--note", help="Why; kept with the job.")]


def post(
    once: Once = False,
    watch: Watch = False,
    dry_run: DryRun = False,
    home: Home = None,
    client: OneClient = None,
    as_json: AsJson = False,
) -> None:
    """Post what was cleared, each invoice exactly once; exit code 1 when something needs a person.

    The target is the setting posting.target, or the client's posting_target. Several may run at once.
    """
    if once + watch + dry_run > 1:
        raise typer.BadParameter("Choose one of --once, --watch and --dry-run.")
    with _open(home, client) as world:
        if dry_run:
            _show_plan(world, client, as_json)
        else:
            _post(world, watch, client, as_json)


@postings.command("list")
def list_jobs(
    home: Home = None,
    client: OneClient = None,
    state: State = "",
    problems: Problems = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the jobs, newest first, with what they wait for."""
    from rich.console import Console

    from pipeline.posting.states import JobState

    if state and state not in set(JobState):
        raise typer.BadParameter(f"{state!r} is none of {', '.join(JobState)}.", param_hint="--state")
    with _open(home, client) as world:
        clients, states = (client,) if client else None, (JobState(state),) if state else ()
        found = world.postings.all(clients, states, problems, limit=limit)
        counts, resting = world.postings.counts(clients), world.postings.resting(clients)
    if as_json:
        down = [{**one._asdict(), "until": one.until.isoformat()} for one in resting]
        _print_json({"jobs": [_listed_json(one) for one in found], "counts": counts, "resting": down})
        return
    Console().print(_job_table(found))
    for one in resting:
        typer.echo(f"{one.target} of {one.client_id} is out of order until {one.until:%H:%M:%S}: {one.said}")
    typer.echo(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if number))


@postings.command()
def show(job: Number, home: Home = None, user: As = "operator", as_json: AsJson = False) -> None:
    """Show a job: its accounts, its receipt, what went wrong, and every step."""
    from rich.console import Console

    with _open(home) as world:
        found = world.postings.get(world.actor(user), job)
        events = world.events(found.job)
    if as_json:
        _print_json(_listed_json(found) | {"events": events})
        return
    _print_job(found)
    console = Console()
    for event in events:
        console.print(f"{event['at']:%Y-%m-%d %H:%M:%S} {event['kind']} {event['data']}", markup=False, highlight=False)


@postings.command()
def retry(
    job: Number,
    as_coded: AsCoded = False,
    again: Again = False,
    home: Home = None,
    user: As = "operator",
    as_json: AsJson = False,
) -> None:
    """Let a job be tried again; the accounting system is asked first whether it has it."""
    with _open(home) as world:
        found = world.postings.retry(world.actor(user), job, as_coded, again)
    _say(found, as_json)


@postings.command()
def close(
    job: Number,
    ending: How = "by-hand",
    note: Note = "",
    home: Home = None,
    user: As = "operator",
    as_json: AsJson = False,
) -> None:
    """End a job without posting it: it was posted by hand, or is never to be; or a warning was dealt with."""
    from pipeline.posting.postings import Ending

    if ending not in set(Ending):
        raise typer.BadParameter(f"{ending!r} is none of {', '.join(Ending)}.", param_hint="--ending")
    with _open(home) as world:
        found = world.postings.close(world.actor(user), job, Ending(ending), note)
    _say(found, as_json)


@postings.command()
def reconcile(home: Home = None, client: OneClient = None, as_json: AsJson = False) -> None:
    """Compare our ledger with what the accounting system holds, both ways; exit code 1 when they differ."""
    with _open(home, client) as world:
        found = world.reconcile(client)
    if as_json:
        _print_json([one.model_dump(mode="json") | {"agrees": one.agrees} for one in found])
    else:
        for one in found:
            _print_comparison(one)
        if not found:
            typer.echo("No accounting system is set, and nothing was posted.")
    raise typer.Exit(Exit.OK if all(one.agrees for one in found) else Exit.REJECTED)


def _post(world: "PostingWorld", watch: bool, client: str | None, as_json: bool) -> None:
    from pipeline.bootstrap import drop_anchor
    from pipeline.interrupts import stopping
    from pipeline.posting.tally import PostingTally

    tally = PostingTally()
    with stopping(world.stop):
        if watch:
            typer.echo("Posting; Ctrl-C ends it.", err=True)
        for done in world.post(client, watch):
            tally.add(done)
            if not as_json:
                said = done.failure.message if done.failure else ""
                name = f"{done.job.key.client_id} {done.job.key.number}"
                typer.echo(
                    f"{name}: {done.state or 'lost'} at {done.job.target} in {done.seconds:.1f} s. {said}".strip()
                )
    drop_anchor(world.settings, world.database)
    counts = world.postings.counts((client,) if client else None)
    if as_json:
        _print_json(tally.as_dict() | {"jobs": counts})
    else:
        typer.echo(
            f"{tally.posted} posted ({tally.found} found there), {tally.delayed} later, {tally.dead} need a person."
        )
        if counts["waiting"]:
            typer.echo(f"{counts['waiting']} wait; `backoffice postings list` says for what.")
    if "posting-target-missing" in tally.failures:
        raise typer.Exit(Exit.ENVIRONMENT)
    raise typer.Exit(Exit.REJECTED if tally.dead else Exit.OK)


def _show_plan(world: "PostingWorld", client: str | None, as_json: bool) -> None:
    from rich.console import Console

    planned = world.plan(client)
    if as_json:
        _print_json([one.model_dump(mode="json") for one in planned])
    else:
        Console().print(_plan_table(planned))


@contextmanager
def _open(home: Path | None, client: str | None = None) -> "Iterator[PostingWorld]":
    """What posting needs; a client that is named must be there."""
    from pipeline.bootstrap import load_settings, open_the_posting

    with open_the_posting(load_settings(home)) as world:
        if client:
            world.clients.get(client)
        yield world


def _listed_json(one: "Listed") -> dict[str, Any]:
    return one.job.model_dump(mode="json") | {"waits_for": one.waits_for, "needs_person": one.job.needs_person}


def _print_json(value: object) -> None:
    import json

    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _say(job: "JobView", as_json: bool) -> None:
    if as_json:
        _print_json(job.model_dump(mode="json"))
    else:
        typer.echo(f"Job {job.job_id} is {job.state}.")


def _job_table(found: "tuple[Listed, ...]") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    table = Table("job", "client", "state", "seller", "number", "total", "target", "tries", "what")
    for one in found:
        job = one.job
        total = "" if job.gross is None else f"{job.gross:f} {job.currency or ''}"
        cells = (job.seller_name or "", job.number or "", total, job.target or "", str(job.attempts), _what(one))
        table.add_row(str(job.job_id), job.client_id, job.state, *map(escape, cells))
    return table


def _what(one: "Listed") -> str:
    """The one thing to know about a job."""
    job = one.job
    if job.warning:
        return job.warning.message
    if job.failure and job.state == "dead":
        return job.failure.message
    if job.receipt:
        return f"voucher {job.receipt.voucher.target_id}"
    return one.waits_for or job.note or ""


def _plan_table(planned: "tuple[Planned, ...]") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    table = Table("job", "client", "seller", "number", "total", "target", "accounts", "what")
    for one in planned:
        job, coding = one.job, one.coding
        booked = [line.account for line in coding.lines] + [tax.account for tax in coding.taxes] if coding else []
        accounts = ", ".join(dict.fromkeys(booked))
        said = one.failure.message if one.failure else one.waits_for
        cells = (job.seller_name or "", job.number or "", f"{job.gross or 0:f}", one.target or "", accounts, said)
        table.add_row(str(job.job_id), job.client_id, *map(escape, cells))
    return table


def _print_job(one: "Listed") -> None:
    import yaml

    said = one.job.model_dump(mode="json", exclude_none=True) | ({"waits_for": one.waits_for} if one.waits_for else {})
    typer.echo(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), nl=False)


def _print_comparison(found: "Comparison") -> None:
    typer.echo(f"{found.client_id} at {found.target}: {found.posted} posted here, {found.vouchers} vouchers there.")
    for fault in found.faults:
        typer.echo(f"- {fault.kind}: {fault.message}")
    if found.agrees:
        typer.echo("They agree.")
