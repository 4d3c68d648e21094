"""Says where the sums and the second reader put one misread digit right."""

from collections.abc import Mapping
from decimal import Decimal

from schemas import Candidate, Evidence, EvidenceKind, Field, FieldName

_TOTALS = (FieldName.NET_TOTAL, FieldName.TAX_TOTAL, FieldName.GROSS_TOTAL, FieldName.AMOUNT_DUE)
_PIXELS = frozenset((EvidenceKind.OCR, EvidenceKind.SECOND_READER))


def with_repairs(fields: Mapping[FieldName, Field]) -> dict[FieldName, Field]:
    """The totals, with a witness of each digit that one reader misread.

    A total was repaired when the sums hold with what one reader saw, and the other reader saw in the same place an
    amount that differs in one digit, with which they do not.
    """
    return {name: _told(field) if name in _TOTALS else field for name, field in fields.items()}


def _told(field: Field) -> Field:
    if not any(witness.kind is EvidenceKind.ARITHMETIC and witness.supports for witness in field.evidence):
        return field
    for rival in field.rivals:
        if _is_misread(rival, field):
            reader = next(witness.kind for witness in rival.evidence if witness.kind in _PIXELS)
            witness = Evidence(kind=reader, supports=False, detail=f"saw {rival.value}: one digit repaired by the sums")
            return field.model_copy(update={"evidence": (*field.evidence, witness)})
    return field


def _is_misread(rival: Candidate, field: Field) -> bool:
    """Whether a rival is what another reader saw in the very place of the chosen value."""
    if rival.box is None or field.box is None or rival.page != field.page:
        return False
    readers = [{witness.kind for witness in each.evidence if witness.supports} & _PIXELS for each in (rival, field)]
    is_same_place = rival.box.x0 < field.box.x_mid < rival.box.x1 and rival.box.y0 < field.box.y_mid < rival.box.y1
    return (
        is_same_place and bool(readers[0]) and readers[0] != readers[1] and differs_in_a_digit(rival.value, field.value)
    )


def differs_in_a_digit(one: Decimal, other: Decimal) -> bool:
    """Whether two amounts have the same number of digits and differ in exactly one."""
    left, right = (f"{abs(value):.2f}" for value in (one, other))
    return len(left) == len(right) and sum(a != b for a, b in zip(left, right, strict=True)) == 1
