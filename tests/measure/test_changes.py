"""Two runs over the same files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from pipeline.measure.changes import Change, Comparison, compare_documents
from pipeline.measure.compare import FieldScore, Verdict
from pipeline.measure.document import DocumentScore
from pipeline.measure.evaluate import DIMENSIONS
from schemas import FieldName

NUMBER, GROSS = FieldName.INVOICE_NUMBER, FieldName.GROSS_TOTAL


def document(file: str, right: bool = True, decision: str = "review", kind: str = "scan") -> DocumentScore:
    """One invoice with its number, read right or wrong."""
    field = FieldScore(
        name=NUMBER,
        truth="1",
        predicted="1" if right else "7",
        confidence=0.9,
        verdict=Verdict.RIGHT if right else Verdict.WRONG,
    )
    return DocumentScore(
        file=file,
        kind=kind,
        lang="",
        split="",
        trap="",
        decision=decision,
        reasons=(),
        risk=0.1,
        seconds={},
        pages=1,
        fields=(field,),
        lines=None,
        taxes=None,
    )


def change(comparison: Comparison, what: str, where: str = "all") -> Change:
    [found] = [one for one in comparison.changes if (one.what, one.slice) == (what, where)]
    return found


def test_only_files_that_changed_count_as_evidence() -> None:
    """Ninety files alike, one better, nine worse: McNemar looks at ten."""
    before = [document(str(index), right=index != 0) for index in range(100)]
    after = [document(str(index), right=not 1 <= index <= 9) for index in range(100)]
    found = change(compare_documents(before, after, {}), "header fields")
    assert (found.files, found.before, found.after, found.better, found.worse) == (100, 1, 9, 1, 9)
    assert found.p_worse == pytest.approx(11 / 1024)  # at least 9 heads of 10 throws
    assert found.p_better == pytest.approx(1023 / 1024)
    assert found.is_worse
    assert not found.is_better


def test_a_file_that_loses_many_fields_is_one_trial() -> None:
    """Twenty invoices of one file that fail together prove no more than one."""
    before = [document("a") for _ in range(20)]
    after = [document("a", right=False) for _ in range(20)]
    found = change(compare_documents(before, after, {}), "header fields")
    assert (found.after, found.worse, found.p_worse) == (20, 1, 0.5)


def test_an_invoice_seen_beyond_those_in_the_file_is_held_against_the_run() -> None:
    """Splitting one invoice in two makes spurious fields in a document that the earlier run does not have."""
    surplus = document("a", right=False)
    found = change(compare_documents([document("a")], [document("a"), surplus], {}), "header fields")
    assert (found.before, found.after, found.worse) == (0, 1, 1)


def test_each_slice_is_tested_and_the_probabilities_adjusted() -> None:
    """Five scans got worse, five faxes did not; two slices and the whole are three looks."""
    before = [document(f"{kind}{index}", kind=kind) for kind in ("scan", "fax") for index in range(5)]
    after = [document(f"{kind}{index}", kind != "scan", kind=kind) for kind in ("scan", "fax") for index in range(5)]
    comparison = compare_documents(before, after, DIMENSIONS)
    assert change(comparison, "header fields", "kind fax").worse == 0
    assert change(comparison, "header fields", "kind scan").p_worse == pytest.approx(3 / 2 / 32)  # Benjamini-Hochberg
    assert {one.slice for one in comparison.worse} == {"all", "kind scan"}


def test_posting_less_and_posting_wrongly_are_both_mistakes() -> None:
    """One file is stopped now, another goes through with a wrong number."""
    before = [document("a", decision="straight_through"), document("b", right=False)]
    after = [document("a"), document("b", right=False, decision="straight_through")]
    comparison = compare_documents(before, after, {})
    stopped, wrong = change(comparison, "not straight through"), change(comparison, "wrongly straight through")
    assert (stopped.better, stopped.worse) == (1, 1)
    assert (wrong.before, wrong.after, wrong.worse) == (0, 1, 1)


def test_what_moved_is_named_field_by_field_worse_first() -> None:
    """With the truth and both readings."""
    comparison = compare_documents(
        [document("a", right=False), document("b"), document("c")], [document("a"), document("b", right=False)], {}
    )
    assert [(one.file, one.field, one.truth, one.before, one.after, one.better) for one in comparison.moved] == [
        ("b", NUMBER, "1", "1", "7", False),
        ("a", NUMBER, "1", "7", "1", True),
    ]
    assert (comparison.files, comparison.only_before, comparison.only_after) == (2, ("c",), ())


def test_a_value_made_up_in_one_run_only_counts() -> None:
    """Saying nothing where there is nothing is not scored, and right."""
    made_up = FieldScore(name=GROSS, truth=None, predicted="5", confidence=0.5, verdict=Verdict.SPURIOUS)
    plain = document("a")
    comparison = compare_documents([plain], [plain.model_copy(update={"fields": (*plain.fields, made_up)})], {})
    [moved] = comparison.moved
    assert (moved.field, moved.before, moved.after, moved.better) == (GROSS, None, "5", False)
    assert change(comparison, GROSS).worse == 1


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_turning_the_runs_round_turns_the_verdict_round(pairs: list[tuple[bool, bool]]) -> None:
    """Better one way is worse the other way, and nothing is both; the probability is McNemar's."""
    old = [document(str(index), right) for index, (right, _) in enumerate(pairs)]
    new = [document(str(index), right) for index, (_, right) in enumerate(pairs)]
    there = change(compare_documents(old, new, {}), "header fields")
    back = change(compare_documents(new, old, {}), "header fields")
    assert (there.better, there.worse, there.p_better) == (back.worse, back.better, back.p_worse)
    assert not (there.is_better and there.is_worse)
    if changed := there.better + there.worse:
        two_sided = binomtest(there.worse, changed).pvalue
        assert min(1.0, 2 * min(there.p_better, there.p_worse)) == pytest.approx(two_sided)


@given(st.lists(st.booleans(), min_size=1))
def test_a_run_does_not_differ_from_itself(rights: list[bool]) -> None:
    """No change, no evidence."""
    run = [document(str(index), right) for index, right in enumerate(rights)]
    comparison = compare_documents(run, run, DIMENSIONS)
    assert (comparison.worse, comparison.better, comparison.moved) == ((), (), ())
