"""`backoffice export`: what was cleared, as files for other programs."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.exits import Exit
from pipeline.cli.options import Client, Home

if TYPE_CHECKING:
    from pipeline.posting.export import Refused


class Format(StrEnum):
    """What can be written."""

    FEC = "fec"
    UBL = "ubl"
    FACTURX = "facturx"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


OutPath = Annotated[
    Path,
    typer.Option("--out", metavar="PATH", help="A folder for fec, ubl and facturx, else a file.", show_default=False),
]
Siren = Annotated[
    str | None, typer.Option("--siren", help="Of the client, for the name of a FEC (default: of its coding plan).")
]
Rates = Annotated[
    Path | None,
    typer.Option("--rates", metavar="FILE.csv", help="Rates in the form of the ECB's eurofxref-hist.csv.", exists=True),
]
First = Annotated[int, typer.Option("--first-number", min=1, help="Number of the first entry of a FEC.")]


def export(
    *,
    out: OutPath,
    format: Annotated[Format, typer.Option("--format", help="What to write.", show_default=False)],
    begin: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First issue date.")] = None,
    end: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last issue date.")] = None,
    home: Home = None,
    client: Client = None,
    siren: Siren = None,
    rates: Rates = None,
    first_number: First = 1,
) -> None:
    """Write the cleared invoices of a client: straight through, or approved by a person.

    An invoice that the format cannot hold is named with the reason and left out, and the exit code is 1.
    """
    from pipeline.bootstrap import load_settings, open_the_export
    from pipeline.posting.files.booking import no_rates
    from pipeline.posting.files.rates import read_rates

    settings = load_settings(home, client=client)
    with open_the_export(settings, begin and begin.date(), end and end.date()) as exporter:
        if format is Format.FEC:
            rate = read_rates(rates) if rates else no_rates
            done = exporter.fec(out, rate, first_number, siren)
        elif format in (Format.UBL, Format.FACTURX):
            done = exporter.e_invoices(out, format.value)
        else:
            done = exporter.table(out, format.value)
    typer.echo(f"{done.written} invoices written to {done.path}.")
    _tell(done.refused)
    raise typer.Exit(Exit.REJECTED if done.refused else Exit.OK)


def _tell(refused: "tuple[Refused, ...]") -> None:
    for one in refused:
        typer.echo(f"{one.file_name} ({one.document_id}): {one.message} {one.remedy}", err=True)
