"""A correction: values in, a new record out; pure. The same function serves the live check and the decision."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pipeline.errors import InputError
from pipeline.review.keyed import Mistake, Unreadable, line_of, value_of, vat_of
from pipeline.validate.rules import validate
from schemas import (
    Evidence,
    EvidenceKind,
    Field,
    FieldName,
    FieldStatus,
    Finding,
    InvoiceLine,
    Outcome,
    Record,
    Severity,
    VatBreakdown,
)
from schemas.base import Value
from schemas.edits import Edits, Typed
from schemas.field import FieldValue, missing

EMPTY = Record(fields={})
"""The record of a document of which the machine could make nothing."""


class Sums(Value):
    """What the figures of a record add up to, beside what it states; None where a part is unknown."""

    lines: Decimal | None = None
    """The sum of the lines' net amounts."""
    taxes: Decimal | None = None
    """The sum of the VAT amounts of the breakdown."""
    bases: Decimal | None = None
    """The sum of the bases of the breakdown."""
    gross: Decimal | None = None
    """Net and VAT total together."""
    missing_gross: Decimal | None = None
    """The stated total with VAT less `gross`; zero when they agree."""


class Preview(Value):
    """What would come of some edits: the record, what the rules say of it, its sums, and what could not be read."""

    record: Record
    findings: tuple[Finding, ...]
    sums: Sums
    mistakes: tuple[Mistake, ...] = ()


class NotReadable(InputError):
    """Something that was typed is no value of its field."""

    code = "typed-unreadable"
    remedy = "Mend what is marked."


class Change(NamedTuple):
    """One header field before and after."""

    field: FieldName
    before: FieldValue | None
    after: FieldValue | None


def preview(record: Record, edits: Edits, today: date, by: str = "") -> Preview:
    """What `edits` make of a record; what cannot be read is left as it was and told in `mistakes`. Never raises."""
    mistakes: list[Mistake] = []
    fields = {**record.fields, **dict(_fields(record, edits, by, mistakes))}
    lines = record.lines if edits.lines is None else tuple(_lines(edits, mistakes))
    taxes = record.vat_breakdown if edits.taxes is None else tuple(_taxes(edits, mistakes))
    made = Record(
        fields=fields, vat_breakdown=taxes, lines=lines, pages=record.pages, language=record.language, risk=record.risk
    )
    return Preview(record=made, findings=validate(made, today), sums=sums_of(made), mistakes=tuple(mistakes))


def correct(record: Record, edits: Edits, today: date, by: str) -> Record:
    """The record after the edits of the person `by`. Raises NotReadable, which names what could not be read."""
    made = preview(record, edits, today, by)
    if made.mistakes:
        said = "; ".join(f"{one.where}: '{one.text}' ({one.message})" for one in made.mistakes)
        raise NotReadable(f"This could not be read: {said}")
    return made.record


def confirmed(record: Record, by: str) -> Record:
    """The record as its person leaves it: every value that he did not change is confirmed, and nothing is doubtful."""
    fields = {name: _confirmed(field, by) for name, field in record.fields.items()}
    return record.model_copy(update={"fields": fields, "risk": None})


def hidden(record: Record, names: Sequence[FieldName]) -> Record:
    """The record without anything that tells the values of some fields."""
    return record.model_copy(update={"fields": {**record.fields, **{name: missing(name) for name in names}}})


def changes(before: Record, after: Record) -> tuple[Change, ...]:
    """The header fields whose values differ."""
    pairs = ((name, before.value(name), after.value(name)) for name in FieldName)
    return tuple(Change(*pair) for pair in pairs if pair[1] != pair[2])


def is_changed(before: Record, after: Record) -> bool:
    """Whether any value differs, of header, VAT breakdown or lines."""
    tables = (before.vat_breakdown, before.lines) != (after.vat_breakdown, after.lines)
    return tables or bool(changes(before, after))


def remaining(outcome: Outcome, record: Record, today: date) -> tuple[Finding, ...]:
    """What speaks against a record: the rules' findings anew, and what only the machine can find out (duplicates,
    a changed account) as it found it."""
    own = {finding.rule for finding in validate(outcome.record, today)} if outcome.record else set()
    now = validate(record, today)
    seen = own | {finding.rule for finding in now}
    return (*now, *(finding for finding in outcome.findings if finding.rule not in seen))


def errors_of(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that keep a record from going straight through."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def sums_of(record: Record) -> Sums:
    """The sums of a record's figures."""
    net, tax = record.value(FieldName.NET_TOTAL), record.value(FieldName.TAX_TOTAL)
    stated = record.value(FieldName.GROSS_TOTAL)
    gross = net + tax if net is not None and tax is not None else None
    return Sums(
        lines=_sum([line.net_amount for line in record.lines]),
        taxes=_sum([row.amount for row in record.vat_breakdown]),
        bases=_sum([row.base for row in record.vat_breakdown]),
        gross=gross,
        missing_gross=stated - gross if stated is not None and gross is not None else None,
    )


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def _fields(record: Record, edits: Edits, by: str, mistakes: list[Mistake]) -> Iterator[tuple[FieldName, Field]]:
    for name, typed in edits.fields.items():
        try:
            value = value_of(name, typed.text, edits.notation)
        except Unreadable as error:
            mistakes.append(Mistake(name, typed.text, str(error)))
            continue
        if value != record.value(name) or typed.box is not None:
            yield name, _corrected(record.fields[name], value, typed, by)


def _corrected(field: Field, value: FieldValue | None, typed: Typed, by: str) -> Field:
    what = "typed it" if value is not None else "said it is absent"
    witness = Evidence(kind=EvidenceKind.PERSON, detail=f"{by or 'a person'} {what}")
    if value is None:
        return missing(field.name, field.rivals).model_copy(update={"evidence": (witness,)})
    return Field(
        name=field.name,
        value=value,
        raw=typed.text,
        page=typed.page,
        box=typed.box,
        confidence=1.0,
        evidence=(witness,),
        status=FieldStatus.CORRECTED,
        rivals=field.rivals,
        reader=f"person {by}".strip(),
    )


def _confirmed(field: Field, by: str) -> Field:
    if field.value is None or field.status is FieldStatus.CORRECTED:
        return field
    witness = Evidence(kind=EvidenceKind.PERSON, detail=f"{by} confirmed it")
    evidence = (*(one for one in field.evidence if one.kind is not EvidenceKind.PERSON), witness)
    return field.model_copy(update={"status": FieldStatus.CONFIRMED, "confidence": 1.0, "evidence": evidence})


def _lines(edits: Edits, mistakes: list[Mistake]) -> Iterator[InvoiceLine]:
    for row, typed in enumerate(edits.lines or ()):
        line, wrong = line_of(typed, edits.notation)
        mistakes.extend(one._replace(where=f"lines.{row}.{one.where}") for one in wrong)
        yield line


def _taxes(edits: Edits, mistakes: list[Mistake]) -> Iterator[VatBreakdown]:
    for number, typed in enumerate(edits.taxes or ()):
        row, wrong = vat_of(typed, edits.notation)
        mistakes.extend(one._replace(where=f"taxes.{number}.{one.where}") for one in wrong)
        yield row
