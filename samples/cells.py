"""How a supplier writes identifiers and the cells of the table of lines."""

from collections.abc import Callable
from decimal import Decimal

from samples.identifiers import grouped
from samples.notation import NO_BREAK
from samples.sums import ZERO
from samples.supplier import Style
from schemas import FieldName, InvoiceLine


def identifier_text(name: FieldName, value: str, style: Style) -> str:
    """An identifier in the groups the supplier writes it in; other texts as they are."""
    gap = style.vat_gap
    match name:
        case FieldName.SELLER_VAT_ID | FieldName.BUYER_VAT_ID:
            return _vat_id(value, gap)
        case FieldName.IBAN:
            return grouped(value, 4, gap=style.iban_gap)
        case FieldName.SELLER_SIREN:
            return grouped(value, 3, gap=gap)
        case FieldName.SELLER_SIRET:
            return grouped(value, 3, 3, 3, 5, gap=gap)
    return value


def cell_text(line: InvoiceLine, key: str, style: Style, amount: Callable[[Decimal], str]) -> str:
    """One cell of a line; `amount` writes the net amount."""
    notation = style.notation
    match key:
        case "line":
            text = line.identifier
        case "unit":
            text = style.units.get(str(line.unit), "")
        case "quantity":
            text = notation.quantity(line.quantity or ZERO)
        case "unit_price":
            price = line.unit_price or ZERO
            text = notation.number(price, max(2, -int(price.normalize().as_tuple().exponent)))
        case "discount":
            text = notation.percent(_discount_percent(line)) if line.discount else ""
        case "tax_rate":
            text = notation.percent(line.tax_rate or ZERO)
        case "net_amount":
            text = amount(line.net_amount or ZERO)
        case _:
            text = getattr(line, key)
    return str(text)


def _discount_percent(line: InvoiceLine) -> Decimal:
    full = (line.quantity or ZERO) * (line.unit_price or ZERO)
    return ((line.discount or ZERO) / full * 100).quantize(Decimal(1)) if full else ZERO


def _vat_id(value: str, gap: str) -> str:
    match value[:2]:
        case "CH":
            return f"CHE-{grouped(value[3:12], 3, gap='.')}{NO_BREAK}{value[12:]}"
        case "FR":
            return grouped(value, 2, 2, 3, gap=gap) if gap else value
        case "GB":
            return grouped(value, 2, 3, 4, 2, gap=gap)
        case "BE":
            return f"BE {grouped(value[2:], 4, 3, gap='.')}" if gap else value
    return f"{value[:2]}{gap}{value[2:]}"
