"""Evaluation: predictions against truth, document by document, and the figures that follow.

`Evaluation` is what `backoffice evaluate --json` writes. Its keys:

- `version`: changes when the meaning of a key does; this is 2. New keys may come without a new version.
- `truth`, `page_only`: the name of the data set, and whether e-invoices inside the documents were ignored.
- `overall`, and `slices.DIMENSION.VALUE` of the dimensions kind, language and supplier: a `Group` with its `documents`,
  counts (`right`, `wrong`, `missed`, `spurious`, `precision`, `recall`, `f1`) for `header`, each of `fields`, `lines`
  and `taxes`, and shares (`count`, `of`, `rate`, `low`, `high`).
- `stops`: reasons that kept documents from going through.
- `calibration`: `critical` (posting-critical fields), `all`, and each of `fields`.
- `coverage`: the risk-coverage curve with the operating point.
- `cpu`: CPU seconds of all stages and of each stage.
- `documents`: every invoice with every scored field.
- `comparison`: against an earlier run, where one was given (`pipeline.measure.changes`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from pipeline.errors import InputError
from pipeline.measure.calibration import Calibration, calibrate
from pipeline.measure.cases import Prediction, Truth
from pipeline.measure.changes import Comparison
from pipeline.measure.compare import FieldScore, Verdict
from pipeline.measure.cost import Cost, Spent, costs
from pipeline.measure.coverage import Coverage, risk_coverage
from pipeline.measure.document import DocumentScore, pair, score_document
from pipeline.measure.scores import Counts, Share, share, total
from schemas import FieldName
from schemas.base import Value

UNKNOWN = "unknown"
"""The slice of documents whose truth does not say where they belong."""

DIMENSIONS = {"kind": "kind", "language": "lang", "supplier": "split"}
"""What documents are sliced by, and the attribute of `DocumentScore` that tells it."""


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
    """Documents with such a field among those that went straight through and have a scored critical field."""
    traps: Share
    """Documents that went straight through among those that must not."""
    seconds: float | None
    """Mean CPU seconds a document, where known."""


class Stop(Value):
    """A reason that kept documents from going straight through."""

    code: str
    documents: int
    needless: int
    """Those among them whose posting-critical fields are all right and that are no traps."""


class Confidences(Value):
    """How honest the confidences are. None where nothing was said."""

    critical: Calibration | None
    all: Calibration | None
    fields: Mapping[FieldName, Calibration]


class Evaluation(Value):
    """All results, for programs too; the module's docstring describes the keys."""

    version: Literal[2] = 2
    truth: str
    page_only: bool
    """Whether e-invoices inside the documents were ignored."""
    overall: Group
    slices: Mapping[str, Mapping[str, Group]]
    """Dimension, value, figures. A dimension that the truth says nothing of is left out."""
    stops: tuple[Stop, ...]
    """Commonest first."""
    calibration: Confidences
    coverage: Coverage | None
    """Of ordinary documents with at least one scored critical field."""
    cpu: Mapping[str, Cost]
    documents: tuple[DocumentScore, ...]
    comparison: Comparison | None = None


def evaluate(
    truths: Iterable[Truth],
    predictions: Iterable[Prediction],
    *,
    name: str = "",
    page_only: bool = False,
    seen: frozenset[str] | None = None,
) -> Evaluation:
    """Score predictions against truth.

    Files are matched by name, without folders. A file without a prediction misses all its fields; an
    invoice seen in a file that holds no further one counts as spurious. `seen` names the suppliers or layouts
    that training saw, in lower case; without it the truth's own `split` tells them apart.
    """
    documents = tuple(score_document(truth, said, seen) for truth, said in pair(truths, predictions))
    return evaluation_of(documents, name=name, page_only=page_only)


def evaluation_of(documents: tuple[DocumentScore, ...], *, name: str = "", page_only: bool = False) -> Evaluation:
    """The figures of scored documents."""
    return Evaluation(
        truth=name,
        page_only=page_only,
        overall=summarise(documents),
        slices={
            dimension: {value: summarise(members) for value, members in sliced(documents, dimension).items()}
            for dimension in DIMENSIONS
            if any(getattr(document, DIMENSIONS[dimension]) for document in documents)
        },
        stops=_stops(documents),
        calibration=_confidences(documents),
        coverage=_coverage(documents),
        cpu=costs(_spent(documents)),
        documents=documents,
    )


def read_evaluation(path: Path) -> Evaluation:
    """What `backoffice evaluate --json` wrote. Raises InputError for anything else, also of another version."""
    try:
        found = Evaluation.model_validate_json(path.read_bytes())
    except ValidationError as error:
        remedy = "Give a file that `backoffice evaluate --json` of this version wrote."
        raise InputError(f"{path.name} is no evaluation: {error.errors()[0]['msg']}", remedy=remedy) from error
    return found


def sliced(documents: Iterable[DocumentScore], dimension: str) -> dict[str, list[DocumentScore]]:
    """The documents by their value of a dimension, in the order of the values."""
    found = defaultdict(list)
    for document in documents:
        found[getattr(document, DIMENSIONS[dimension]) or UNKNOWN].append(document)
    return dict(sorted(found.items()))


def summarise(documents: Sequence[DocumentScore]) -> Group:
    """The figures of some documents."""
    verdicts = Counter((field.name, field.verdict.value) for document in documents for field in document.fields)
    fields = {name: Counts(**{one.value: verdicts[name, one.value] for one in Verdict}) for name in FieldName}
    through = [document for document in documents if document.goes_through]
    seconds = [sum(document.seconds.values()) for document in documents if document.seconds]
    return Group(
        documents=len(documents),
        header=total(fields.values()),
        fields={name: counts for name, counts in fields.items() if counts != Counts()},
        lines=total(document.lines for document in documents if document.lines),
        taxes=total(document.taxes for document in documents if document.taxes),
        all_right=share(not document.errors for document in documents),
        straight_through=share(document.goes_through for document in documents),
        wrong_fields=share(_is_wrong(field) for document in through for field in document.critical),
        wrong_documents=share(document.is_wrong for document in through if document.critical),
        traps=share(document.goes_through for document in documents if document.trap),
        seconds=sum(seconds) / len(seconds) if seconds else None,
    )


def _stops(documents: Iterable[DocumentScore]) -> tuple[Stop, ...]:
    stopped: Counter[str] = Counter()
    needless: Counter[str] = Counter()
    for document in documents:
        codes = {reason.code for reason in document.reasons}
        stopped.update(codes)
        if not document.is_wrong and not document.trap:
            needless.update(codes)
    return tuple(Stop(code=code, documents=count, needless=needless[code]) for code, count in stopped.most_common())


def _confidences(documents: Iterable[DocumentScore]) -> Confidences:
    documents = list(documents)
    fields = [field for document in documents for field in document.fields]
    each = {name: _calibration(field for field in fields if field.name == name) for name in FieldName}
    return Confidences(
        critical=_calibration(field for document in documents for field in document.critical),
        all=_calibration(fields),
        fields={name: found for name, found in each.items() if found},
    )


def _calibration(fields: Iterable[FieldScore]) -> Calibration | None:
    scored = list(fields)
    said = [(field.confidence, not _is_wrong(field)) for field in scored if field.predicted is not None]
    return calibrate(said, missed=len(scored) - len(said))


def _coverage(documents: Iterable[DocumentScore]) -> Coverage | None:
    judged = [document for document in documents if document.critical and not document.trap]
    return risk_coverage(
        [(document.risk, document.is_wrong) for document in judged],
        [(document.risk, document.is_wrong) for document in judged if document.goes_through],
    )


def _spent(documents: Iterable[DocumentScore]) -> Iterator[Spent]:
    """What each file took; its seconds stand with its first invoice, its pages with each."""
    files = defaultdict(list)
    for document in documents:
        files[document.file].append(document)
    for invoices in files.values():
        stages: Counter[str] = Counter()
        for invoice in invoices:
            stages.update(invoice.seconds)
        yield Spent(stages=stages, pages=sum(invoice.pages for invoice in invoices))


def _is_wrong(field: FieldScore) -> bool:
    return field.verdict is not Verdict.RIGHT
