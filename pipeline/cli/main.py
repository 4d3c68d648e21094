"""The command `backoffice`."""

import signal
import sys

import typer

from pipeline.cli import (
    check,
    coding,
    doctor,
    export,
    forecast,
    house,
    kpis,
    look,
    manual,
    measure,
    orchestrate,
    portal,
    posting,
    process,
    quality,
    retention,
    review,
    roi,
    script,
    serve,
    simulate,
    suppliers,
    train,
)
from pipeline.cli.exits import HELP, show_error
from pipeline.logs import set_up_logs

app = typer.Typer(
    name="backoffice",
    help="Reads supplier invoices, checks them, posts the certain ones and gives the doubtful ones to a person.\n\n"
    + HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(process.process)
app.command()(orchestrate.batch)
app.command()(orchestrate.watch)
app.command()(orchestrate.up)
app.command()(posting.post)
app.command()(look.status)
app.command()(look.show)
app.command()(measure.evaluate)
app.command("compare-manual")(manual.compare_manual)
app.command()(simulate.simulate)
app.command()(roi.roi)
app.command()(forecast.forecast)
app.command()(kpis.report)
app.command()(kpis.kpis)
app.command()(quality.quality)
app.command()(export.export)
app.command()(train.train)
app.command()(serve.serve)
app.command()(portal.portal)
app.command()(doctor.doctor)
app.command()(check.check)
app.command()(check.reconcile)
app.add_typer(suppliers.suppliers, name="suppliers")
app.add_typer(suppliers.orders, name="orders")
app.add_typer(coding.coding, name="coding")
app.add_typer(review.review, name="review")
app.add_typer(posting.postings, name="postings")
app.add_typer(script.script, name="script")
app.add_typer(house.clients, name="clients")
app.add_typer(house.users, name="users")
app.add_typer(house.audit, name="audit")
app.add_typer(retention.retention, name="retention")


def main() -> None:
    """Run the command line; the exit codes are those of `pipeline.cli.exits`."""
    signal.signal(signal.SIGTERM, _end)
    set_up_logs()
    try:
        app()
    except Exception as error:  # a person sees a sentence, never a traceback
        sys.exit(show_error(error))
    finally:  # everything is given back; one more Ctrl-C would only replace the exit code with a signal's death
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end(number: int, _frame: object) -> None:
    """End in order, as after Ctrl-C: documents are given back and child processes ended."""
    sys.exit(128 + number)
