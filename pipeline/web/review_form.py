"""What the review page shows of an item: its fields, doubtful ones first, with what speaks for and against; pure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pipeline.review.items import Item
from pipeline.review.keyed import Unreadable, line_of, line_text, text_of, value_of, vat_of, vat_text
from schemas import FIELD_TERMS, Candidate, EvidenceKind, Field, FieldName, FieldStatus, Severity
from schemas.edits import CodeText, Edits, LineText, Notation, Typed, VatText
from schemas.page import Box
from schemas.terms import OPTIONAL_WHEN_NOT_PRINTED, POSTING_CRITICAL, ValueKind

MOST_CHOICES = 3
"""Competing readings with a key of their own."""
LEAST_SCORE, MISREAD = 0.05, 2
"""What a competing reading must have scored, or in how many characters it may differ."""
UNSURE = 0.9
"""A field that money depends on and that is less sure is shown among the doubtful ones, whatever the reasons name."""
TOLD = frozenset(EvidenceKind) - {EvidenceKind.FORMAT, EvidenceKind.POSITION}
"""The witnesses that say something to a clerk."""

LABELS: Mapping[FieldName, str] = {
    FieldName.INVOICE_NUMBER: "Invoice number",
    FieldName.DOC_TYPE: "Kind of document",
    FieldName.ISSUE_DATE: "Invoice date",
    FieldName.DUE_DATE: "Due date",
    FieldName.DELIVERY_DATE: "Delivery date",
    FieldName.SELLER_NAME: "Seller",
    FieldName.SELLER_VAT_ID: "Seller's VAT id",
    FieldName.SELLER_SIREN: "Seller's SIREN",
    FieldName.SELLER_SIRET: "Seller's SIRET",
    FieldName.BUYER_NAME: "Buyer",
    FieldName.BUYER_VAT_ID: "Buyer's VAT id",
    FieldName.CURRENCY: "Currency",
    FieldName.NET_TOTAL: "Total without VAT",
    FieldName.TAX_TOTAL: "VAT total",
    FieldName.GROSS_TOTAL: "Total with VAT",
    FieldName.AMOUNT_DUE: "Amount due",
    FieldName.IBAN: "IBAN",
    FieldName.BIC: "BIC",
    FieldName.PO_NUMBER: "Order number",
    FieldName.LINES_TOTAL: "Sum of lines",
    FieldName.ALLOWANCE_TOTAL: "Allowances",
    FieldName.CHARGE_TOTAL: "Charges",
    FieldName.PREPAID_TOTAL: "Paid before",
    FieldName.ROUNDING: "Rounding",
    FieldName.PRECEDING_INVOICE: "Preceding invoice",
}


class Place(NamedTuple):
    """Where a value stands: its page, and its box as "x0 y0 x1 y1" in points."""

    page: int
    box: str


class Choice(NamedTuple):
    """A reading that lost, for one key."""

    key: int
    text: str
    place: Place | None


class Witness(NamedTuple):
    """One piece of evidence: its kind, whether it speaks for the value, and what it saw."""

    kind: str
    supports: bool
    detail: str


class Input(NamedTuple):
    """One field of the form."""

    name: str
    label: str
    kind: ValueKind
    text: str
    place: Place | None
    confidence: float | None
    is_blind: bool
    is_critical: bool
    reasons: tuple[str, ...]
    choices: tuple[Choice, ...]
    witnesses: tuple[Witness, ...]
    memory: str
    """Which rule learned from the supplier's earlier invoices bore it out; empty for none."""


class Form(NamedTuple):
    """The whole form: what needs a look, and the rest."""

    doubtful: tuple[Input, ...]
    others: tuple[Input, ...]
    reasons: tuple[str, ...]
    """Why a person is needed, where no single field is the reason."""


class Start(NamedTuple):
    """What the page's script begins with, as text in the person's notation."""

    fields: dict[str, str]
    lines: tuple[LineText, ...]
    taxes: tuple[VatText, ...]
    draft: Edits | None
    coding: tuple[CodeText, ...] = ()
    """The accounts as they are proposed; the page's script asks for them by itself."""

    def json(self) -> dict[str, object]:
        """As JSON values."""
        draft = self.draft.model_dump(mode="json") if self.draft else None
        lines, taxes = ([one.model_dump() for one in rows] for rows in (self.lines, self.taxes))
        return {"fields": self.fields, "lines": lines, "taxes": taxes, "draft": draft}


def form_of(item: Item, notation: Notation) -> Form:
    """The form of an item; fields that are to be keyed blind come first and show nothing."""
    wanted = _doubtful(item)
    inputs = {name: _input(item, name, notation) for name in FieldName}
    return Form(
        doubtful=tuple(inputs[name] for name in wanted),
        others=tuple(inputs[name] for name in FieldName if name not in wanted),
        reasons=_reasons(item, None),
    )


def start_of(item: Item, notation: Notation) -> Start:
    """What the page begins with; a draft typed in another notation is told in this one."""
    record = item.record
    return Start(
        fields={name.value: text_of(record.value(name), notation) for name in FieldName},
        # the tables would tell the totals that are keyed blind
        lines=() if item.blind else tuple(line_text(line, notation) for line in record.lines),
        taxes=() if item.blind else tuple(vat_text(row, notation) for row in record.vat_breakdown),
        draft=item.typed if item.typed is None or item.typed.notation == notation else _rewritten(item, notation),
    )


def _rewritten(item: Item, notation: Notation) -> Edits | None:
    """A draft in another notation: what cannot be read stays as it was typed."""
    typed = item.typed
    if typed is None:
        return None

    def again(name: FieldName, one: Typed) -> Typed:
        try:
            return one.model_copy(update={"text": text_of(value_of(name, one.text, typed.notation), notation)})
        except Unreadable:
            return one

    lines, taxes = typed.lines, typed.taxes
    if lines is not None:
        read = ((one, line_of(one, typed.notation)) for one in lines)
        lines = tuple(old if wrong else line_text(line, notation) for old, (line, wrong) in read)
    if taxes is not None:
        rows = ((one, vat_of(one, typed.notation)) for one in taxes)
        taxes = tuple(old if wrong else vat_text(row, notation) for old, (row, wrong) in rows)
    fields = {name: again(name, one) for name, one in typed.fields.items()}
    return Edits(fields=fields, lines=lines, taxes=taxes, coding=typed.coding, notation=notation)


def _doubtful(item: Item) -> tuple[FieldName, ...]:
    """The fields that need a look, the most important reason first."""
    named = [reason.field for reason in item.reasons if reason.field is not None]
    found = [name for finding in item.findings if finding.severity is not Severity.INFO for name in finding.fields]
    weak = [name for name in POSTING_CRITICAL if _is_weak(item.record.fields[name])] if item.machine else []
    differing = [one.field for one in item.differences]
    return tuple(dict.fromkeys((*item.blind, *differing, *named, *weak, *found)))


def _is_weak(field: Field) -> bool:
    if field.status in (FieldStatus.CORRECTED, FieldStatus.CONFIRMED):
        return False
    if field.status is FieldStatus.MISSING:
        return field.name not in OPTIONAL_WHEN_NOT_PRINTED
    return field.confidence < UNSURE


def _input(item: Item, name: FieldName, notation: Notation) -> Input:
    field, is_blind = item.record.fields[name], name in item.blind
    witnesses = tuple(_witnesses(field))
    memory = next((one.detail for one in witnesses if one.kind == EvidenceKind.SUPPLIER_MEMORY and one.supports), "")
    return Input(
        name=name.value,
        label=LABELS[name],
        kind=FIELD_TERMS[name].kind,
        text=text_of(field.value, notation),
        place=place_of(field.page, field.box),
        confidence=None if is_blind or field.value is None else field.confidence,
        is_blind=is_blind,
        is_critical=FIELD_TERMS[name].posting_critical,
        reasons=_reasons(item, name),
        choices=() if is_blind else tuple(_choices(field, notation)),
        witnesses=witnesses,
        memory=memory,
    )


def _witnesses(field: Field) -> Iterator[Witness]:
    for one in field.evidence:
        if one.kind in TOLD or not one.supports:
            yield Witness(one.kind.value, one.supports, one.detail)


def _reasons(item: Item, name: FieldName | None) -> tuple[str, ...]:
    """Why a person is to look at a field; what a rule says is told as its finding, which goes when it is mended."""
    told = {finding.message for finding in item.findings}
    return tuple(dict.fromkeys(one.message for one in item.reasons if one.field == name and one.message not in told))


def _choices(field: Field, notation: Notation) -> Iterator[Choice]:
    texts = {text_of(field.value, notation)}
    for rival in sorted(field.rivals, key=lambda one: -one.score):
        text = text_of(rival.value, notation)
        if len(texts) <= MOST_CHOICES and text not in texts and _competes(rival, field):
            yield Choice(len(texts), text, place_of(rival.page, rival.box))
            texts.add(text)


def _competes(rival: Candidate, field: Field) -> bool:
    """Whether a reading that lost is worth a key: it came near, or differs in a letter or two as a misreading does."""
    one, other = str(rival.value), str(field.value)
    differing = sum(a != b for a, b in zip(one, other, strict=False))
    return rival.score >= LEAST_SCORE or (len(one) == len(other) > MISREAD and differing <= MISREAD)


def place_of(page: int | None, box: Box | None) -> Place | None:
    """A place as the page's script reads it."""
    if page is None or box is None:
        return None
    return Place(page, " ".join(f"{side:.1f}" for side in (box.x0, box.y0, box.x1, box.y1)))
