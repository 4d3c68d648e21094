"""`backoffice compare-manual`: the machine beside the manual baseline."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Home, IgnoreXml, OneClient, Workers

if TYPE_CHECKING:
    from pipeline.measure.manual_model import Beside, Case
    from pipeline.measure.tables import Table

TruthFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="TRUTH.jsonl...", help="True values, as `backoffice evaluate` takes them; one file a set.", exists=True
    ),
]
SaidFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--predictions",
        metavar="FILE",
        help="What `backoffice evaluate --json` or `backoffice process --out` wrote, one for each set in its order; "
        "without it the documents are read now.",
        exists=True,
        dir_okay=False,
    ),
]
PresetsFile = Annotated[
    Path | None,
    typer.Option(
        "--presets",
        metavar="FILE.yaml",
        help="Your own prices and rates, with their sources.",
        exists=True,
        dir_okay=False,
    ),
]
FromEvents = Annotated[
    bool,
    typer.Option(
        "--from-events", help="Take the operators' seconds from the work measured in this home.", show_default=False
    ),
]
JsonFile = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write all figures here.")]
HtmlFile = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write them as a page here.")]
MarkdownFile = Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help="Write the tables here.")]


def compare_manual(
    truth: TruthFiles,
    *,
    predictions: SaidFiles = None,
    presets: PresetsFile = None,
    from_events: FromEvents = False,
    home: Home = None,
    client: OneClient = None,
    ignore_xml: IgnoreXml = False,
    workers: Workers = None,
    json: JsonFile = None,
    html: HtmlFile = None,
    markdown: MarkdownFile = None,
) -> None:
    """Hold the machine against the same work by hand: time, cost, wrong values, documents without a touch.

    Keying and full touch are two models; they stand in two tables and are never mixed.
    """
    from pipeline.cli.tables import show_tables
    from pipeline.measure import manual_tables
    from pipeline.measure.manual import beside_by_hand
    from pipeline.measure.presets import load_presets

    figures = load_presets(presets)
    sets = _sets(truth, predictions or [], ignore_xml, workers)
    beside = beside_by_hand(sets, figures, _operator_seconds(home, client) if from_events else ())
    shown = manual_tables.tables(beside)
    show_tables(shown[:-1])
    _write(beside, shown, json, html, markdown)


def _sets(
    truth: Sequence[Path], predictions: Sequence[Path], ignore_xml: bool, workers: int | None
) -> "dict[str, list[Case]]":
    from pipeline.cli.measure import predict
    from pipeline.measure.cases import read_truth
    from pipeline.measure.evaluate import evaluate
    from pipeline.measure.manual import cases_of, read_scores

    if predictions and len(predictions) != len(truth):
        raise typer.BadParameter("Give one file for each truth file, in the same order.", param_hint="--predictions")
    found: dict[str, list[Case]] = {}
    for index, path in enumerate(truth):
        truths = read_truth(path)
        if predictions:
            scores = read_scores(predictions[index], truths)
        else:
            scores = evaluate(truths, predict(truths, path.parent, ignore_xml, workers)).documents
        found[_name(path, found)] = cases_of(truths, scores)
    return found


def _name(path: Path, taken: "dict[str, list[Case]]") -> str:
    """The folder's name; two folders of one name are told apart."""
    name = path.parent.resolve().name
    return name if name not in taken else f"{name} ({len(taken) + 1})"


def _operator_seconds(home: Path | None, client: str | None) -> list[float]:
    from pipeline.bootstrap import load_settings, open_the_ledger
    from pipeline.measure.observed import operator_seconds

    with open_the_ledger(load_settings(home), client) as ledger:
        return operator_seconds(ledger.database, client)


def _write(
    beside: "Beside",
    shown: "Sequence[Table]",
    json: Path | None,
    html: Path | None,
    markdown: Path | None,
) -> None:
    from pipeline.bootstrap import SystemClock
    from pipeline.cli.measure import write
    from pipeline.measure.html import render_tables
    from pipeline.measure.manual_tables import tiles
    from pipeline.measure.tables import markdown as as_markdown

    if json:
        write(json, beside.model_dump_json(indent=1) + "\n")
    if markdown:
        write(markdown, as_markdown(shown))
    if html:
        subtitle = ", ".join(f"{name} ({number})" for name, number in beside.sets.items())
        title = "The machine beside the same work by hand"
        write(html, render_tables(title, subtitle, SystemClock().now(), shown, tiles(beside)))
