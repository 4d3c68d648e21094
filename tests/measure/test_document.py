"""One document, held against its truth."""

import pytest

from pipeline.measure.cases import Guess, Prediction, Truth
from pipeline.measure.document import score_document, worst
from schemas import FieldName

GROSS = FieldName.GROSS_TOTAL


def scored(said: str, decision: str = "straight_through", trap: str = "", file: str = "a"):
    return score_document(
        Truth(file=file, trap=trap, fields={GROSS: "5", FieldName.BUYER_NAME: "B"}),
        Prediction(
            file=file,
            decision=decision,
            fields={GROSS: Guess(value=said, evidence=("ocr: 0.9",)), FieldName.BUYER_NAME: Guess(value="B")},
        ),
    )


@pytest.mark.parametrize(
    ("document", "harms"),
    [
        (scored("5"), False),
        (scored("6"), True),
        (scored("6", decision="review"), False),
        (scored("5", trap="duplicate"), True),
        (scored("5", decision="review", trap="duplicate"), False),
    ],
)
def test_harm_is_what_was_posted_and_should_not_have_been(document, harms: bool) -> None:
    """A wrong critical field, or a trap."""
    assert document.harms is harms


def test_only_mistakes_keep_their_evidence() -> None:
    """The JSON stays small."""
    assert [field.evidence for field in scored("6").fields] == [("ocr: 0.9",), ()]
    assert all(field.evidence == () for field in scored("5").fields)


def test_the_worst_documents_are_those_that_harm() -> None:
    """Then those with most mistakes; documents without a mistake are not among them."""
    documents = [
        scored("6", decision="review", file="stopped"),
        scored("5", file="good"),
        scored("5", trap="duplicate", file="trap"),
        scored("6", file="posted"),
    ]
    assert [document.file for document in worst(documents)] == ["posted", "trap", "stopped"]
