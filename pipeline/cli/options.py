"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Inbox, archive, database and work files live here (default: BACKOFFICE_HOME, or var).",
        show_default=False,
    ),
]
Client = Annotated[
    str | None,
    typer.Option("--client", metavar="CLIENT", help="Whose (default: BACKOFFICE_CLIENT, or main).", show_default=False),
]
OneClient = Annotated[
    str | None, typer.Option("--client", metavar="CLIENT", help="Only what is of this client.", show_default=False)
]
By = Annotated[str, typer.Option("--by", envvar="USER", help="Who does it; kept with the change.")]
As = Annotated[str, typer.Option("--as", envvar="USER", metavar="USER", help="Who acts; kept with what is done.")]
IgnoreXml = Annotated[
    bool, typer.Option("--ignore-xml", help="Read the page even when an e-invoice is inside.", show_default=False)
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, metavar="N", help="Documents read at the same time (default: one a core)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.", show_default=False)]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE.jsonl", dir_okay=False, help="Write one JSON object an invoice here."),
]
Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="Files, or folders with all that is in them.", exists=True)
]
