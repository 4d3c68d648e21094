"""What is known of the supplier and its orders, held against a record."""

from collections.abc import Iterator

from pipeline.settings import Tolerance
from pipeline.suppliers.known import Known
from pipeline.suppliers.learn import shortest
from pipeline.suppliers.master import Contradiction, Match, find_supplier, mask_iban
from pipeline.suppliers.model import Rules, Supplier
from pipeline.suppliers.orders import check_order, with_order_evidence
from pipeline.validate.finding import error, info, say, warning
from pipeline.validate.identifiers import plain
from schemas import FieldName, Finding, Record

UNUSUAL = 10
"""A total so many times the greatest confirmed one is unusual."""
ENOUGH = 3
"""Confirmed documents from which on an amount can be called unusual."""


def check_known(record: Record, known: Known, tolerance: Tolerance | None = None) -> tuple[Finding, ...]:
    """Findings on supplier, account and purchase order; empty where nothing is known to hold against the record.

    changed-iban (error): a known supplier with an account that neither the master nor a person confirmed.
    supplier-contradiction (error): identifiers of different suppliers. supplier-inactive (error).
    order-unknown, order-supplier-differs, order-amount-differs, order-price-differs, order-part: see `orders`.
    """
    match = find_supplier(record, known.master)
    supplier = match.supplier if isinstance(match, Match) else None
    return (
        *_who(match),
        *(_account(record, supplier) if supplier else ()),
        *(_habits(record, supplier, known.rules(supplier.key)) if supplier else ()),
        *check_order(record, known.order, supplier, tolerance or Tolerance(), bool(known.orders)),
    )


def vouch(record: Record, known: Known, tolerance: Tolerance | None = None) -> Record:
    """The record with evidence PURCHASE_ORDER on what its order confirms."""
    match = find_supplier(record, known.master)
    supplier = match.supplier if isinstance(match, Match) else None
    return with_order_evidence(record, known.order, supplier, tolerance or Tolerance())


def _who(match: Match | Contradiction | None) -> Iterator[Finding]:
    if isinstance(match, Contradiction):
        said = "; ".join(match.reasons)
        message = f"Name, identifiers and account do not belong together: {said}."
        yield error("supplier-contradiction", message, FieldName.SELLER_NAME, FieldName.IBAN)
    elif match and not match.supplier.active:
        message = f"{match.supplier.name} is marked as not active in the supplier master."
        yield error("supplier-inactive", message, FieldName.SELLER_NAME)


def _account(record: Record, supplier: Supplier) -> Iterator[Finding]:
    iban = plain(record.value(FieldName.IBAN))
    accounts = [plain(one) for one in supplier.ibans]
    if not iban or iban in accounts:
        return
    if not accounts:
        message = f"No account of {supplier.name} is known yet; the invoice asks to pay to {mask_iban(iban)}."
        yield warning("first-iban", message, FieldName.IBAN)
        return
    usual = ", ".join(mask_iban(one) for one in accounts)
    message = (
        f"{supplier.name} asks to pay to a new account {mask_iban(iban)}; known: {usual}. "
        f"Ask the supplier on a number that you know, never on one that stands on this invoice."
    )
    yield error("changed-iban", message, FieldName.IBAN)


def _habits(record: Record, supplier: Supplier, rules: Rules | None) -> Iterator[Finding]:
    """What a person should look at, though a posting survives it."""
    currency = record.value(FieldName.CURRENCY)
    usual = {code for code in (supplier.currency, *(rules.currencies if rules else ())) if code}
    if usual and currency and currency not in usual:
        message = f"{supplier.name} usually invoices in {' or '.join(sorted(usual))}, this invoice is in {currency}."
        yield warning("unusual-currency", message, FieldName.CURRENCY)
    rates = {shortest(rate) for rate in (*supplier.vat_rates, *(rules.vat_rates if rules else ()))}
    strange = {row.rate for row in record.vat_breakdown if row.rate is not None and shortest(row.rate) not in rates}
    if rates and strange:
        message = f"{supplier.name} has not had a VAT rate of {', '.join(f'{rate:f} %' for rate in sorted(strange))}."
        yield info("unusual-vat-rate", message, FieldName.TAX_TOTAL)
    yield from _unusual_amount(record, supplier, rules)


def _unusual_amount(record: Record, supplier: Supplier, rules: Rules | None) -> Iterator[Finding]:
    gross, spread = record.value(FieldName.GROSS_TOTAL), rules.gross if rules else None
    if gross is None or spread is None or spread.seen < ENOUGH or spread.most <= 0:
        return
    if gross > UNUSUAL * spread.most:
        message = f"{say(gross)} is over {UNUSUAL} times the greatest invoice of {supplier.name} so far."
        yield warning("unusual-amount", message, FieldName.GROSS_TOTAL)
