"""Shows an evaluation in the terminal."""

from collections.abc import Iterable, Iterator, Mapping

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.measure.changes import Comparison
from pipeline.measure.cost import Cost
from pipeline.measure.document import DocumentScore, worst
from pipeline.measure.evaluate import Confidences, Evaluation, Group, Stop
from pipeline.measure.notation import interval, percent, score, seconds
from pipeline.measure.scores import Counts, Share

_WORST = 10
_MOVED = 20
_CUT = 40


def show_evaluation(evaluation: Evaluation) -> None:
    """Print the figures: all together, by slice, by field, what it cost, the documents with most mistakes."""
    console = Console()
    for dimension, groups in evaluation.slices.items():
        console.print(_groups(dimension, groups))
    console.print(_fields(evaluation.overall))
    for dimension, groups in evaluation.slices.items():
        if len(groups) > 1:
            console.print(_fields_by(dimension, evaluation.overall, groups))
    console.print(_calibration(evaluation.calibration))
    if evaluation.cpu:
        console.print(_costs(evaluation.cpu))
    if evaluation.stops:
        console.print(_stops(evaluation.stops))
    if flawed := worst(evaluation.documents):
        console.print(_documents(flawed[:_WORST], len(flawed)))
    if evaluation.comparison:
        _show_comparison(evaluation.comparison, console)
    console.print(_summary(evaluation))


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
    if (critical := evaluation.calibration.critical) is not None:
        table.add_row("calibration error, critical", score(critical.ece), str(critical.n), "")
    if (coverage := evaluation.coverage) is not None:
        table.add_row("area under risk-coverage curve", score(coverage.area), str(coverage.n), "")
    table.add_row("CPU a document", seconds(group.seconds), "", "")
    return table


def _shares(group: Group) -> Iterator[tuple[str, Share]]:
    yield "every header field right", group.all_right
    yield "straight through", group.straight_through
    yield "- with a wrong critical field", group.wrong_documents
    yield "- critical fields wrong", group.wrong_fields
    if group.traps.of:
        yield "traps straight through", group.traps


def _groups(dimension: str, groups: Mapping[str, Group]) -> Table:
    columns = ("n", "P", "R", "F1", "lines", "VAT", "right", "posted", "wrong", "CPU")
    table = _table(
        f"By {dimension} (wrong: critical fields of what was posted untouched)", dimension, *columns, right=True
    )
    for value, group in groups.items():
        table.add_row(
            escape(value),
            str(group.documents),
            *_scores(group.header),
            score(group.lines.f1),
            score(group.taxes.f1),
            str(group.all_right.count),
            str(group.straight_through.count),
            f"{group.wrong_fields.count}/{group.wrong_fields.of}",
            seconds(group.seconds),
        )
    return table


def _fields(group: Group) -> Table:
    table = _table("By field", "field", "right", "wrong", "missed", "spurious", "P", "R", "F1", right=True)
    for name, counts in group.fields.items():
        numbers = (str(number) for number in (counts.right, counts.wrong, counts.missed, counts.spurious))
        table.add_row(name, *numbers, *_scores(counts))
    return table


def _fields_by(dimension: str, overall: Group, groups: Mapping[str, Group]) -> Table:
    columns = [f"{escape(value)} ({group.documents})" for value, group in groups.items()]
    table = _table(f"F1 by field and {dimension} (invoices)", "field", *columns, right=True)
    for name in overall.fields:
        table.add_row(name, *(score(group.fields.get(name, Counts()).f1) for group in groups.values()))
    return table


def _calibration(confidences: Confidences) -> Table:
    table = _table("Calibration", "of", "values", "not found", "ECE", "adaptive", "Brier", right=True)
    together = (("critical fields", confidences.critical), ("all fields", confidences.all))
    for name, found in (*together, *confidences.fields.items()):
        if found is not None:
            figures = (score(found.ece), score(found.ece_adaptive), score(found.brier))
            table.add_row(name, str(found.n), str(found.missed), *figures)
    return table


def _costs(cpu: Mapping[str, Cost]) -> Table:
    table = _table("CPU seconds a file", "stage", "mean", "median", "90 %", "99 %", "most", "a page", right=True)
    for stage, cost in cpu.items():
        values = (cost.mean, cost.median, cost.p90, cost.p99, cost.highest, cost.page)
        table.add_row(stage, *("–" if value is None else f"{value:.2f}" for value in values))
    return table


def _stops(stops: Iterable[Stop]) -> Table:
    table = _table("What stopped documents", "reason", "documents", "needless", right=True)
    for stop in stops:
        table.add_row(escape(stop.code), str(stop.documents), str(stop.needless))
    return table


def _documents(flawed: Iterable[DocumentScore], number: int) -> Table:
    title = f"Documents with mistakes ({number}; these first)"
    table = _table(title, "file", "decision", "field", "expected", "got", "sure", "evidence")
    for document in flawed:
        decision = f"{document.decision}{', must not' if document.harms else ''}"
        head = (document.file, decision)
        for field in document.errors:
            sure = "–" if field.predicted is None else score(field.confidence)
            row = (*head, field.name, field.truth or "–", field.predicted or "–", sure, "; ".join(field.evidence))
            table.add_row(*(escape(text[:_CUT]) for text in row))
            head = ("", "")
        if not document.errors:
            table.add_row(*(escape(text[:_CUT]) for text in (*head, document.trap)))
    return table


def _show_comparison(comparison: Comparison, console: Console) -> None:
    columns = ("slice", "files", "before", "after", "better", "worse", "p better", "p worse", "")
    table = _table(f"Mistakes against the earlier run, {comparison.files} files", "what", *columns, right=True)
    for change in comparison.changes:
        if change.better or change.worse:
            verdict = "WORSE" if change.is_worse else "better" if change.is_better else "noise"
            numbers = map(str, (change.files, change.before, change.after, change.better, change.worse))
            chances = (score(change.p_better), score(change.p_worse))
            table.add_row(change.what, escape(change.slice), *numbers, *chances, verdict)
    console.print(table)
    moved = _table("Fields that changed (worse first)", "file", "field", "expected", "before", "now", "")
    for one in comparison.moved[:_MOVED]:
        row = (one.file, one.field, one.truth or "–", one.before or "–", one.after or "–")
        moved.add_row(*(escape(text[:_CUT]) for text in row), "better" if one.better else "worse")
    console.print(moved)
    if absent := len(comparison.only_before):
        console.print(f"{absent} files of the earlier run are not in this one and were not compared.")


def _scores(counts: Counts) -> tuple[str, str, str]:
    return score(counts.precision), score(counts.recall), score(counts.f1)


def _table(title: str, first: str, *others: str, right: bool = False) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1))
    table.add_column(first, overflow="fold", no_wrap=right)
    for name in others:
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    return table
