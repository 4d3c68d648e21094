"""`backoffice train`: makes the scorer and its calibration from labelled invoices."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Home, Workers

Data = Annotated[
    list[Path],
    typer.Option("--data", metavar="DIR", help="Labelled folder with its truth.jsonl; repeat.", exists=True),
]
Check = Annotated[
    list[Path] | None,
    typer.Option("--check", metavar="DIR", help="Labelled folder to judge old and new models on; repeat.", exists=True),
]
Models = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the models and their card go.")]
Work = Annotated[
    Path | None,
    typer.Option("--work", metavar="DIR", help="What was read is kept here (default: training in the home)."),
]
Seed = Annotated[int, typer.Option(help="The same seed and data give the same models.")]


def train(
    data: Data,
    out: Models,
    check: Check = None,
    work: Work = None,
    seed: Seed = 1,
    workers: Workers = None,
    home: Home = None,
) -> None:
    """Make a scorer and a calibration from labelled invoices, and say how good they are on suppliers not seen.

    Reading takes long; stop it when you like, it goes on where it was. Suppliers of one layout, or of one name, are
    never in training and test at once. With --check the models in use and the new ones are compared on documents of
    which neither knows: exit code 1 when the new ones are worse beyond noise.
    """
    from pipeline.bootstrap import SystemClock, load_settings
    from pipeline.training.card import markdown
    from pipeline.training.train import Plan
    from pipeline.training.train import train as make

    settings = load_settings(home, ignore_xml=True, workers=workers)
    card = make(
        Plan(
            folders=tuple(data),
            out=out,
            work=work or settings.home / "training",
            settings=settings,
            seed=seed,
            workers=settings.workers,
            check=tuple(check or ()),
            today=SystemClock().now().date(),
        )
    )
    typer.echo(markdown(card))
    ruling = card["ruling"]
    for reason in ruling["reasons"] if ruling else ():
        typer.echo(f"Worse than the models in use: {reason}")
    if ruling and not ruling["accepted"]:
        raise typer.Exit(1)
