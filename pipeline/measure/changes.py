"""Two runs over the same files, compared file by file and field by field with an exact paired test."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from scipy.stats import binomtest, false_discovery_control

from pipeline.measure.compare import FieldScore, Verdict
from pipeline.measure.document import DocumentScore
from pipeline.measure.scores import Counts
from schemas import FieldName
from schemas.base import Value

LEVEL = 0.05
"""Below this adjusted probability a change is not noise any more."""

EVERYTHING = "all"
"""The slice of all files."""

Runs = tuple[Sequence[DocumentScore], Sequence[DocumentScore]]
"""The invoices of one file in the earlier and in the later run."""


class Change(Value):
    """How one kind of mistake changed within one slice. Each file is one trial, whatever it holds."""

    slice: str
    """"all", or dimension and value such as "kind scan"."""
    what: str
    """A key of `MISTAKES`, or a field."""
    files: int
    """Files that both runs have."""
    before: int
    """Mistakes of the earlier run."""
    after: int
    better: int
    """Files with fewer mistakes in the later run."""
    worse: int
    p_better: float
    """Probability that chance alone makes so many of the changed files better; adjusted for the slices looked at."""
    p_worse: float

    @property
    def is_better(self) -> bool:
        """Whether it got better beyond noise."""
        return self.p_better < LEVEL

    @property
    def is_worse(self) -> bool:
        """Whether it got worse beyond noise."""
        return self.p_worse < LEVEL

    @property
    def is_beyond_noise(self) -> bool:
        """Whether it got better or worse."""
        return self.is_better or self.is_worse


class Moved(Value):
    """A field that is right in one run and not in the other."""

    file: str
    field: FieldName
    truth: str | None
    before: str | None
    after: str | None
    better: bool


class Comparison(Value):
    """What changed from an earlier run to a later one."""

    files: int
    only_before: tuple[str, ...]
    """Files that the later run lacks; they are not compared."""
    only_after: tuple[str, ...]
    changes: tuple[Change, ...]
    """Every kind of mistake in every slice, also where nothing changed."""
    moved: tuple[Moved, ...]
    """What got worse first."""

    @property
    def worse(self) -> tuple[Change, ...]:
        """What got worse beyond noise."""
        return tuple(change for change in self.changes if change.is_worse)

    @property
    def better(self) -> tuple[Change, ...]:
        """What got better beyond noise."""
        return tuple(change for change in self.changes if change.is_better)


MISTAKES: Mapping[str, Callable[[DocumentScore], int]] = {
    "header fields": lambda document: len(document.errors),
    "lines": lambda document: _mistakes(document.lines),
    "VAT rows": lambda document: _mistakes(document.taxes),
    "not straight through": lambda document: not document.goes_through and not document.trap,
    "wrongly straight through": lambda document: document.harms,
}
"""What is counted in every slice, by file."""


def compare_documents(
    before: Iterable[DocumentScore], after: Iterable[DocumentScore], dimensions: Mapping[str, str]
) -> Comparison:
    """Compare two runs by their files. `dimensions` names the attributes of `DocumentScore` that make the slices.

    The test is McNemar's with exact probabilities, that is a sign test over the files that changed (Dietterich,
    Approximate Statistical Tests, Neural Computation 10, 1998). A file whose ten fields are lost at once is one trial,
    not ten. For each kind of mistake the probabilities are adjusted over the slices (Benjamini and Hochberg, 1995).
    """
    old, new = _by_file(before), _by_file(after)
    both = {file: (old[file], new[file]) for file in old.keys() & new.keys()}
    slices: dict[str, list[Runs]] = {EVERYTHING: list(both.values()), **_slices(both.values(), dimensions)}
    changes = [
        change
        for what, mistakes in MISTAKES.items()
        for change in _adjusted([_change(name, what, runs, mistakes) for name, runs in slices.items()])
    ]
    fields = [_change(EVERYTHING, name, list(both.values()), _mistakes_in(name)) for name in _fields(both.values())]
    return Comparison(
        files=len(both),
        only_before=tuple(sorted(old.keys() - new.keys())),
        only_after=tuple(sorted(new.keys() - old.keys())),
        changes=(*changes, *_adjusted(fields)),
        moved=tuple(sorted(_moved(both), key=lambda one: (one.better, one.file, one.field))),
    )


def _by_file(documents: Iterable[DocumentScore]) -> dict[str, list[DocumentScore]]:
    files = defaultdict(list)
    for document in documents:
        files[document.file].append(document)
    return dict(files)


def _slices(runs: Iterable[Runs], dimensions: Mapping[str, str]) -> dict[str, list[Runs]]:
    found = defaultdict(list)
    for old, new in runs:
        for dimension, attribute in dimensions.items():
            if value := getattr(new[0], attribute):
                found[f"{dimension} {value}"].append((old, new))
    return dict(sorted(found.items()))


def _change(name: str, what: str, runs: Sequence[Runs], mistakes: Callable[[DocumentScore], int]) -> Change:
    counts = [(sum(map(mistakes, old)), sum(map(mistakes, new))) for old, new in runs]
    better = sum(new < old for old, new in counts)
    worse = sum(new > old for old, new in counts)
    return Change(
        slice=name,
        what=what,
        files=len(runs),
        before=sum(old for old, _ in counts),
        after=sum(new for _, new in counts),
        better=better,
        worse=worse,
        p_better=_by_chance(better, better + worse),
        p_worse=_by_chance(worse, better + worse),
    )


def _by_chance(count: int, of: int) -> float:
    """The probability of at least `count` heads among `of` throws of a coin."""
    return float(binomtest(count, of, alternative="greater").pvalue) if of else 1.0


def _adjusted(changes: Sequence[Change]) -> Iterator[Change]:
    if not changes:
        return
    better = false_discovery_control([change.p_better for change in changes])
    worse = false_discovery_control([change.p_worse for change in changes])
    for change, p_better, p_worse in zip(changes, better, worse, strict=True):
        yield change.model_copy(update={"p_better": float(p_better), "p_worse": float(p_worse)})


def _fields(runs: Iterable[Runs]) -> list[FieldName]:
    found = {field.name for pair in runs for documents in pair for one in documents for field in one.fields}
    return [name for name in FieldName if name in found]


def _mistakes_in(name: FieldName) -> Callable[[DocumentScore], int]:
    return lambda document: sum(field.name == name for field in document.errors)


def _mistakes(counts: Counts | None) -> int:
    return counts.wrong + counts.missed + counts.spurious if counts else 0


def _moved(both: Mapping[str, Runs]) -> Iterator[Moved]:
    """Field by field; invoices of one file come in the order of its truth, what was seen beyond them last."""
    for file, (old, new) in both.items():
        before, after = _scores(old), _scores(new)
        for key in before.keys() | after.keys():
            was, now = before.get(key), after.get(key)
            if _is_right(was) != _is_right(now):
                known = was or now
                yield Moved(
                    file=file,
                    field=key[1],
                    truth=known.truth if known else None,
                    before=was.predicted if was else None,
                    after=now.predicted if now else None,
                    better=_is_right(now),
                )


def _scores(documents: Sequence[DocumentScore]) -> dict[tuple[int, FieldName], FieldScore]:
    return {(index, field.name): field for index, one in enumerate(documents) for field in one.fields}


def _is_right(score: FieldScore | None) -> bool:
    """A field that was not scored was neither there nor said."""
    return score is None or score.verdict is Verdict.RIGHT
