"""Evaluation: predictions against truth, document by document, and the figures that follow."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.measure.cases import Prediction, Truth
from pipeline.measure.compare import FieldScore, Verdict, score_fields, score_lines, score_taxes
from pipeline.measure.scores import Calibration, Counts, Share, calibrate, share, total
from schemas import FieldName, Reason
from schemas.base import Value
from schemas.terms import POSTING_CRITICAL

STRAIGHT_THROUGH = "straight_through"


class DocumentScore(Value):
    """How one invoice of one file came out. `lines` and `taxes` are None where the truth is not known."""

    file: str
    kind: str
    lang: str
    decision: str
    reasons: tuple[Reason, ...]
    seconds: float | None
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
    def goes_through(self) -> bool:
        """Whether it was posted without a touch."""
        return self.decision == STRAIGHT_THROUGH


class Group(Value):
    """The figures of a set of documents."""

    documents: int
    header: Counts
    fields: Mapping[FieldName, Counts]
    lines: Counts
    taxes: Counts
    all_right: Share
    """Documents whose every scored header field is right."""
    straight_through: Share
    wrong_fields: Share
    """Wrong ones among the scored posting-critical fields of documents that went straight through."""
    wrong_documents: Share
    """Documents with such a field among those that went straight through."""
    seconds: float | None
    """Mean CPU seconds a document, where known."""


class Stop(Value):
    """A reason that kept documents from going straight through."""

    code: str
    documents: int
    needless: int
    """Those among them whose posting-critical fields are all right."""


class Evaluation(Value):
    """All results, for programs too: `version` changes when the meaning of a key does."""

    version: int = 1
    truth: str
    page_only: bool
    """Whether e-invoices inside the documents were ignored."""
    overall: Group
    kinds: Mapping[str, Group]
    stops: tuple[Stop, ...]
    """Commonest first."""
    calibration: Calibration | None
    documents: tuple[DocumentScore, ...]


def evaluate(
    truths: Iterable[Truth], predictions: Iterable[Prediction], *, name: str = "", page_only: bool = False
) -> Evaluation:
    """Score predictions against truth.

    Files are matched by name, without folders. A file without a prediction misses all its fields; an
    invoice seen in a file that holds no further one counts as spurious.
    """
    documents = tuple(score_document(truth, said) for truth, said in pair(truths, predictions))
    kinds = defaultdict(list)
    for document in documents:
        kinds[document.kind].append(document)
    return Evaluation(
        truth=name,
        page_only=page_only,
        overall=summarise(documents),
        kinds={kind: summarise(kinds[kind]) for kind in sorted(kinds)},
        stops=_stops(documents),
        calibration=calibrate(
            [
                (field.confidence, field.verdict is Verdict.RIGHT)
                for document in documents
                for field in document.fields
                if field.predicted is not None
            ]
        ),
        documents=documents,
    )


def pair(truths: Iterable[Truth], predictions: Iterable[Prediction]) -> Iterator[tuple[Truth, Prediction]]:
    """Each true invoice with the prediction of its file that fits best, then what was seen beyond them.

    Predictions for files without any truth are left out.
    """
    said: dict[str, list[Prediction]] = defaultdict(list)
    for prediction in predictions:
        said[Path(prediction.file).name].append(prediction)
    last: dict[str, Truth] = {}
    for truth in truths:
        file = Path(truth.file).name
        last[file] = truth
        rest = said[file]
        best = max(rest, key=lambda one: _right(truth, one), default=None)
        if best is not None:
            rest.remove(best)
        yield truth, best or Prediction(file=truth.file)
    for file, truth in last.items():
        yield from ((truth.surplus(), prediction) for prediction in said[file])


def score_document(truth: Truth, prediction: Prediction) -> DocumentScore:
    """Compare one prediction with the truth."""
    return DocumentScore(
        file=truth.file,
        kind=truth.kind,
        lang=truth.lang,
        decision=prediction.decision,
        reasons=prediction.reasons,
        seconds=prediction.seconds,
        fields=score_fields(truth, prediction),
        lines=score_lines(truth, prediction),
        taxes=score_taxes(truth, prediction),
    )


def summarise(documents: Sequence[DocumentScore]) -> Group:
    """The figures of some documents."""
    fields = {
        name: total(verdict_counts(field for one in documents for field in one.fields if field.name == name))
        for name in FieldName
    }
    through = [document for document in documents if document.goes_through]
    seconds = [document.seconds for document in documents if document.seconds is not None]
    return Group(
        documents=len(documents),
        header=total(fields.values()),
        fields={name: counts for name, counts in fields.items() if counts != Counts()},
        lines=total(document.lines for document in documents if document.lines),
        taxes=total(document.taxes for document in documents if document.taxes),
        all_right=share(not document.errors for document in documents),
        straight_through=share(document.goes_through for document in documents),
        wrong_fields=share(_is_wrong(field) for document in through for field in document.critical),
        wrong_documents=share(any(map(_is_wrong, document.critical)) for document in through),
        seconds=sum(seconds) / len(seconds) if seconds else None,
    )


def worst(documents: Iterable[DocumentScore]) -> list[DocumentScore]:
    """Documents with mistakes: those that went through with a wrong critical field first, then by number."""
    flawed = [document for document in documents if document.errors]
    return sorted(
        flawed,
        key=lambda one: (
            -(one.goes_through and any(map(_is_wrong, one.critical))),
            -len(one.errors),
            one.file,
        ),
    )


def verdict_counts(fields: Iterable[FieldScore]) -> Iterator[Counts]:
    """One count a field."""
    return (Counts(**{field.verdict.value: 1}) for field in fields)


def _stops(documents: Iterable[DocumentScore]) -> tuple[Stop, ...]:
    stopped: Counter[str] = Counter()
    needless: Counter[str] = Counter()
    for document in documents:
        codes = {reason.code for reason in document.reasons}
        stopped.update(codes)
        if not any(map(_is_wrong, document.critical)):
            needless.update(codes)
    return tuple(Stop(code=code, documents=count, needless=needless[code]) for code, count in stopped.most_common())


def _is_wrong(field: FieldScore) -> bool:
    return field.verdict is not Verdict.RIGHT


def _right(truth: Truth, prediction: Prediction) -> int:
    return sum(not _is_wrong(field) for field in score_fields(truth, prediction))
