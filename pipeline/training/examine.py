"""What the pipeline makes of a labelled document with a scorer that has not seen its layout."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.extract.scoring.scorer import Scorer, scoring_with
from pipeline.measure.cases import Truth
from pipeline.measure.normalise import normalise, same
from pipeline.settings import Settings
from pipeline.training.readings import Case, load_read, media_type_of, remembered
from pipeline.training.unknown_words import with_unknown_words
from pipeline.understand import extract_records, judge
from pipeline.verify.ladder import Ladder
from pipeline.verify.pictures import Pictures
from schemas import Failure, FieldName, Finding, Record, Severity

NATIVE = "native"
_NAMES = (FieldName.SELLER_NAME, FieldName.BUYER_NAME)


@dataclass(frozen=True)
class Judged:
    """A record, not yet calibrated, with what is true of it."""

    record: Record
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    truth: Truth
    fold: int

    @cached_property
    def right(self) -> dict[FieldName, bool]:
        """Every field that the truth knows of and the page shows; a field that is rightly missing is right."""
        return verdicts(self.record, self.truth)

    @property
    def is_blocked(self) -> bool:
        """Whether it goes to review anyway, however sure its fields are."""
        return bool(self.failures) or any(finding.severity is Severity.ERROR for finding in self.findings)


def examine(
    case: Case, fold: int, scorer: Scorer, work: Path, settings: Settings, *, unknown: bool = False
) -> Judged | None:
    """Extract and verify a document that was read before, as in production; None where nothing is made of it.

    With `unknown` some of its labels are in words that no list has, as those of a supplier never met.
    """
    reading = load_read(case, work).reading
    if unknown:
        names = " ".join(filter(None, (case.truth.fields.get(name) for name in _NAMES)))
        reading = reading.model_copy(update={"pages": with_unknown_words(reading.pages, case.truth.file, names)})
    pictures = Pictures(case.path.read_bytes(), media_type_of(case), settings.limits.page_pixels)
    ladder = Ladder(remembered(work, settings), pictures, settings.reading.second_reader)
    with scoring_with(scorer):
        checked = extract_records(reading, ladder)
    if not checked:
        return None
    best = max(checked, key=lambda each: sum(verdicts(each.record, case.truth).values()))
    failures = (*reading.failures, *best.failures)
    return Judged(best.record, judge(best.record, reading), failures, case.truth, fold)


def verdicts(record: Record, truth: Truth) -> dict[FieldName, bool]:
    """Whether each field that the truth knows of and the page shows came out right."""
    return {
        name: _is_right(name, true, record.value(name))
        for name, true in truth.fields.items()
        if name not in truth.hidden
    }


def _is_right(name: FieldName, true: str | None, said: object) -> bool:
    wanted, found = normalise(name, true), normalise(name, said)
    if wanted is None or found is None:
        return wanted is None and found is None
    return same(name, wanted, found)


def examine_all(
    jobs: Sequence[tuple[Case, int]], scorers: Sequence[Scorer], work: Path, settings: Settings, *, unknown_too: bool
) -> list[Judged]:
    """Every case by the scorer of its fold; with `unknown_too` native ones once more with unknown words.

    (The second reader would read the true words of a scan again.)
    """
    found = (
        examine(case, fold, scorers[fold], work, settings, unknown=unknown)
        for case, fold in jobs
        for unknown in ((False, True) if unknown_too and case.truth.kind == NATIVE else (False,))
    )
    return [judged for judged in found if judged is not None]
