"""A record becomes an invoice that EN 16931 takes: with all it asks for that follows from what is known."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from stdnum.fr import siren as siren_number

from pipeline.errors import InputError
from pipeline.posting.adjustment import Adjustment
from pipeline.posting.amounts import CENT, ZERO, Share, Split, split
from pipeline.posting.files.units import unit_code
from pipeline.suppliers.model import Supplier
from pipeline.validate.identifiers import plain, siren_in_vat_id
from schemas import DocumentType, Invoice, InvoiceLine, Party, Record, Totals, VatBreakdown

HOME = "FR"
_VAT_ID = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,}")
_ISO_OF_VAT = {"EL": "GR", "XI": "GB"}
_PRICE = Decimal("0.000001")


class NotEn16931(InputError):
    """What the record says cannot be said as an e-invoice by EN 16931."""

    code = "not-en16931"
    remedy = "Complete the record in the review, or the supplier master, or export it as CSV or JSON."


@dataclass(frozen=True)
class EInvoice:
    """An invoice whose sums are exact by EN 16931, with its document level allowances and charges."""

    invoice: Invoice
    adjustments: tuple[Adjustment, ...]


def prepare(
    record: Record, supplier: Supplier | None = None, buyer_name: str = "", buyer_country: str = HOME
) -> EInvoice:
    """The record with countries, identifiers, VAT categories, lines and totals complete.

    `supplier` is what the master knows, the buyer's name and country are the client's, where the record has none.
    Sums are worked out from the bases and lines; credit notes come out positive. Raises NotEn16931, NotBookable.
    """
    read = record.invoice()
    missing = [name for name in ("number", "issue_date", "currency") if getattr(read, name) is None]
    if missing:
        raise NotEn16931(f"The record has no {', '.join(missing)}.")
    kind = read.doc_type or DocumentType.INVOICE
    if not kind.is_postable:
        raise NotEn16931(f"A {kind.replace('_', ' ')} is no invoice.")
    seller, buyer = _seller(read, supplier), _buyer(read.buyer, buyer_name, buyer_country)
    read = read.model_copy(update={"doc_type": kind, "seller": seller, "buyer": buyer})
    whole = split(_with_categories(read))
    if any(row.category == "O" for row in whole.taxes):  # outside of the scope nobody has a VAT id (BR-O-2)
        seller, buyer = seller.model_copy(update={"vat_id": None}), buyer.model_copy(update={"vat_id": None})
    totals = _totals(whole, read.totals)
    payment = read.payment.model_copy(update={"iban": plain(read.payment.iban) or None})
    if not read.due_date and not payment.terms and (totals.due or ZERO) > 0:
        payment = payment.model_copy(update={"terms": "Paiement à réception de la facture"})
    update = {
        "seller": seller,
        "buyer": buyer,
        "payment": payment,
        "totals": totals,
        "vat_breakdown": whole.taxes,
        "lines": tuple(_line(number, share) for number, share in enumerate(whole.shares, start=1)),
        # a French invoice names the day of delivery only where it is another one (CGI ann. II art. 242 nonies A)
        "delivery_date": read.delivery_date or read.issue_date,
    }
    return EInvoice(read.model_copy(update=update), whole.adjustments)


def _seller(invoice: Invoice, known: Supplier | None) -> Party:
    read = invoice.seller
    siret = plain(read.siret) or (known.siret if known else None)
    siren = plain(read.siren) or (siret or "")[:9] or (known.siren if known else None) or siren_in_vat_id(read.vat_id)
    vat_id = plain(read.vat_id) or (known.vat_id if known else None)
    if not vat_id and siren and siren_number.is_valid(siren) and invoice.totals.tax:
        vat_id = f"FR{_key(siren)}{siren}"  # who charges French VAT has this id (CGI art. 286 ter)
    tax_number = read.tax_number
    if vat_id and not _VAT_ID.fullmatch(vat_id):
        vat_id, tax_number = None, tax_number or vat_id
    country = read.country or _country(vat_id, siren) or (known.country if known else None)
    return Party(
        name=read.name or (known.name if known else None),
        vat_id=vat_id,
        siren=siren or None,
        siret=siret or None,
        tax_number=tax_number or (None if vat_id else siren or None),
        country=country or (plain(invoice.payment.iban)[:2] or HOME),
        **read.model_dump(include={"street", "postcode", "city"}),
    )


def _buyer(read: Party, name: str, country: str) -> Party:
    vat_id = plain(read.vat_id) or None
    if vat_id and not _VAT_ID.fullmatch(vat_id):
        vat_id = None
    update = {"name": read.name or name, "vat_id": vat_id, "country": read.country or _country(vat_id, None) or country}
    if not update["name"]:
        raise NotEn16931("The buyer's name is unknown.")
    return read.model_copy(update=update)


def _key(siren: str) -> str:
    """The two digits before the SIREN in a French VAT id: (12 + 3 x (SIREN mod 97)) mod 97."""
    return f"{(12 + 3 * (int(siren) % 97)) % 97:02d}"


def _country(vat_id: str | None, siren: str | None) -> str | None:
    if vat_id:
        return _ISO_OF_VAT.get(vat_id[:2], vat_id[:2])
    return HOME if siren else None


def _with_categories(invoice: Invoice) -> Invoice:
    """With a category for what bears no VAT where nothing says which: the buyer owes it, or it is exempt."""
    ids = invoice.seller.vat_id and invoice.buyer.vat_id
    untaxed = "AE" if ids and invoice.seller.country != invoice.buyer.country else "E"

    def of(rate: Decimal | None, amount: Decimal | None) -> str:
        return "S" if rate or amount else untaxed

    rows = tuple(
        row if row.category else row.model_copy(update={"category": of(row.rate, row.amount)})
        for row in invoice.vat_breakdown
    )
    if not rows and not invoice.totals.tax:
        net = invoice.totals.net if invoice.totals.net is not None else invoice.totals.gross
        rows = (VatBreakdown(category=untaxed, rate=ZERO, base=net, amount=ZERO),)
    return invoice.model_copy(update={"vat_breakdown": rows})


def _line(number: int, share: Share) -> InvoiceLine:
    """An invoice line with quantity and price that make its amount; prices are never negative (BR-27)."""
    line = share.line or InvoiceLine()
    quantity = abs(line.quantity or Decimal(1)).copy_sign(share.net)
    price, discount = _price(line, quantity, share.net)
    return InvoiceLine(
        identifier=str(number),
        item_id=line.item_id,
        description=share.label or line.description or "Article",
        quantity=quantity,
        unit=unit_code(line.unit),
        unit_price=price,
        discount=discount,
        net_amount=share.net,
        tax_category=share.category,
        tax_rate=share.rate,
    )


def _price(line: InvoiceLine, quantity: Decimal, net: Decimal) -> tuple[Decimal, Decimal | None]:
    """The net price of one and the allowance on the line, as printed where they make the amount."""
    discount = line.discount if line.discount and line.discount > 0 and not line.includes_tax else None
    if line.unit_price is not None and line.unit_price >= 0 and not line.includes_tax:
        price = (line.unit_price / (line.price_base_quantity or 1)).quantize(_PRICE).normalize()
        if abs(quantity * price - (discount or ZERO) - net) <= CENT:
            return price, discount
    return abs(net / quantity).quantize(_PRICE).normalize(), None


def _totals(whole: Split, stated: Totals) -> Totals:
    allowances, charges = (_sum(whole.adjustments, is_charge) for is_charge in (False, True))
    net = sum((row.base or ZERO for row in whole.taxes), ZERO)
    tax = sum((row.amount or ZERO for row in whole.taxes), ZERO)
    rounding = whole.rounding or _turned(stated.rounding, stated.gross) or ZERO
    full = net + tax + rounding
    prepaid = abs(stated.prepaid) if stated.prepaid else ZERO
    if not prepaid and stated.due is not None and ZERO <= abs(stated.due) < full - CENT:
        prepaid = full - abs(stated.due)
    return Totals(
        lines=sum((share.net for share in whole.shares), ZERO),
        allowances=allowances or None,
        charges=charges or None,
        net=net,
        tax=tax,
        gross=net + tax,
        prepaid=prepaid or None,
        rounding=rounding or None,
        due=full - prepaid,
    )


def _turned(amount: Decimal | None, gross: Decimal | None) -> Decimal | None:
    """An amount turned round where the total is negative."""
    return -amount if amount is not None and (gross or ZERO) < 0 else amount


def _sum(adjustments: Iterable[Adjustment], is_charge: bool) -> Decimal:
    return sum((one.amount for one in adjustments if one.is_charge is is_charge), ZERO)
