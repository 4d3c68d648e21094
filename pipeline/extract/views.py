"""Puts together what was found in several views of the same pages: the words as each reader saw them."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from schemas import Candidate, Evidence, EvidenceKind, FieldName

Proposals = Mapping[FieldName, tuple[Candidate, ...]]

READERS = frozenset((EvidenceKind.TEXT_LAYER, EvidenceKind.OCR, EvidenceKind.SECOND_READER))


def merge_views(views: Sequence[Proposals]) -> dict[FieldName, tuple[Candidate, ...]]:
    """The candidates of all views, best first; a value that several readers saw is one candidate of them all."""
    if len(views) == 1:
        return dict(views[0])
    names = dict.fromkeys(name for view in views for name in view)
    return {name: _merged([option for view in views for option in view.get(name, ())]) for name in names}


def _merged(options: Iterable[Candidate]) -> tuple[Candidate, ...]:
    by_value: dict[object, list[Candidate]] = {}
    for option in options:
        by_value.setdefault(_without_accents(option.value), []).append(option)
    merged = [_seen_by_all(same) for same in by_value.values()]
    return tuple(sorted(merged, key=lambda c: -c.score))


def _seen_by_all(same: Sequence[Candidate]) -> Candidate:
    """The best of equal candidates, with the readers of the others as further witnesses.

    Of texts that differ in accents alone it is the one with more of them: readers lose accents, and invent none.
    """
    best = max(same, key=lambda c: (_accents(c.value), c.score))
    seen = {witness.kind for witness in best.evidence}
    others = [witness for option in same for witness in option.evidence[:1] if _is_new_reader(witness, seen)]
    score = max(option.score for option in same)
    return best.model_copy(update={"score": score, "evidence": (*best.evidence, *others[:1])})


def _is_new_reader(witness: Evidence, seen: set[EvidenceKind]) -> bool:
    return witness.kind in READERS and witness.kind not in seen


def _without_accents(value: object) -> object:
    if not isinstance(value, str):
        return value
    return "".join(char for char in unicodedata.normalize("NFKD", value) if not unicodedata.combining(char))


def _accents(value: object) -> int:
    return sum(not char.isascii() for char in value) if isinstance(value, str) else 0
