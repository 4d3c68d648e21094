"""`backoffice evaluate` and `backoffice report`: how good the work is."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from pipeline.cli.exits import Exit
from pipeline.cli.options import IgnoreXml, Workers

if TYPE_CHECKING:
    from pipeline.batch import Source
    from pipeline.measure.cases import Prediction, Truth
    from pipeline.measure.evaluate import Evaluation

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
SeenFile = Annotated[
    Path | None,
    typer.Option(
        "--seen",
        metavar="FILE",
        help="Suppliers or layouts that training saw, one a line; figures are given for seen and unseen ones.",
        exists=True,
        dir_okay=False,
    ),
]
Earlier = Annotated[
    Path | None,
    typer.Option(
        "--compare",
        metavar="OTHER.json",
        help="Compare with an earlier evaluation, field by field; the exit code is 6 when this one is worse "
        "beyond noise.",
        exists=True,
        dir_okay=False,
    ),
]
SuppliersFile = Annotated[
    Path | None,
    typer.Option(
        "--suppliers",
        metavar="FILE.csv",
        help="A supplier master that is known while the documents are read.",
        exists=True,
        dir_okay=False,
    ),
]


def evaluate(
    truth: TruthFile,
    *,
    ignore_xml: IgnoreXml = False,
    predictions: Predictions = None,
    json: JsonFile = None,
    html: HtmlFile = None,
    workers: Workers = None,
    only_kind: OnlyKind = None,
    seen: SeenFile = None,
    compare: Earlier = None,
    suppliers: SuppliersFile = None,
) -> None:
    """Compare what is read of documents with their true values: precision, recall, what went through wrong.

    The documents are read in a home of their own that is thrown away; your ledger is not touched.
    """
    from pipeline.cli.figures import show_evaluation
    from pipeline.measure import champion
    from pipeline.measure.cases import read_predictions, read_seen, read_truth
    from pipeline.measure.evaluate import evaluate as score
    from pipeline.measure.evaluate import read_evaluation

    earlier = read_evaluation(compare) if compare else None
    truths = [case for case in read_truth(truth) if not only_kind or case.kind in only_kind]
    if predictions:
        said: Iterable[Prediction] = read_predictions(predictions)
    else:
        said = predict(truths, truth.parent, ignore_xml, workers, suppliers)
    name = truth.parent.resolve().name
    result = score(truths, said, name=name, page_only=ignore_xml, seen=read_seen(seen) if seen else None)
    if earlier:
        result = result.model_copy(update={"comparison": champion.compare(earlier, result)})
    show_evaluation(result)
    _write_evaluation(result, truth.parent, json, html)
    if result.comparison and result.comparison.worse:
        raise typer.Exit(Exit.WORSE)


def predict(
    truths: "Sequence[Truth]", folder: Path, ignore_xml: bool, workers: int | None, suppliers: Path | None = None
) -> "Iterator[Prediction]":
    """What the machine says of documents, read in a home of their own that is thrown away."""
    import tempfile

    from pipeline.batch import process_sources
    from pipeline.bootstrap import load_settings, open_the_book, open_world
    from pipeline.measure.cases import prediction_of
    from pipeline.progress import progress_bar
    from pipeline.rows import row
    from pipeline.suppliers.tables import read_suppliers

    sources = _sources(truths, folder)
    with tempfile.TemporaryDirectory(prefix="backoffice-evaluate-") as scratch:
        settings = load_settings(Path(scratch), ignore_xml, workers).model_copy(update={"database_url": ""})
        if suppliers:
            with open_the_book(settings) as book:
                book.suppliers.put(read_suppliers(suppliers), "evaluate")
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


def _write_evaluation(result: "Evaluation", folder: Path, json: Path | None, html: Path | None) -> None:
    if json:
        write(json, result.model_dump_json(indent=1) + "\n")
    if html:
        from os.path import relpath

        from pipeline.bootstrap import SystemClock
        from pipeline.measure.html import render_evaluation

        files = Path(relpath(folder.resolve(), html.parent.resolve())).as_posix()
        write(html, render_evaluation(result, SystemClock().now(), quote(files)))


def write(path: Path, text: str) -> None:
    """Write a file, make its folder, and say so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    typer.echo(f"Written: {path}")
