"""How sure the machine is of a value, from its evidence. A hand-set first version, to be calibrated on data."""

from collections.abc import Sequence

from schemas import Candidate, Evidence, EvidenceKind, FieldName

NAMED = frozenset((EvidenceKind.LABEL, EvidenceKind.FORMAT, EvidenceKind.REPETITION))
"""Witnesses that a text is a party's name: its label, its legal form, its web or mail address."""
WELL_PLACED = 0.8
"""The most that a place on the page alone can say of a name: a slogan or a trade name stands there too."""
PROOF = frozenset((EvidenceKind.ARITHMETIC, EvidenceKind.CHECKSUM))
"""Witnesses that would have caught a misread value."""


def confidence_of(best: Candidate, rivals: Sequence[Candidate]) -> float:
    """0 to 1: the score and its lead over the best rival, raised by proof, lowered by a doubtful reading."""
    lead = best.score - max((rival.score for rival in rivals), default=0.0)
    sure = 0.45 + 0.4 * min(1.0, best.score) + 0.35 * max(-0.5, min(0.5, lead))
    if _speaks(best.evidence, PROOF, supports=True):
        sure = max(sure + 0.1, 0.97 if best.score > 0.6 else 0.9)
    if _speaks(best.evidence, PROOF, supports=False):
        sure = min(sure, 0.4)
    if best.name is FieldName.SELLER_NAME and not _speaks(best.evidence, NAMED, supports=True):
        sure = min(sure, WELL_PLACED)
    return round(max(0.0, min(0.99, sure * _reading(best.evidence))), 4)


def _speaks(evidence: Sequence[Evidence], kinds: frozenset[EvidenceKind], *, supports: bool) -> bool:
    return any(e.kind in kinds and e.supports is supports for e in evidence)


def _reading(evidence: Sequence[Evidence]) -> float:
    """How well the words were read: 1 for a text layer, the engine's own mean for OCR, proof outweighs it."""
    if _speaks(evidence, PROOF, supports=True):
        return 1.0
    for witness in evidence:
        if witness.kind in (EvidenceKind.OCR, EvidenceKind.SECOND_READER):
            return 0.6 + 0.4 * float(witness.detail or 0)
    return 1.0
