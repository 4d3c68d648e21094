"""Shows an evaluation in the terminal."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.measure.evaluate import DocumentScore, Evaluation, Group, worst
from pipeline.measure.html import interval, percent, score, seconds
from pipeline.measure.scores import Calibration, Counts, Share

_WORST = 10
_CUT = 48


def show_evaluation(evaluation: Evaluation) -> None:
    """Print the figures: all together, by kind, by field, and the documents with most mistakes."""
    console = Console()
    console.print(_summary(evaluation))
    console.print(_kinds(evaluation))
    console.print(_fields(evaluation))
    flawed = worst(evaluation.documents)
    if flawed:
        console.print(_documents(flawed[:_WORST], len(flawed)))


def _summary(evaluation: Evaluation) -> Table:
    group = evaluation.overall
    page_only = ", e-invoices inside ignored" if evaluation.page_only else ""
    table = _table(
        f"{evaluation.truth}: {group.documents} invoices{page_only}", "figure", "value", "of", "95 % interval"
    )
    for name, counts in (("header", group.header), ("lines", group.lines), ("VAT breakdown", group.taxes)):
        values = f"P {score(counts.precision)}  R {score(counts.recall)}  F1 {score(counts.f1)}"
        table.add_row(name, values, str(counts.right + counts.wrong + counts.missed), "")
    for name, share in _shares(group):
        table.add_row(name, f"{share.count} ({percent(share.rate)})", str(share.of), interval(share))
    table.add_row("CPU a document", seconds(group.seconds), "", "")
    if evaluation.calibration:
        table.add_row(*_calibration(evaluation.calibration))
    return table


def _shares(group: Group) -> Iterator[tuple[str, Share]]:
    yield "every header field right", group.all_right
    yield "straight through", group.straight_through
    yield "  with a wrong critical field", group.wrong_documents
    yield "  critical fields wrong", group.wrong_fields


def _calibration(calibration: Calibration) -> tuple[str, str, str, str]:
    values = f"Brier {score(calibration.brier)}  expected error {score(calibration.expected_error)}"
    return "confidences", values, str(calibration.n), ""


def _kinds(evaluation: Evaluation) -> Table:
    columns = ("n", "P", "R", "F1", "F1 lines", "F1 VAT", "all right", "through", "wrong", "CPU")
    table = _table("By kind", "kind", *columns, number=True)
    for kind, group in evaluation.kinds.items():
        table.add_row(
            escape(kind),
            str(group.documents),
            *_scores(group.header),
            score(group.lines.f1),
            score(group.taxes.f1),
            percent(group.all_right.rate),
            str(group.straight_through.count),
            str(group.wrong_documents.count),
            seconds(group.seconds),
        )
    return table


def _fields(evaluation: Evaluation) -> Table:
    kinds = evaluation.kinds if len(evaluation.kinds) > 1 else {}
    columns = (
        "right",
        "wrong",
        "missed",
        "spurious",
        "P",
        "R",
        "F1",
        *(f"F1 {escape(kind)}" for kind in kinds),
    )
    table = _table("By field", "field", *columns, number=True)
    for name, counts in evaluation.overall.fields.items():
        numbers = (str(number) for number in (counts.right, counts.wrong, counts.missed, counts.spurious))
        by_kind = (score(group.fields.get(name, Counts()).f1) for group in kinds.values())
        table.add_row(name, *numbers, *_scores(counts), *by_kind)
    return table


def _documents(flawed: Iterable[DocumentScore], number: int) -> Table:
    table = _table(
        f"Documents with mistakes ({number}; these first)", "file", "decision", "field", "truth", "read"
    )
    for document in flawed:
        for index, field in enumerate(document.errors):
            head = (document.file, document.decision) if index == 0 else ("", "")
            row = (*head, field.name, field.truth or "–", field.predicted or "–")
            table.add_row(*(escape(text[:_CUT]) for text in row))
    return table


def _scores(counts: Counts) -> tuple[str, str, str]:
    return score(counts.precision), score(counts.recall), score(counts.f1)


def _table(title: str, first: str, *others: str, number: bool = False) -> Table:
    table = Table(first, title=title, title_justify="left")
    for name in others:
        table.add_column(name, justify="right" if number else "left")
    return table
