"""`backoffice batch`, `watch` and `up`: the same work as Prefect flows."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.exits import Exit
from pipeline.cli.options import AsJson, Client, Home, IgnoreXml, Out, Workers

BatchPaths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[PATH]...", help="Files or folders; without any, what waits in the inbox.", exists=True),
]
Inbox = Annotated[
    Path | None,
    typer.Argument(metavar="[INBOX]", help="The drop folder (default: inbox in the home).", file_okay=False),
]
Port = Annotated[int, typer.Option("--port", help="Port of the Prefect server on this machine.")]
Cron = Annotated[
    str | None,
    typer.Option("--cron", metavar="EXPR", help='Read the inbox by this schedule in UTC, such as "*/15 * * * *".'),
]

PostCron = Annotated[
    str | None, typer.Option("--post-cron", metavar="EXPR", help="Post what was cleared by this schedule in UTC.")
]
ReportCron = Annotated[
    str | None,
    typer.Option("--report-cron", metavar="EXPR", help='Report the week by this schedule in UTC, such as "0 5 * * 1".'),
]


def batch(
    paths: BatchPaths = None,
    out: Out = None,
    home: Home = None,
    ignore_xml: IgnoreXml = False,
    workers: Workers = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Run the Prefect flow over files, folders, or what waits in the inbox.

    What lies in the inbox in a folder that is called like a client is of that client, the rest of --client. It uses
    the API of PREFECT_API_URL, else the server that `backoffice up` keeps, else one of its own.
    """
    import json

    from flows.run import run_batch
    from pipeline.bootstrap import load_settings
    from pipeline.cli.summary import show_tally

    tally = run_batch(load_settings(home, ignore_xml, workers, client=client), paths, out)
    if as_json:
        typer.echo(json.dumps(tally.as_dict()))
    else:
        show_tally(tally)
    raise typer.Exit(Exit.REJECTED if tally.has_rejected else Exit.OK)


def watch(inbox: Inbox = None, home: Home = None, workers: Workers = None) -> None:
    """Watch the drop folder until Ctrl-C; each group of files that arrives is a run of the batch flow."""
    from threading import Event

    from flows.watch import watch_inbox
    from pipeline.bootstrap import load_settings
    from pipeline.cli.summary import show_tally
    from pipeline.interrupts import stopping

    settings, stop = load_settings(home, workers=workers, inbox=inbox), Event()
    with stopping(stop):
        typer.echo(f"Watching {settings.inbox}; Ctrl-C ends it.", err=True)
        for tally in watch_inbox(settings, stop):
            show_tally(tally)


def up(
    home: Home = None, port: Port = 4200, cron: Cron = None, post_cron: PostCron = None, report_cron: ReportCron = None
) -> None:
    """Keep a Prefect server until Ctrl-C: batches start at once, its pages show the runs, schedules fire."""
    from flows.deploy import Schedule, keep_up
    from pipeline.bootstrap import load_settings

    def announce(url: str) -> None:
        typer.echo(f"Prefect is up at {url.removesuffix('/api')}; Ctrl-C ends it.", err=True)

    keep_up(load_settings(home), port, Schedule(cron, post=post_cron, report=report_cron), announce)
