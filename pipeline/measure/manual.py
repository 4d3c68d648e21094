"""The machine beside the manual baseline, on documents whose true values are known.

    cases = cases_of(truths, evaluation)
    comparison = beside_by_hand(cases, presets)

Two tables that stand apart, one a model: keying, and full touch (`pipeline.measure.baseline`). In each, people's work
by hand is held against people's work that is left with the machine. What went straight through leaves none; what was
stopped is gone over by a person. Errors are a third table: measured ones of what went through, expected ones of what
people type.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pipeline.errors import InputError
from pipeline.measure.baseline import (
    HOUR,
    KeyingCost,
    KeyingTime,
    TouchCost,
    TouchTime,
    cells,
    expected_errors,
    expected_flawed,
    full_touch,
    header_texts,
    keying,
    line_texts,
    looking,
    measured_touch,
    typed_fields,
)
from pipeline.measure.cases import Truth, read_predictions
from pipeline.measure.compare import Verdict
from pipeline.measure.document import DocumentScore
from pipeline.measure.estimate import Estimate, counted, mean_of, published
from pipeline.measure.evaluate import evaluate, read_evaluation
from pipeline.measure.manual_model import ENOUGH, Beside, Case, Contrast, Errors, Flawed, Machine, Prices, Side
from pipeline.measure.presets import Presets
from pipeline.measure.scores import Share, share
from schemas.terms import POSTING_CRITICAL

DAY = 86_400.0


def cases_of(truths: Sequence[Truth], scores: Sequence[DocumentScore]) -> list[Case]:
    """Each true invoice with its score; what was seen beyond them comes after and is left out here.

    `scores` are the documents of an evaluation on these very truths. Raises InputError (code "not-comparable").
    """
    if [truth.file for truth in truths] != [score.file for score in scores[: len(truths)]]:
        remedy = "Give the evaluation or the predictions of this very truth file, in the same order of sets."
        raise InputError("The documents are not those of the truth.", code="not-comparable", remedy=remedy)
    return [Case(truth, score) for truth, score in zip(truths, scores, strict=False)]


def read_scores(path: Path, truths: Sequence[Truth]) -> Sequence[DocumentScore]:
    """The documents of an evaluation (JSON), or of predictions (JSON lines) that are scored now.

    Raises InputError for anything else.
    """
    with path.open(encoding="utf-8") as lines:
        is_evaluation = next(lines, "").strip() == "{"  # predictions have a whole object in their first line
    if is_evaluation:
        return read_evaluation(path).documents
    return evaluate(truths, read_predictions(path)).documents


def beside_by_hand(
    sets: Mapping[str, Sequence[Case]], presets: Presets, operator_seconds: Sequence[float] = ()
) -> Beside:
    """Compare over all sets together. `operator_seconds` were measured, one a decided document, where there are any."""
    cases = [case for some in sets.values() for case in some]
    stopped = [case for case in cases if not case.score.goes_through]
    return Beside(
        sets={name: len(some) for name, some in sets.items()},
        invoices=len(cases),
        straight_through=share(case.score.goes_through for case in cases),
        by_kind=_by_kind(cases),
        keying_header=_keying(cases, stopped, presets, lines=False),
        keying=_keying(cases, stopped, presets, lines=True),
        touch=_touch(len(cases), len(stopped), presets, operator_seconds),
        touch_measured=len(operator_seconds),
        critical=_errors(cases, presets, critical=True),
        header=_errors(cases, presets, critical=False),
        flawed=_flawed(cases, presets),
        machine=_machine(cases, presets),
        presets=presets.named(),
    )


def _by_kind(cases: Iterable[Case]) -> dict[str, Share]:
    kinds: dict[str, list[bool]] = {}
    for case in cases:
        kinds.setdefault(case.score.kind or "unknown", []).append(case.score.goes_through)
    return {kind: share(hits) for kind, hits in sorted(kinds.items())}


def _keying(
    cases: Sequence[Case], stopped: Sequence[Case], presets: Presets, *, lines: bool
) -> Contrast[KeyingTime, KeyingCost]:
    by_hand = sum((_typed(case, presets, lines) for case in cases), start=KeyingTime())
    left = sum((_gone_over(case, presets, lines) for case in stopped), start=KeyingTime())
    return Contrast[KeyingTime, KeyingCost](
        by_hand=_keying_side(by_hand, presets),
        by_hand_twice=_keying_side(by_hand + by_hand, presets),
        with_machine=_keying_side(left, presets),
    )


def _keying_side(work: KeyingTime, presets: Presets) -> Side[KeyingTime, KeyingCost]:
    prices = Prices[KeyingCost](offshore=work.cost(presets.hour_offshore), western=work.cost(presets.hour_western))
    return Side[KeyingTime, KeyingCost](work=work, prices=prices)


def _touch(invoices: int, stopped: int, presets: Presets, measured: Sequence[float]) -> Contrast[TouchTime, TouchCost]:
    by_hand = full_touch(invoices, presets)
    is_measured = len(measured) >= ENOUGH
    left = measured_touch(stopped, mean_of(measured)) if is_measured else full_touch(stopped, presets)
    return Contrast[TouchTime, TouchCost](
        by_hand=_touch_side(by_hand, presets),
        by_hand_twice=_touch_side(by_hand + by_hand, presets),
        with_machine=_touch_side(left, presets),
    )


def _touch_side(work: TouchTime, presets: Presets) -> Side[TouchTime, TouchCost]:
    prices = Prices[TouchCost](offshore=work.cost(presets.hour_offshore), western=work.cost(presets.hour_western))
    return Side[TouchTime, TouchCost](work=work, prices=prices)


def _typed(case: Case, presets: Presets, lines: bool) -> KeyingTime:
    return keying([*header_texts(case.truth), *(line_texts(case.truth) if lines else ())], presets)


def _gone_over(case: Case, presets: Presets, lines: bool) -> KeyingTime:
    """A stopped document: every value is looked at, the wrong and the missing ones are typed."""
    found = {field.name for field in case.score.fields if field.verdict is Verdict.RIGHT}
    names = typed_fields(case.truth)
    right = [case.truth.fields[name] or "" for name in names if name in found]
    wrong = [case.truth.fields[name] or "" for name in names if name not in found]
    work = looking(right, wrong, presets)
    return work + _lines_gone_over(case, presets) if lines else work


def _lines_gone_over(case: Case, presets: Presets) -> KeyingTime:
    """Which lines are wrong is not kept, only how many: so many of the longest ones are typed."""
    texts = sorted(map(cells, case.truth.lines or ()), key=lambda texts: sum(map(len, texts)))
    right = case.score.lines.right if case.score.lines else 0
    kept, typed = texts[:right], texts[right:]
    return looking([cell for line in kept for cell in line], [cell for line in typed for cell in line], presets)


def _errors(cases: Sequence[Case], presets: Presets, *, critical: bool) -> Errors:
    through = share(
        field.verdict is not Verdict.RIGHT
        for case in cases
        if case.score.goes_through
        for field in (case.score.critical if critical else case.score.fields)
    )
    fields = sum(_keyed_fields(case, critical) for case in cases)
    left = sum(_keyed_fields(case, critical) for case in cases if not case.score.goes_through)
    return Errors(
        of=fields,
        single=expected_errors(fields, presets.single_error),
        double=expected_errors(fields, presets.double_error),
        through=through,
        with_machine=counted(through) + expected_errors(left, presets.single_error),
    )


def _flawed(cases: Sequence[Case], presets: Presets) -> Flawed:
    judged = [case for case in cases if case.score.critical]
    through = share(case.score.harms for case in judged if case.score.goes_through)
    fields = [_keyed_fields(case, critical=True) for case in judged]
    left = [_keyed_fields(case, critical=True) for case in judged if not case.score.goes_through]
    return Flawed(
        of=len(judged),
        single=expected_flawed(fields, presets.single_error),
        double=expected_flawed(fields, presets.double_error),
        through=through,
        with_machine=counted(through) + expected_flawed(left, presets.single_error),
    )


def _keyed_fields(case: Case, critical: bool) -> int:
    names = typed_fields(case.truth)
    return sum(name in POSTING_CRITICAL for name in names) if critical else len(names)


def _machine(cases: Iterable[Case], presets: Presets) -> Machine:
    spent: dict[str, float] = {}
    for case in cases:  # a file that holds several invoices is read once; its seconds stand with its first
        if case.score.seconds:
            spent[case.score.file] = spent.get(case.score.file, 0.0) + sum(case.score.seconds.values())
    if not spent:
        return Machine(known=0, seconds=None, euros=None, a_day=None)
    seconds = mean_of(list(spent.values()))
    above = seconds.model_copy(update={"low": max(seconds.low, 1e-9)})
    return Machine(
        known=len(spent),
        seconds=seconds,
        euros=(above * (1 / HOUR)).times(published(presets.machine_hour)),
        a_day=Estimate(value=DAY / above.value, low=DAY / above.high, high=DAY / above.low),
    )
