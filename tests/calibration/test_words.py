"""The weakest evidence, in words."""

import pytest

from pipeline.calibration.words import weakest_evidence
from schemas import Candidate, Evidence, EvidenceKind, FieldName
from schemas.field import missing

NUMBER = FieldName.INVOICE_NUMBER


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"evidence": (Evidence(kind=EvidenceKind.CHECKSUM, supports=False),)}, "its check digits are wrong"),
        ({"evidence": (Evidence(kind=EvidenceKind.OCR, supports=False, detail="'F-11' (0.80)"),)},
         "another reader sees something else there: 'F-11' (0.80)"),
        ({}, "too little speaks for it"),
    ],
)  # fmt: skip
def test_it_names_what_speaks_against_a_value(changes, words, record_with, model):
    """A contradiction first; nothing, where nothing stands out."""
    record = record_with(invoice_number=changes)
    assert weakest_evidence(record.fields[NUMBER], record, model) == words


def test_it_names_what_is_missing_against_the_usual(record_with, model):
    """Invoice numbers usually have a label."""
    record = record_with()
    field = record.fields[NUMBER].model_copy(update={"evidence": record.fields[NUMBER].evidence[:1]})
    assert weakest_evidence(field, record, model) == "no label names it"


def test_it_names_the_rival(record_with, model):
    """So that the clerk knows what to look for."""
    usual = {**model.usual, NUMBER: {"lead": 0.9}}
    record = record_with(invoice_number={"rivals": (Candidate(name=NUMBER, value="4711", score=0.8),)})
    model = type(model)(**{**vars(model), "usual": usual})
    assert weakest_evidence(record.fields[NUMBER], record, model) == "'4711' fits nearly as well"


def test_a_missing_field_may_have_been_overlooked(record_with, model):
    """That is all there is to say."""
    assert weakest_evidence(missing(FieldName.IBAN), record_with(iban=None), model) == "it may have been overlooked"
