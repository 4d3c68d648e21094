"""The figures of a set of documents follow from its documents."""

import random
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.measure.cases import Guess, Prediction, Truth
from pipeline.measure.evaluate import Evaluation, evaluate, read_evaluation
from pipeline.measure.scores import Counts
from schemas import FieldName, InvoiceLine, Reason
from schemas.terms import FIELD_TERMS, ValueKind

NUMBER, GROSS = FieldName.INVOICE_NUMBER, FieldName.GROSS_TOTAL


def said(file: str, decision: str = "review", **values: str) -> Prediction:
    guesses = {FieldName(name): Guess(value=value, confidence=0.9) for name, value in values.items()}
    return Prediction(file=file, decision=decision, fields=guesses, stages={"read": 1.5, "extract": 0.5}, pages=2)


def true(file: str, kind: str = "native", **values: str) -> Truth:
    return Truth(file=file, kind=kind, fields={FieldName(name): value for name, value in values.items()})


def test_header_figures_are_micro_averages_overall_and_a_kind() -> None:
    """Three right, one wrong, one missed over two kinds."""
    result = evaluate(
        [
            true("a", invoice_number="1", gross_total="5"),
            true("b", "scan", invoice_number="2", gross_total="6", iban="X1"),
        ],
        [said("a", invoice_number="1", gross_total="5"), said("b", invoice_number="2", gross_total="7")],
    )
    assert result.overall.header == Counts(right=3, wrong=1, missed=1)
    assert result.overall.fields[GROSS] == Counts(right=1, wrong=1)
    assert FieldName.BIC not in result.overall.fields
    assert {kind: group.header.f1 for kind, group in result.slices["kind"].items()} == {"native": 1.0, "scan": 0.4}
    assert (result.overall.all_right.count, result.overall.all_right.of) == (1, 2)
    assert result.overall.seconds == 2.0


def test_wrong_critical_fields_are_counted_among_straight_through_documents_only() -> None:
    """A wrong value in review costs a person's time; one that went through costs money."""
    result = evaluate(
        [
            true("a", gross_total="5", due_date="2026-01-01"),
            true("b", gross_total="5"),
            true("c", gross_total="5"),
        ],
        [
            said("a", "straight_through", gross_total="5", due_date="2026-02-02"),
            said("b", "straight_through", gross_total="9"),
            said("c", "review", gross_total="9"),
        ],
    ).overall
    assert (result.straight_through.count, result.straight_through.of) == (2, 3)
    assert (result.wrong_fields.count, result.wrong_fields.of) == (1, 2)
    assert (result.wrong_documents.count, result.wrong_documents.of) == (1, 2)
    assert result.wrong_documents.high > 0.9


def test_a_file_that_nothing_was_said_of_misses_all() -> None:
    """A crash is no way to a better figure."""
    result = evaluate([true("a", invoice_number="1", gross_total="5")], [])
    assert result.overall.header == Counts(missed=2)
    assert result.documents[0].decision == "none"
    assert result.overall.all_right.count == 0


def test_an_invoice_seen_beyond_those_in_the_file_is_spurious() -> None:
    """Splitting one invoice into two is a mistake, and the better half is taken for the real one."""
    result = evaluate(
        [true("a", invoice_number="1", gross_total="5")],
        [said("a", invoice_number="9"), said("a", invoice_number="1", gross_total="5")],
    )
    assert [document.errors == () for document in result.documents] == [True, False]
    assert result.overall.header == Counts(right=2, spurious=1)


def test_two_invoices_of_one_file_find_their_predictions_in_any_order() -> None:
    """A file may hold several invoices."""
    result = evaluate(
        [true("a", invoice_number="1"), true("a", invoice_number="2")],
        [said("a", invoice_number="2"), said("a", invoice_number="1")],
    )
    assert result.overall.header == Counts(right=2)


def test_predictions_without_truth_are_left_out() -> None:
    """Nothing is known about them."""
    assert evaluate([], [said("z", invoice_number="1")]).documents == ()


def test_a_stop_is_needless_when_all_that_matters_was_read_right() -> None:
    """The figure to work on: reviews that cost a person's time for nothing."""
    doubt, other = Reason(code="doubt", message="?"), Reason(code="other", message="?")
    right = said("a", invoice_number="1").model_copy(update={"reasons": (doubt, doubt, other)})
    wrong = said("b", invoice_number="9").model_copy(update={"reasons": (doubt,)})
    result = evaluate([true("a", invoice_number="1"), true("b", invoice_number="2")], [right, wrong])
    assert [(stop.code, stop.documents, stop.needless) for stop in result.stops] == [("doubt", 2, 1), ("other", 1, 1)]


def test_calibration_looks_at_what_was_said() -> None:
    """A missed field has no confidence that could be judged; it is counted apart."""
    result = evaluate(
        [true("a", invoice_number="1", gross_total="5", bic="X")], [said("a", invoice_number="1", bic="Y")]
    ).calibration
    assert result.critical is not None
    assert (result.critical.n, result.critical.missed, result.critical.bins[0].right.rate) == (1, 1, 1.0)
    assert result.all is not None
    assert (result.all.n, result.all.missed) == (2, 1)
    assert {name: found.brier for name, found in result.fields.items()} == {
        NUMBER: pytest.approx(0.01),
        FieldName.BIC: pytest.approx(0.81),
    }


def test_the_result_survives_json() -> None:
    """A later run can be compared with a stored one."""
    result = evaluate([true("a", gross_total="5")], [said("a", gross_total="5")], name="set", page_only=True)
    data = result.model_dump_json()
    assert '"version":2' in data
    assert '"f1":1.0' in data
    assert '"truth":"5","predicted":"5","confidence":0.9,"verdict":"right"' in data
    assert Evaluation.model_validate_json(data) == result


def test_slices_by_language_and_by_what_training_saw() -> None:
    """By supplier, layout or seller name; each slice has its own figures and number."""
    names = frozenset({"s1", "band", "dupont sa"})
    truths = [
        true("a", invoice_number="1").model_copy(update={"supplier": "S1", "lang": "fr"}),
        true("b", invoice_number="1").model_copy(update={"layout": "band", "lang": "de"}),
        true("c", invoice_number="1", seller_name="Dupont SA"),
        true("d", invoice_number="1").model_copy(update={"supplier": "S2", "split": "test"}),
    ]
    predictions = [said(file, invoice_number="1") for file in "abcd"]
    result = evaluate(truths, predictions, seen=names)
    assert {name: group.documents for name, group in result.slices["supplier"].items()} == {"seen": 3, "unseen": 1}
    assert {name: group.documents for name, group in result.slices["language"].items()} == {
        "de": 1,
        "fr": 1,
        "unknown": 2,
    }
    by_split = evaluate(truths, predictions).slices["supplier"]
    assert {name: group.documents for name, group in by_split.items()} == {"unseen": 1, "unknown": 3}


def test_a_dimension_that_the_truth_says_nothing_of_is_left_out() -> None:
    """No table with one row "unknown"."""
    assert set(evaluate([true("a", invoice_number="1")], []).slices) == {"kind"}


def test_a_trap_that_goes_through_is_counted_though_all_its_fields_are_right() -> None:
    """Traps are counted apart, are no needless stop, and stay out of the risk-coverage curve."""
    trap = true("a", gross_total="5").model_copy(update={"trap": "duplicate"})
    doubt = Reason(code="doubt", message="?")
    result = evaluate(
        [trap, trap.model_copy(update={"file": "b"}), true("c", gross_total="5")],
        [
            said("a", "straight_through", gross_total="5"),
            said("b", gross_total="5").model_copy(update={"reasons": (doubt,)}),
            said("c", "straight_through", gross_total="5"),
        ],
    )
    assert (result.overall.traps.count, result.overall.traps.of) == (1, 2)
    assert result.overall.wrong_documents.count == 0
    assert result.stops[0].needless == 0
    assert result.coverage is not None
    assert result.coverage.n == 1


def test_documents_that_nothing_is_known_of_prove_nothing() -> None:
    """A document without a scored critical field is not among those that could be wrong."""
    result = evaluate([true("a", buyer_name="B")], [said("a", "straight_through", buyer_name="B")])
    assert (result.overall.straight_through.count, result.overall.wrong_documents.of) == (1, 0)
    assert result.coverage is None


def test_the_curve_orders_documents_by_the_risk_of_the_decision() -> None:
    """The one with the lower risk comes first; what went through is the operating point."""
    low = said("a", "straight_through", gross_total="5").model_copy(update={"document_risk": 0.1})
    high = said("b", gross_total="9").model_copy(update={"document_risk": 0.4})
    curve = evaluate([true("b", gross_total="5"), true("a", gross_total="5")], [high, low]).coverage
    assert curve is not None
    assert [(point.risk, point.wrong.count, point.wrong.of) for point in curve.points] == [(0.1, 0, 1), (0.4, 1, 2)]
    assert (curve.operating.coverage, curve.operating.wrong.count) == (0.5, 0)


def test_cpu_is_told_by_stage_for_each_file_and_page() -> None:
    """Two invoices of two pages in one file: four pages, and the file's seconds once."""
    first = said("a", invoice_number="1")
    second = said("a", invoice_number="2").model_copy(update={"stages": {}})
    cpu = evaluate([true("a", invoice_number="1"), true("a", invoice_number="2")], [first, second]).cpu
    assert {stage: (cost.files, cost.mean, cost.page) for stage, cost in cpu.items()} == {
        "all": (1, 2.0, 0.5),
        "read": (1, 1.5, 0.375),
        "extract": (1, 0.5, 0.125),
    }


def test_an_evaluation_is_read_back_from_its_file(tmp_path: Path) -> None:
    """A later run is compared with it."""
    result = evaluate([true("a", gross_total="5")], [said("a", gross_total="5")])
    stored = tmp_path / "e.json"
    stored.write_text(result.model_dump_json())
    assert read_evaluation(stored) == result


@pytest.mark.parametrize("text", ["", "{}", '{"version": 1}', "[1]"])
def test_a_file_that_is_no_evaluation_is_refused_by_name(tmp_path: Path, text: str) -> None:
    """Also one of an older version, whose keys meant something else."""
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"other\.json"):
        read_evaluation(path)


def values(name: FieldName) -> st.SearchStrategy[str]:
    kind = FIELD_TERMS[name].kind
    if kind is ValueKind.AMOUNT:
        return st.decimals(-9999, 9999, places=2).map(str)
    if kind is ValueKind.DATE:
        return st.dates().map(str)
    return st.text("ABCDEFG0123456789", min_size=1, max_size=12)


truths = st.fixed_dictionaries({}, optional={name: values(name) for name in FieldName})
lines = st.lists(
    st.builds(
        InvoiceLine,
        description=st.text("abcdefg ", min_size=1, max_size=9).map(lambda text: f"item {text}"),
        net_amount=st.integers(0, 5).map(Decimal),
    ),
    max_size=5,
)


@given(st.lists(st.tuples(truths, lines), min_size=1, max_size=4))
def test_saying_exactly_the_truth_is_perfect(
    cases: list[tuple[dict[FieldName, str], list[InvoiceLine]]],
) -> None:
    """F1 is 1 and every document is right."""
    known = [Truth(file=str(i), fields=fields, lines=tuple(rows) or None) for i, (fields, rows) in enumerate(cases)]
    perfect = [
        Prediction(
            file=truth.file,
            fields={name: Guess(value=value) for name, value in truth.fields.items()},
            lines=truth.lines or (),
        )
        for truth in known
    ]
    result: Evaluation = evaluate(known, perfect)
    assert result.overall.header.f1 in (None, 1.0)
    assert result.overall.lines.f1 in (None, 1.0)
    assert result.overall.all_right.rate == 1.0


@given(truths.filter(bool), st.randoms())
def test_losing_a_value_never_helps(fields: dict[FieldName, str], chance: random.Random) -> None:
    """Dropping one field's prediction lowers recall."""
    truth = Truth(file="a", fields=fields)
    name = chance.choice(sorted(fields))
    whole = {key: Guess(value=value) for key, value in truth.fields.items()}
    less = {key: guess for key, guess in whole.items() if key != name}
    full = evaluate([truth], [Prediction(file="a", fields=whole)]).overall.header
    part = evaluate([truth], [Prediction(file="a", fields=less)]).overall.header
    assert full.recall == 1.0
    assert part.recall is not None
    assert part.recall < full.recall
