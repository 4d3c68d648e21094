"""Decided records as training data."""

from pipeline.review.labelled import append_truth
from pipeline.training.readings import cases_of
from schemas import FieldName


def test_a_decided_record_is_a_case_to_train_on(tmp_path, make_record):
    """`backoffice train --data` finds the original and every value, absent fields included."""
    original = tmp_path / "archive" / "ab" / "abcd"
    original.parent.mkdir(parents=True)
    original.write_bytes(b"%PDF")
    append_truth(tmp_path / "labelled", original, make_record(), "abcd", 1)
    [case] = cases_of([tmp_path / "labelled"])
    assert case.path.read_bytes() == b"%PDF"
    fields = case.truth.fields
    assert (fields[FieldName.INVOICE_NUMBER], fields[FieldName.GROSS_TOTAL]) == ("FA-2026-0012", "120.00")
    assert fields[FieldName.DUE_DATE] is None
    assert (len(case.truth.lines), case.truth.taxes[0].rate) == (1, 20)
    assert case.group == "Quincaillerie Martin"


def test_the_same_decision_is_written_once(tmp_path, make_record):
    """After a crash between the file and the database it comes again; a torn line is closed off."""
    for part in (1, 1, 2):
        append_truth(tmp_path, tmp_path / "x", make_record(), "abcd", part)
    file = tmp_path / "truth.jsonl"
    assert len(file.read_text().splitlines()) == 2
    with file.open("a") as torn:
        torn.write('{"file": "half')
    append_truth(tmp_path, tmp_path / "x", make_record(), "abcd", 3)
    assert file.read_text().splitlines()[-1].startswith('{"file": "x", "id": "abcd/3"')
