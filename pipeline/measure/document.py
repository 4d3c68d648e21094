"""One document: its prediction held against its truth."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.measure.cases import Prediction, Truth
from pipeline.measure.compare import FieldScore, Verdict, score_fields, score_lines, score_taxes
from pipeline.measure.scores import Counts
from schemas import FieldName, Reason
from schemas.base import Value
from schemas.terms import POSTING_CRITICAL

STRAIGHT_THROUGH = "straight_through"
SEEN, UNSEEN = "seen", "unseen"
_SPLITS = {"train": SEEN, "test": UNSEEN}
"""What the parts of a data set are to a model that was trained on it."""


class DocumentScore(Value):
    """How one invoice of one file came out. `lines` and `taxes` are None where the truth is not known."""

    file: str
    kind: str
    lang: str
    split: str
    """Whether training saw its supplier ("seen", "unseen"), or another part of the data set that its truth names."""
    trap: str
    """What is wrong with a document that must not go straight through; empty for an ordinary one."""
    decision: str
    reasons: tuple[Reason, ...]
    risk: float
    """How probable a wrong posting-critical field is, by the machine's own word."""
    seconds: Mapping[str, float]
    """CPU seconds by stage; empty when not known."""
    pages: int
    fields: tuple[FieldScore, ...]
    lines: Counts | None
    taxes: Counts | None

    @property
    def errors(self) -> tuple[FieldScore, ...]:
        """The fields that are not right."""
        return tuple(field for field in self.fields if field.verdict is not Verdict.RIGHT)

    @property
    def critical(self) -> tuple[FieldScore, ...]:
        """The scored fields that money and bookkeeping depend on."""
        return tuple(field for field in self.fields if field.name in POSTING_CRITICAL)

    @property
    def is_wrong(self) -> bool:
        """Whether a posting-critical field is not right."""
        return any(field.verdict is not Verdict.RIGHT for field in self.critical)

    @property
    def goes_through(self) -> bool:
        """Whether it was posted without a touch."""
        return self.decision == STRAIGHT_THROUGH

    @property
    def harms(self) -> bool:
        """Whether it was posted without a touch and should not have been."""
        return self.goes_through and (self.is_wrong or bool(self.trap))


def pair(truths: Iterable[Truth], predictions: Iterable[Prediction]) -> Iterator[tuple[Truth, Prediction]]:
    """Each true invoice with the prediction of its file that fits best, then what was seen beyond them.

    Files are matched by name, without folders; predictions for files without any truth are left out.
    """
    said: dict[str, list[Prediction]] = defaultdict(list)
    for prediction in predictions:
        said[Path(prediction.file).name].append(prediction)
    last: dict[str, Truth] = {}
    for truth in truths:
        file = Path(truth.file).name
        last[file] = truth
        rest = said[file]
        yield truth, _taken(truth, rest) if rest else Prediction(file=truth.file)
    for file, truth in last.items():
        yield from ((truth.surplus(), prediction) for prediction in said[file])


def score_document(truth: Truth, prediction: Prediction, seen: frozenset[str] | None = None) -> DocumentScore:
    """Compare one prediction with the truth. `seen` names what training saw; None: the truth's own split says."""
    return DocumentScore(
        file=truth.file,
        kind=truth.kind,
        lang=truth.lang,
        split=_SPLITS.get(truth.split, truth.split) if seen is None else _known_to(seen, truth),
        trap=truth.trap,
        decision=prediction.decision,
        reasons=prediction.reasons,
        risk=prediction.risk,
        seconds=prediction.stages,
        pages=prediction.pages,
        fields=score_fields(truth, prediction),
        lines=score_lines(truth, prediction),
        taxes=score_taxes(truth, prediction),
    )


def worst(documents: Iterable[DocumentScore]) -> list[DocumentScore]:
    """Documents with mistakes: those that should not have gone through first, then by number of mistakes."""
    flawed = [document for document in documents if document.errors or document.harms]
    return sorted(flawed, key=lambda one: (-one.harms, -len(one.errors), one.file))


def _known_to(seen: frozenset[str], truth: Truth) -> str:
    names = {truth.supplier, truth.layout, truth.fields.get(FieldName.SELLER_NAME) or ""}
    return SEEN if {name.casefold() for name in names} & seen else UNSEEN


def _taken(truth: Truth, said: list[Prediction]) -> Prediction:
    """The prediction that fits best, taken out of the list."""
    best = max(range(len(said)), key=lambda index: _right(truth, said[index])) if len(said) > 1 else 0
    return said.pop(best)


def _right(truth: Truth, prediction: Prediction) -> int:
    return sum(field.verdict is Verdict.RIGHT for field in score_fields(truth, prediction))
