"""`backoffice process`: files and folders, in this process, without Prefect."""

from threading import Event

import typer

from pipeline.cli.exits import Exit
from pipeline.cli.options import AsJson, Client, Home, IgnoreXml, Out, Paths, Workers


def process(
    paths: Paths,
    out: Out = None,
    home: Home = None,
    ignore_xml: IgnoreXml = False,
    workers: Workers = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Read, check and decide on invoices; the originals stay where they are.

    A folder is taken with all that is in it, in the order of the names. Every file gets at least one answer. The
    same bytes are read once: running it again with the same home gives the stored answers again.
    """
    from pipeline.batch import Tally, list_sources, process_sources
    from pipeline.bootstrap import load_settings, open_world
    from pipeline.cli.summary import show_tally
    from pipeline.interrupts import leave_if, stopping
    from pipeline.progress import progress_bar
    from pipeline.rows import row_writer

    settings = load_settings(home, ignore_xml, workers, client=client)
    sources = list_sources(paths, leave_out=(settings.home, out))
    tally = Tally()
    with (
        stopping(stop := Event()),
        open_world(settings, stop) as world,
        row_writer(out, as_json) as write,
        progress_bar("Reading", len(sources)) as advance,
    ):
        for result in process_sources(sources, world):
            tally.add(result)
            write(*result)
            advance()
        leave_if(stop)
    if not as_json:
        show_tally(tally)
    raise typer.Exit(Exit.REJECTED if tally.has_rejected else Exit.OK)
