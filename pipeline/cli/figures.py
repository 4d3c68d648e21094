"""Shows an evaluation in the terminal."""

from collections.abc import Iterable, Iterator, Mapping

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.measure.evaluate import DocumentScore, Evaluation, Group, Stop, worst
from pipeline.measure.html import interval, percent, score, seconds
from pipeline.measure.scores import Counts, Share

_WORST = 10
_CUT = 40


def show_evaluation(evaluation: Evaluation) -> None:
    """Print the figures: all together, by kind, by field, and the documents with most mistakes."""
    console = Console()
    console.print(_summary(evaluation))
    console.print(_kinds(evaluation.kinds))
    console.print(_fields(evaluation.overall))
    if len(evaluation.kinds) > 1:
        console.print(_fields_by_kind(evaluation))
    if evaluation.stops:
        console.print(_stops(evaluation.stops))
    flawed = worst(evaluation.documents)
    if flawed:
        console.print(_documents(flawed[:_WORST], len(flawed)))


def _summary(evaluation: Evaluation) -> Table:
    group = evaluation.overall
    page_only = ", e-invoices inside ignored" if evaluation.page_only else ""
    title = f"{evaluation.truth}: {group.documents} invoices{page_only}"
    table = _table(title, "figure", "value", "of", "95 % interval")
    for name, counts in (("header", group.header), ("lines", group.lines), ("VAT", group.taxes)):
        precision, recall, f1 = _scores(counts)
        known = counts.right + counts.wrong + counts.missed
        table.add_row(f"{name} precision, recall, F1", f"{precision}  {recall}  {f1}", str(known), "")
    for name, share in _shares(group):
        table.add_row(name, f"{share.count} ({percent(share.rate)})", str(share.of), interval(share))
    table.add_row("CPU a document", seconds(group.seconds), "", "")
    if (calibration := evaluation.calibration) is not None:
        table.add_row("Brier score", score(calibration.brier), str(calibration.n), "")
        table.add_row("expected calibration error", score(calibration.expected_error), str(calibration.n), "")
    return table


def _shares(group: Group) -> Iterator[tuple[str, Share]]:
    yield "every header field right", group.all_right
    yield "straight through", group.straight_through
    yield "- with a wrong critical field", group.wrong_documents
    yield "- critical fields wrong", group.wrong_fields


def _kinds(kinds: Mapping[str, Group]) -> Table:
    columns = ("n", "P", "R", "F1", "lines", "VAT", "right", "through", "wrong", "CPU")
    table = _table("By kind", "kind", *columns, right=True)
    for kind, group in kinds.items():
        table.add_row(
            escape(kind),
            str(group.documents),
            *_scores(group.header),
            score(group.lines.f1),
            score(group.taxes.f1),
            str(group.all_right.count),
            str(group.straight_through.count),
            str(group.wrong_documents.count),
            seconds(group.seconds),
        )
    return table


def _fields(group: Group) -> Table:
    table = _table("By field", "field", "right", "wrong", "missed", "spurious", "P", "R", "F1", right=True)
    for name, counts in group.fields.items():
        numbers = (str(number) for number in (counts.right, counts.wrong, counts.missed, counts.spurious))
        table.add_row(name, *numbers, *_scores(counts))
    return table


def _fields_by_kind(evaluation: Evaluation) -> Table:
    table = _table("F1 by field and kind", "field", *map(escape, evaluation.kinds), right=True)
    for name in evaluation.overall.fields:
        groups = evaluation.kinds.values()
        table.add_row(name, *(score(group.fields.get(name, Counts()).f1) for group in groups))
    return table


def _stops(stops: Iterable[Stop]) -> Table:
    table = _table("What stopped documents", "reason", "documents", "needless", right=True)
    for stop in stops:
        table.add_row(escape(stop.code), str(stop.documents), str(stop.needless))
    return table


def _documents(flawed: Iterable[DocumentScore], number: int) -> Table:
    table = _table(f"Documents with mistakes ({number}; these first)", "file", "decision", "field", "truth", "read")
    for document in flawed:
        for index, field in enumerate(document.errors):
            head = (document.file, document.decision) if index == 0 else ("", "")
            row = (*head, field.name, field.truth or "–", field.predicted or "–")
            table.add_row(*(escape(text[:_CUT]) for text in row))
    return table


def _scores(counts: Counts) -> tuple[str, str, str]:
    return score(counts.precision), score(counts.recall), score(counts.f1)


def _table(title: str, first: str, *others: str, right: bool = False) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1))
    table.add_column(first, overflow="fold", no_wrap=right)
    for name in others:
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    return table
