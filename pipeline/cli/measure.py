"""`backoffice evaluate` and `backoffice report`: how good the work is."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Home, IgnoreXml, Workers

if TYPE_CHECKING:
    from pipeline.batch import Source
    from pipeline.measure.cases import Prediction, Truth

TruthFile = Annotated[
    Path,
    typer.Argument(
        metavar="TRUTH.jsonl",
        help="True values, one JSON object an invoice; the files lie beside it.",
        exists=True,
    ),
]
Predictions = Annotated[
    Path | None,
    typer.Option(help="Score what `backoffice process --out` wrote, and read nothing.", exists=True, dir_okay=False),
]
JsonFile = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write all results here, document by document.")
]
HtmlFile = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the results as a page here.")]
OnlyKind = Annotated[
    list[str] | None,
    typer.Option("--only-kind", metavar="KIND", help="Only documents of this kind; may be repeated."),
]
ReportFile = Annotated[Path, typer.Option("--html", metavar="FILE", help="The page to write.", dir_okay=False)]


def evaluate(
    truth: TruthFile,
    ignore_xml: IgnoreXml = False,
    predictions: Predictions = None,
    json: JsonFile = None,
    html: HtmlFile = None,
    workers: Workers = None,
    only_kind: OnlyKind = None,
) -> None:
    """Compare what is read of documents with their true values: precision, recall, what went through wrong.

    The documents are read in a home of their own that is thrown away; your ledger is not touched.
    """
    from pipeline.bootstrap import SystemClock
    from pipeline.cli.figures import show_evaluation
    from pipeline.measure.cases import read_predictions, read_truth
    from pipeline.measure.evaluate import evaluate as compare
    from pipeline.measure.html import render_evaluation

    truths = [case for case in read_truth(truth) if not only_kind or case.kind in only_kind]
    said = read_predictions(predictions) if predictions else _predict(truths, truth.parent, ignore_xml, workers)
    result = compare(truths, said, name=truth.parent.resolve().name, page_only=ignore_xml)
    show_evaluation(result)
    if json:
        _write(json, result.model_dump_json(indent=1) + "\n")
    if html:
        _write(html, render_evaluation(result, SystemClock().now()))


def report(html: ReportFile, home: Home = None) -> None:
    """Write a page on what became of the invoices: decisions, reasons, seconds, and each invoice."""
    from pipeline.bootstrap import SystemClock, load_settings, open_the_ledger
    from pipeline.measure.html import render_report
    from pipeline.measure.report import build_report

    settings = load_settings(home)
    with open_the_ledger(settings) as ledger:
        figures = build_report(
            ledger.history(),
            ledger.status(),
            ledger.events(kind="rejected"),
            home=str(settings.home),
            now=SystemClock().now(),
        )
    _write(html, render_report(figures))


def _predict(truths: "Sequence[Truth]", folder: Path, ignore_xml: bool, workers: int | None) -> "Iterator[Prediction]":
    import tempfile

    from pipeline.batch import process_sources
    from pipeline.bootstrap import load_settings, open_world
    from pipeline.measure.cases import prediction_of
    from pipeline.progress import progress_bar
    from pipeline.rows import row

    sources = _sources(truths, folder)
    with tempfile.TemporaryDirectory(prefix="backoffice-evaluate-") as scratch:
        settings = load_settings(Path(scratch), ignore_xml, workers).model_copy(update={"database_url": ""})
        with open_world(settings) as world, progress_bar("Reading", len(sources)) as advance:
            for result in process_sources(sources, world):
                yield from (prediction_of(row(result.file, outcome)) for outcome in result.outcomes)
                advance()


def _sources(truths: "Sequence[Truth]", folder: Path) -> "list[Source]":
    from pipeline.batch import Source
    from pipeline.errors import InputError

    sources = [Source(name, folder / name) for name in dict.fromkeys(truth.file for truth in truths)]
    absent = [source.name for source in sources if not source.path.is_file()]
    if absent:
        remedy = "The files of a truth file lie beside it."
        raise InputError(f"Not in {folder}: {', '.join(absent[:5])}", code="no-such-file", remedy=remedy)
    return sources


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    typer.echo(f"Written: {path}")
