"""Two-way match: an invoice against the purchase order that it names."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from pipeline.settings import Tolerance
from pipeline.suppliers.master import bare
from pipeline.suppliers.model import PurchaseOrder, Supplier
from pipeline.validate.finding import error, info, say, warning
from pipeline.validate.identifiers import plain
from schemas import DocumentType, Evidence, EvidenceKind, FieldName, FieldStatus, Finding, Record

FindOrder = Callable[[str], PurchaseOrder | None]
"""Looks an order up by its number, without regard to spaces and punctuation."""


def check_order(
    record: Record, find_order: FindOrder, supplier: Supplier | None, tolerance: Tolerance, has_orders: bool = True
) -> tuple[Finding, ...]:
    """What does not fit between a record and its order; empty when it names none, or no orders are kept at all."""
    number = record.value(FieldName.PO_NUMBER)
    if not number or not has_orders:
        return ()
    order = find_order(number)
    if order is None:
        return (warning("order-unknown", f"The order {number} is not known.", FieldName.PO_NUMBER),)
    return (*_supplier_findings(record, order, supplier), *_amount_findings(record, order, tolerance))


def with_order_evidence(
    record: Record, find_order: FindOrder, supplier: Supplier | None, tolerance: Tolerance
) -> Record:
    """The record with evidence PURCHASE_ORDER on its order number, and on its totals where they agree."""
    number = record.value(FieldName.PO_NUMBER)
    order = find_order(number) if number else None
    if order is None or any(_supplier_findings(record, order, supplier)):
        return record
    net = record.value(FieldName.NET_TOTAL)
    agreeing = {FieldName.PO_NUMBER: f"order {order.number} is known"}
    if net is not None and abs(net - order.remaining) <= tolerance.of(order.total):
        said = f"order {order.number} has {say(order.remaining)} left to invoice"
        agreeing |= {FieldName.NET_TOTAL: said}
        agreeing |= {FieldName.GROSS_TOTAL: said} if _adds_up(record, net) else {}
    fields = {
        name: field.model_copy(update={"evidence": (*field.evidence, _witness(agreeing[name]))})
        if name in agreeing and field.status is not FieldStatus.MISSING
        else field
        for name, field in record.fields.items()
    }
    return record.model_copy(update={"fields": fields})


def is_of(order: PurchaseOrder, supplier: Supplier) -> bool:
    """Whether an order was given to a supplier: by its key, an identifier, or its name."""
    given = plain(order.supplier)
    identifiers = (supplier.key, supplier.vat_id, supplier.siren, supplier.siret, supplier.company)
    if given in {plain(one) for one in identifiers if one}:
        return True
    return bare(order.supplier) in {bare(name) for name in (supplier.name, *supplier.aliases)}


def _supplier_findings(record: Record, order: PurchaseOrder, supplier: Supplier | None) -> Iterator[Finding]:
    """The order must be of the invoice's supplier; one whose supplier is unknown is compared by what is printed."""
    if not order.supplier:
        return
    seller = supplier or _as_printed(record)
    if seller is not None and not is_of(order, seller):
        message = f"The order {order.number} was given to {order.supplier}, the invoice is of {seller.name}."
        yield error("order-supplier-differs", message, FieldName.PO_NUMBER, FieldName.SELLER_NAME)


def _as_printed(record: Record) -> Supplier | None:
    name = record.value(FieldName.SELLER_NAME)
    if not name:
        return None
    return Supplier(
        key=name,
        name=name,
        vat_id=record.value(FieldName.SELLER_VAT_ID),
        siren=record.value(FieldName.SELLER_SIREN),
        siret=record.value(FieldName.SELLER_SIRET),
    )


def _amount_findings(record: Record, order: PurchaseOrder, tolerance: Tolerance) -> Iterator[Finding]:
    net, currency = record.value(FieldName.NET_TOTAL), record.value(FieldName.CURRENCY)
    if record.value(FieldName.DOC_TYPE) == DocumentType.CREDIT_NOTE or net is None:
        return
    if order.currency and currency and order.currency != currency:
        message = f"The order {order.number} is in {order.currency}, the invoice in {currency}."
        yield error("order-amount-differs", message, FieldName.CURRENCY, FieldName.PO_NUMBER)
        return
    over = net - order.remaining
    if over > tolerance.of(order.total):
        already = f", {say(order.invoiced)} of it invoiced already" if order.invoiced else ""
        message = (
            f"The invoice's net total {say(net)} is {say(over)} more than the order {order.number} allows: "
            f"{say(order.total)} ordered{already}."
        )
        yield error("order-amount-differs", message, FieldName.NET_TOTAL, FieldName.PO_NUMBER)
    elif over < -tolerance.of(order.total):
        message = f"The invoice is for a part of the order {order.number}: {say(-over)} remain to be invoiced."
        yield info("order-part", message, FieldName.PO_NUMBER)
    yield from _price_findings(record, order, tolerance)


def _price_findings(record: Record, order: PurchaseOrder, tolerance: Tolerance) -> Iterator[Finding]:
    """Items of the order whose unit price was raised; an item is known by its description."""
    ordered = {bare(line.description): line.unit_price for line in order.lines if line.description}
    for line in record.lines:
        agreed = ordered.get(bare(line.description or ""))
        if agreed is None or line.unit_price is None or line.includes_tax:
            continue
        if line.unit_price - agreed > abs(agreed) * tolerance.percent / 100:
            message = f"'{line.description}' costs {say(line.unit_price)}, {say(agreed)} was ordered ({order.number})."
            yield warning("order-price-differs", message, FieldName.PO_NUMBER)


def _adds_up(record: Record, net: Decimal) -> bool:
    tax, gross = record.value(FieldName.TAX_TOTAL), record.value(FieldName.GROSS_TOTAL)
    return gross is not None and tax is not None and net + tax == gross


def _witness(detail: str) -> Evidence:
    return Evidence(kind=EvidenceKind.PURCHASE_ORDER, detail=detail)
