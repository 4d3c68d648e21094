"""A new model replaces the old one only if it is not worse."""

import pytest

from pipeline.errors import InputError
from pipeline.measure.cases import Guess, Prediction, Truth
from pipeline.measure.champion import not_worse
from pipeline.measure.evaluate import Evaluation, evaluate
from schemas import FieldName

NUMBER = FieldName.INVOICE_NUMBER


def run(wrong: int, files: int = 40, kinds: tuple[str, ...] = ("scan",), page_only: bool = False) -> Evaluation:
    """An evaluation in which the first `wrong` files of the first kind are read wrong."""
    truths = [
        Truth(file=f"{kind}-{index}", kind=kind, fields={NUMBER: "1"}) for kind in kinds for index in range(files)
    ]
    predictions = [
        Prediction(file=truth.file, fields={NUMBER: Guess(value="7" if index < wrong else "1", confidence=0.9)})
        for index, truth in enumerate(truths)
    ]
    return evaluate(truths, predictions, page_only=page_only)


def test_an_equal_challenger_is_accepted() -> None:
    """It need not be better."""
    ruling = not_worse(run(3), run(3))
    assert (ruling.accepted, ruling.reasons) == (True, ())


def test_noise_does_not_refuse_a_challenger() -> None:
    """Three files more may be chance."""
    assert not_worse(run(0), run(3)).accepted


def test_a_challenger_that_is_worse_beyond_noise_is_refused_with_its_reasons() -> None:
    """Ten of forty files lost are no chance, and the sentence says where."""
    ruling = not_worse(run(0), run(10))
    assert not ruling.accepted
    assert ruling.reasons[0].startswith(
        "header fields, over all files: 0 to 10 mistakes, 10 files worse, 0 better of 40"
    )
    assert any(reason.startswith("invoice_number, over all files") for reason in ruling.reasons)


def test_one_bad_slice_refuses_a_challenger_that_is_better_on_the_whole() -> None:
    """Ten photos lost are not made good by twenty scans won."""
    truths = [Truth(file=f"photo-{i}", kind="photo", fields={NUMBER: "1"}) for i in range(20)]
    truths += [Truth(file=f"scan-{i}", kind="scan", fields={NUMBER: "1"}) for i in range(20)]

    def with_wrong(names: set[str]) -> Evaluation:
        says = {truth.file: "7" if truth.file in names else "1" for truth in truths}
        return evaluate(truths, [Prediction(file=f, fields={NUMBER: Guess(value=v)}) for f, v in says.items()])

    ruling = not_worse(with_wrong({f"scan-{i}" for i in range(20)}), with_wrong({f"photo-{i}" for i in range(10)}))
    assert [change.slice for change in ruling.comparison.worse] == ["kind photo"]
    assert not ruling.accepted


def test_stored_evaluations_are_judged_like_fresh_ones() -> None:
    """The text of the JSON file will do."""
    assert not_worse(run(0).model_dump_json(), run(10).model_dump_json()) == not_worse(run(0), run(10))


@pytest.mark.parametrize(
    ("champion", "challenger"),
    [
        (run(0), run(0, kinds=("fax",))),
        (run(0), run(0, files=39)),
        (run(0), run(0, page_only=True)),
        (run(0), run(0, 0)),
    ],
)
def test_what_cannot_be_compared_is_not_judged(champion: Evaluation, challenger: Evaluation) -> None:
    """Other files, fewer files, or another way of reading."""
    with pytest.raises(InputError) as caught:
        not_worse(champion, challenger)
    assert caught.value.specific_code == "not-comparable"
