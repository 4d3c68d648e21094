"""The machine beside the manual baseline: what is compared with what, and in what words."""

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.measure.baseline import KeyingTime, TouchTime
from pipeline.measure.cases import Guess, Prediction, Truth
from pipeline.measure.evaluate import evaluate
from pipeline.measure.manual import beside_by_hand, cases_of, read_scores
from pipeline.measure.manual_model import ENOUGH, Beside, Case
from pipeline.measure.manual_tables import tables
from pipeline.measure.presets import load_presets
from pipeline.measure.tables import markdown
from schemas import FieldName

PRESETS = load_presets()
VALUES = {FieldName.INVOICE_NUMBER: "F-1", FieldName.GROSS_TOTAL: "120.00"}


def truths(number: int = 4) -> list[Truth]:
    return [Truth(file=f"{index}.pdf", kind="native", fields=VALUES) for index in range(number)]


def prediction(index: int, decision: str, gross: str = "120.00", seconds: float = 2.0) -> Prediction:
    guesses = {FieldName.INVOICE_NUMBER: Guess(value="F-1"), FieldName.GROSS_TOTAL: Guess(value=gross)}
    return Prediction(file=f"{index}.pdf", decision=decision, fields=guesses, stages={"read": seconds}, pages=1)


def compared(operator_seconds: tuple[float, ...] = ()) -> Beside:
    """Three go through, one of them wrong; the fourth is stopped with a wrong total."""
    through = [prediction(index, "straight_through", "12.00" if index == 2 else "120.00") for index in range(3)]
    said = [*through, prediction(3, "review", "1.00", seconds=4.0)]
    return beside_by_hand({"set": cases_of(truths(), evaluate(truths(), said).documents)}, PRESETS, operator_seconds)


def test_what_went_through_leaves_no_keying_and_what_was_stopped_is_gone_over() -> None:
    """Of the stopped one the right number costs a keystroke, the wrong total its six characters."""
    result = compared().keying
    assert isinstance(result.by_hand.work, KeyingTime)
    assert (result.by_hand.work.fields, result.by_hand.work.keystrokes) == (8, 4 * 9)
    assert (result.with_machine.work.fields, result.with_machine.work.keystrokes) == (2, 1 + 6)
    assert result.by_hand_twice.work.seconds.value == pytest.approx(2 * result.by_hand.work.seconds.value)


def test_full_touch_of_the_stopped_ones_is_that_of_by_hand_until_enough_work_was_measured() -> None:
    """An upper figure gives way to the operators' own seconds, from thirty documents on."""
    assert compared((60.0,) * (ENOUGH - 1)).touch.with_machine.work.seconds.value == pytest.approx(480)
    measured = compared((60.0,) * ENOUGH).touch.with_machine.work
    assert isinstance(measured, TouchTime)
    assert measured.seconds.value == pytest.approx(60)


def test_errors_of_what_went_through_are_counted_and_the_others_expected() -> None:
    """One of six critical fields is wrong; a person leaves 0.29 % of the two of the stopped document."""
    errors = compared().critical
    assert (errors.through.count, errors.through.of) == (1, 6)
    assert errors.single.value == pytest.approx(8 * 0.0029)
    assert errors.with_machine.value == pytest.approx(1 + 2 * 0.0029)
    assert (compared().flawed.through.count, compared().flawed.through.of) == (1, 3)


def test_a_document_that_must_not_go_through_counts_as_flawed_when_it_does() -> None:
    """Right values of a statement are no right posting."""
    case = truths(1)[0].model_copy(update={"trap": "a statement"})
    scores = evaluate([case], [prediction(0, "straight_through")]).documents
    assert beside_by_hand({"set": [Case(case, scores[0])]}, PRESETS).flawed.through.count == 1


def test_the_machines_seconds_are_their_mean_over_files() -> None:
    """Three took 2 s and one 4 s; a day of one core holds so many."""
    machine = compared().machine
    assert machine.known == 4
    assert machine.seconds is not None
    assert machine.seconds.value == pytest.approx(2.5)
    assert machine.a_day is not None
    assert machine.a_day.value == pytest.approx(86_400 / 2.5)


def test_scores_come_from_an_evaluation_or_from_predictions(tmp_path: Path) -> None:
    """Either file gives the same documents."""
    said = tmp_path / "said.jsonl"
    said.write_text('{"file": "0.pdf", "decision": "review", "fields": {}}\n', encoding="utf-8")
    from_predictions = read_scores(said, truths(1))
    stored = tmp_path / "evaluation.json"
    stored.write_text(evaluate(truths(1), []).model_dump_json(indent=1), encoding="utf-8")
    assert [one.file for one in read_scores(stored, truths(1))] == [one.file for one in from_predictions]
    assert from_predictions[0].decision == "review"


def test_an_evaluation_of_other_documents_is_refused() -> None:
    """It would be held against the wrong values without a sign."""
    scores = evaluate(truths(2), []).documents
    with pytest.raises(InputError) as caught:
        cases_of(truths(3), scores)
    assert caught.value.specific_code == "not-comparable"


def test_the_tables_keep_the_models_apart_and_name_their_sources() -> None:
    """Each model has a table of its own; every preset is listed with its source and trust."""
    shown = {table.title: table for table in tables(compared())}
    assert {"Model 1: keying alone", "Model 2: full touch"} <= set(shown)
    assert all(row[0].startswith("all hands") for row in shown["Model 2: full touch"].rows)
    listed = {row[0] for row in shown["The figures it rests on"].rows}
    assert listed == {name.replace("_", " ") for name in PRESETS.named()}
    text = markdown(shown.values())
    assert "| posting-critical fields | 8 | 0.02 (0.02 to 0.03) |" in text
    assert "PMC10775420" in text
