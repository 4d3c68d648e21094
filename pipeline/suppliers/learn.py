"""Learns from one confirmed invoice how its supplier prints it: rules that a person can read."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from pipeline.extract.candidates import Sheet, survey
from pipeline.extract.spans import Span
from pipeline.suppliers.masks import mask_of, merged
from pipeline.suppliers.model import FieldRule, Place, Relation, Rules, Spread
from pipeline.suppliers.places import Map, shared
from pipeline.validate.identifiers import plain
from schemas import Box, DocumentType, Field, FieldName, Page, Record

SPANS: dict[FieldName, str] = {
    FieldName.INVOICE_NUMBER: "identifier",
    FieldName.PO_NUMBER: "identifier",
    FieldName.PRECEDING_INVOICE: "identifier",
    FieldName.ISSUE_DATE: "date",
    FieldName.DUE_DATE: "date",
    FieldName.DELIVERY_DATE: "date",
    FieldName.NET_TOTAL: "amount",
    FieldName.TAX_TOTAL: "amount",
    FieldName.GROSS_TOTAL: "amount",
    FieldName.AMOUNT_DUE: "amount",
    FieldName.PREPAID_TOTAL: "amount",
}
"""Fields that are known by where they stand, and the kind of value each is."""

MASKED = frozenset((FieldName.INVOICE_NUMBER,))
"""Fields whose form is their supplier's own; the order's number has the buyer's."""

CONSTANT = (
    FieldName.SELLER_NAME,
    FieldName.SELLER_VAT_ID,
    FieldName.SELLER_SIREN,
    FieldName.SELLER_SIRET,
)
"""Fields that are the same on every invoice of a supplier."""

KEPT_PLACES = 4
KEPT_VALUES = 3

MapOrPages = Sequence[Page] | Sheet


def learn(record: Record, pages: MapOrPages, seller: str) -> Rules:
    """What one confirmed record says of its supplier; `seller` is the supplier's key.

    A value that a person corrected, and that carries no box, is looked for on the pages; one that is not printed
    teaches no place.
    """
    sheet = pages if isinstance(pages, Sheet) else survey(pages)
    chart = Map(sheet)
    fields = [rule for name in (*SPANS, *CONSTANT) if (rule := _field_rule(record.fields[name], chart))]
    gross, iban = record.value(FieldName.GROSS_TOTAL), record.value(FieldName.IBAN)
    is_invoice = record.value(FieldName.DOC_TYPE) in (None, DocumentType.INVOICE)
    currency = record.value(FieldName.CURRENCY)
    return Rules(
        supplier=seller,
        fields=tuple(fields),
        ibans=(plain(iban),) if iban else (),
        currencies=(currency,) if currency else (),
        vat_rates=tuple(sorted({shortest(row.rate) for row in record.vat_breakdown if row.rate is not None})),
        gross=Spread(least=gross, most=gross) if gross is not None and is_invoice else None,
    )


def merge(old: Rules | None, new: Rules) -> Rules:
    """The rules after one more confirmed document. What an operator switched off stays off."""
    if old is None:
        return new
    known = {rule.field: rule for rule in old.fields}
    fresh = {rule.field: rule for rule in new.fields}
    names = dict.fromkeys((*known, *fresh))
    return old.model_copy(
        update={
            "fields": tuple(_merge_field(known.get(name), fresh.get(name)) for name in names),
            "ibans": _together(old.ibans, new.ibans),
            "currencies": _together(old.currencies, new.currencies),
            "vat_rates": tuple(sorted({*old.vat_rates, *new.vat_rates})),
            "gross": _spread(old.gross, new.gross),
        }
    )


def locate(field: Field, sheet: Sheet) -> tuple[int, Box, str] | None:
    """Page, box and printed form of a field's value; None when it is not printed or at several places."""
    if field.value is None:
        return None
    if field.page is not None and field.box is not None:
        return field.page, field.box, field.raw
    wanted = SPANS.get(field.name)
    found = [span for span in sheet.spans if span.kind == wanted and same_value(span.value, field.value)]
    return (found[0].page, found[0].box, found[0].raw) if len(found) == 1 else None


def same_value(one: Decimal | date | str, other: Decimal | date | str) -> bool:
    """Whether two values are the same; identifiers without spaces and punctuation."""
    if isinstance(one, str) and isinstance(other, str):
        return plain(one) == plain(other)
    return one == other


def shortest(rate: Decimal) -> Decimal:
    """A rate without trailing zeros and without an exponent: 20, not 20.0 or 2E+1."""
    return Decimal(f"{rate.normalize():f}")


def spans_for(name: FieldName, sheet: Sheet) -> Iterator[Span]:
    """The values on the pages that have the kind of a field."""
    yield from sheet.spans_of(SPANS[name]) if name in SPANS else ()


def _field_rule(field: Field, chart: Map) -> FieldRule | None:
    if field.value is None:
        return None
    if field.name in CONSTANT:
        return FieldRule(field=field.name, values=(str(field.value),))
    where = locate(field, chart.sheet)
    places = chart.labelled(field.name, chart.places_of(where[0], where[1])) if where else ()
    masks = (mask_of(str(field.value)),) if field.name in MASKED else ()
    return FieldRule(field=field.name, places=places, masks=masks) if places or masks else None


def _merge_field(old: FieldRule | None, new: FieldRule | None) -> FieldRule:
    if old is None or new is None:
        return old or new  # type: ignore[return-value]  # one of them is there
    return old.model_copy(
        update={
            "seen": old.seen + new.seen,
            "places": _merge_places(old.places, new.places),
            "masks": merged(old.masks, new.masks),
            "values": _together(old.values, new.values)[-KEPT_VALUES:],
        }
    )


def _merge_places(old: tuple[Place, ...], new: tuple[Place, ...]) -> tuple[Place, ...]:
    """What both documents have in common is the label; without anything in common both are kept."""
    common = shared(old, new)
    beside = tuple(place for place in common if place.relation is Relation.BESIDE)
    return beside or common or (*old, *new)[-KEPT_PLACES:]


def _together(old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))


def _spread(old: Spread | None, new: Spread | None) -> Spread | None:
    if old is None or new is None:
        return old or new
    return Spread(least=min(old.least, new.least), most=max(old.most, new.most), seen=old.seen + new.seen)
