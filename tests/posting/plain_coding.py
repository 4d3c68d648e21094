"""The coding of the tests of posting: all of an invoice on the suspense account, and sure."""

from decimal import Decimal

from schemas import CodedLine, CodedTax, Coding, FieldName, Record

SUSPENSE, SUPPLIERS, INPUT_VAT = "471000", "401000", "445660"
"""PCG: waiting to be booked; suppliers; deductible VAT on goods and services."""


def plain_coding(record: Record, _client_id: str) -> Coding:
    """All of it on the suspense account, one line for each VAT rate: nothing is guessed, an accountant clears it."""
    rates = _rates(record)
    label = str(record.value(FieldName.SELLER_NAME) or "")[:200]
    lines = (CodedLine(account=SUSPENSE, label=label, net=net, tax_rate=rate) for rate, net, _ in rates)
    taxes = (CodedTax(account=INPUT_VAT, rate=rate, base=net, amount=tax) for rate, net, tax in rates if tax)
    why = ("No rule of this client says more: on the suspense account.",)
    return Coding(supplier_account=SUPPLIERS, lines=tuple(lines), taxes=tuple(taxes), confidence=1.0, why=why)


def _rates(record: Record) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Rate, base and VAT of each rate; of the totals where the breakdown is not theirs."""
    gross, tax = record.value(FieldName.GROSS_TOTAL) or Decimal(0), record.value(FieldName.TAX_TOTAL) or Decimal(0)
    found = [(one.rate or Decimal(0), one.base or Decimal(0), one.amount or Decimal(0)) for one in record.vat_breakdown]
    if found and sum(base + amount for _, base, amount in found) == gross:
        return found
    net = gross - tax
    return [(round(100 * tax / net, 2) if net else Decimal(0), net, tax)]
