"""What one document says: an EN 16931 invoice with exact sums, and what else stands on the paper."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from pipeline.posting.adjustment import Adjustment
from samples.company import CURRENCIES, Account, Company, make_account, make_company
from samples.identifiers import digits
from samples.lines import draw_count, make_lines
from samples.sums import ZERO, breakdown_of, cents, swiss_rounding, totals_of
from samples.supplier import Supplier, label_of
from samples.words import chance, weighted, wordings, words
from schemas import DocumentType, Invoice, InvoiceLine, Payment

_CREDIT_PREFIXES = {"fr": "AV", "en": "CN", "de": "GS", "es": "AB", "it": "NC", "nl": "CR"}
_GOODS = {"food", "office", "electrical", "hardware", "textile", "medical", "garden", "grocer", "gadgets", "components"}
EPOCH = date(2025, 1, 6)
"""The first day an invoice may be issued on; a generated invoice never depends on today."""


@dataclass(frozen=True)
class Remarks:
    """What stands beside the invoice's own fields: other numbers, dates and amounts that must not be mistaken."""

    customer_number: str
    our_order: str
    delivery_note: str
    quote_number: str
    order_date: date
    sales_rep: str
    project: str
    terms: str
    factor: str = ""
    debit_account: Account | None = None
    early_payment: tuple[Decimal, Decimal] | None = None
    previous_balance: Decimal | None = None
    exemption: str = ""
    ship_to: Company | None = None


@dataclass(frozen=True)
class Paper:
    """A document as its supplier would send it."""

    supplier: Supplier
    buyer: Company
    invoice: Invoice
    adjustments: tuple[Adjustment, ...]
    remarks: Remarks


def make_paper(
    rng: Random, supplier: Supplier, doc_type: DocumentType, sequence: int, e_invoice: bool = False, lines: int = 0
) -> Paper:
    """One document of the supplier; `sequence` makes its number unique, `lines` fixes the number of lines."""
    buyer = _buyer(rng, supplier)
    category = _vat_category(rng, supplier, buyer)
    issued = EPOCH + timedelta(days=rng.randrange(500))
    due = issued + timedelta(days=supplier.style.terms_days)
    invoice_lines = make_lines(rng, supplier, category, lines or draw_count(rng))
    adjustments = _adjustments(rng, supplier, invoice_lines)
    remarks = _remarks(rng, supplier, category, issued)
    invoice = Invoice(
        number=_number(supplier, issued, sequence, doc_type),
        doc_type=doc_type,
        issue_date=issued,
        due_date=due,
        delivery_date=issued - timedelta(days=rng.randrange(12)),
        currency=_currency(supplier),
        po_number=_po_number(rng, supplier) if chance(rng, 0.6) else None,
        preceding_invoice=_preceding(rng, supplier, issued, sequence, doc_type),
        seller=supplier.company.party,
        buyer=buyer.party,
        payment=_payment(supplier, remarks),
        lines=invoice_lines,
        vat_breakdown=breakdown_of(invoice_lines, adjustments),
    )
    paper = Paper(supplier, buyer, invoice, adjustments, remarks)
    return _with_totals(rng, _as_credit(paper, e_invoice))


def accounts_of(supplier: Supplier) -> tuple[str, ...]:
    """The IBANs a supplier asks to pay to: its own, and that of its factor if it has one."""
    found = [supplier.company.account]
    if "factor" in supplier.style.shows:
        found.append(make_account(Random(f"{supplier.key}/factor"), supplier.company.country))
    return tuple(account.iban for account in found if account)


def balanced(paper: Paper, prepaid: Decimal = ZERO, rounding: Decimal = ZERO) -> Paper:
    """The paper with its totals worked out from lines, adjustments and VAT breakdown."""
    invoice = paper.invoice
    totals = totals_of(invoice.lines, paper.adjustments, invoice.vat_breakdown, prepaid, rounding)
    return replace(paper, invoice=invoice.model_copy(update={"totals": totals}))


def _with_totals(rng: Random, paper: Paper) -> Paper:
    paper = balanced(paper)
    gross = paper.invoice.totals.gross or ZERO
    prepaid, rounding = ZERO, ZERO
    if paper.invoice.doc_type is DocumentType.INVOICE and gross > 50:
        share = weighted(rng, {"0": 87, "0.3": 6, "0.5": 3, "1": 4})
        prepaid = gross if _was_paid(paper) else cents(gross * Decimal(share))
    if paper.invoice.currency == "CHF" and not prepaid and chance(rng, 0.5):
        rounding = swiss_rounding(gross)
    paper = balanced(paper, prepaid, rounding)
    return _with_amount_remarks(rng, paper)


def _was_paid(paper: Paper) -> bool:
    """Whether it was paid when ordered, as the layout has it; nothing of that is collected or sold to a factor."""
    rng, remarks = Random(f"{paper.supplier.key}/{paper.invoice.number}/paid"), paper.remarks
    return chance(rng, paper.supplier.style.layout.paid) and not (remarks.debit_account or remarks.factor)


def _with_amount_remarks(rng: Random, paper: Paper) -> Paper:
    style, gross = paper.supplier.style, paper.invoice.totals.gross or ZERO
    remarks = paper.remarks
    if "early" in style.shows and paper.invoice.totals.due == gross and chance(rng, 0.7):
        percent = Decimal(rng.choice([1, 2, 3]))
        remarks = replace(remarks, early_payment=(percent, gross - cents(gross * percent / 100)))
    if "previous_balance" in style.shows and chance(rng, 0.5):
        remarks = replace(remarks, previous_balance=cents(Decimal(str(rng.uniform(20, 900)))))
    return replace(paper, remarks=remarks)


def _as_credit(paper: Paper, e_invoice: bool) -> Paper:
    """Some suppliers print credit notes with negative amounts; the standard's 381 has positive ones."""
    credit = paper.invoice.doc_type is DocumentType.CREDIT_NOTE
    if not credit or e_invoice or "negative_credit" not in paper.supplier.style.shows:
        return paper
    lines = tuple(
        line.model_copy(
            update={
                "quantity": -(line.quantity or ZERO),
                "net_amount": -(line.net_amount or ZERO),
                "discount": -line.discount if line.discount else None,
            }
        )
        for line in paper.invoice.lines
    )
    breakdown = breakdown_of(lines, ())
    invoice = paper.invoice.model_copy(update={"lines": lines, "vat_breakdown": breakdown})
    return replace(paper, invoice=invoice, adjustments=())


def _buyer(rng: Random, supplier: Supplier) -> Company:
    # A clientele of seven, of the same country but for the odd one.
    number = rng.randrange(7)
    own, split = Random(f"buyer/{supplier.key}/{number}"), supplier.style.layout.split
    if number == 0 and supplier.company.country in {"FR", "DE", "BE", "AT", "IE", "ES", "IT", "NL"}:
        language = own.choice([language for language in ("fr", "de") if language != supplier.language])
        return make_company(own, language, {"fr": "BE", "de": "DE"}[language], split=split)
    return make_company(own, supplier.language, supplier.company.country, split=split)


def _currency(supplier: Supplier) -> str:
    """That of its country; some suppliers always invoice in another one."""
    own = CURRENCIES[supplier.company.country]
    rng = Random(f"{supplier.key}/currency")
    return rng.choice(["USD", "GBP", "CHF"]) if chance(rng, supplier.style.layout.abroad) else own


def _vat_category(rng: Random, supplier: Supplier, buyer: Company) -> str:
    company = supplier.company
    if company.party.vat_id is None and company.country != "US":
        return "E"
    if supplier.style.gross_prices or company.country in {"US", "CH", "GB"}:
        return "S"
    if buyer.country != company.country:
        return "K" if company.trade in _GOODS else "AE"
    return "AE" if company.trade in {"building", "heating"} and chance(rng, 0.15) else "S"


def _adjustments(rng: Random, supplier: Supplier, lines: tuple[InvoiceLine, ...]) -> tuple[Adjustment, ...]:
    if supplier.style.gross_prices:
        return ()
    category = str(lines[0].tax_category)
    rate = max(line.tax_rate or ZERO for line in lines)
    base = sum((line.net_amount or ZERO for line in lines if line.tax_rate == rate), ZERO)
    found = []
    if chance(rng, 0.1):
        amount = cents(base * Decimal(rng.choice([2, 3, 5, 10])) / 100)
        found.append(Adjustment(amount, False, category, rate, label_of(supplier.style, "allowance_total")))
    if chance(rng, 0.15):
        amount = Decimal(rng.choice(["6.90", "9.50", "12.00", "15.00", "24.90", "45.00"]))
        found.append(Adjustment(amount, True, category, rate, label_of(supplier.style, "charge_total")))
    return tuple(adjustment for adjustment in found if adjustment.amount)


def _number(supplier: Supplier, issued: date, sequence: int, doc_type: DocumentType) -> str:
    start = Random(f"{supplier.key}/sequence").choice([12, 140, 400, 1000, 4300])
    pattern = supplier.style.number_pattern
    if doc_type is DocumentType.CREDIT_NOTE and pattern[0].isalpha():
        pattern = _CREDIT_PREFIXES[supplier.language] + pattern.lstrip("ACEFINRV")
    elif not doc_type.is_postable and pattern[0].isalpha():
        pattern = doc_type.value[:2].upper() + pattern.lstrip("ACEFINRV")
    return pattern.format(year=issued.year, yy=issued.year % 100, month=issued.month, seq=start + sequence)


def _preceding(rng: Random, supplier: Supplier, issued: date, sequence: int, doc_type: DocumentType) -> str | None:
    if doc_type not in {DocumentType.CREDIT_NOTE, DocumentType.CORRECTED_INVOICE}:
        return None
    before = sequence - rng.randrange(1, 9)
    return _number(supplier, issued - timedelta(days=20), before, DocumentType.INVOICE)


def _po_number(rng: Random, supplier: Supplier) -> str:
    layout = supplier.style.layout
    own = words("habits_more") if layout.further else wordings("habits", layout.split)
    if shapes := own.get("orders"):
        return re.sub(r"{(\d)}", lambda found: digits(rng, int(found[1])), rng.choice(shapes))
    shape = rng.choice(["PO-{5}", "45000{5}", "BC{4}", "CDE-2026-{4}", "{6}", "B{4}/26"])
    return shape.format(*["" for _ in range(4)], digits(rng, 4), digits(rng, 5), digits(rng, 6))


def _payment(supplier: Supplier, remarks: Remarks) -> Payment:
    account = supplier.company.account
    if remarks.factor:
        account = make_account(Random(f"{supplier.key}/factor"), supplier.company.country)
    if remarks.debit_account or account is None:
        return Payment(terms=remarks.terms)
    return Payment(iban=account.iban, bic=account.bic, terms=remarks.terms)


def _remarks(rng: Random, supplier: Supplier, category: str, issued: date) -> Remarks:
    style, company, language = supplier.style, supplier.company, supplier.language
    split = style.layout.split
    texts, data = wordings("texts", split), wordings("companies", split)
    own = Random(f"{supplier.key}/remarks")
    has_iban = company.account is not None
    factor = own.choice(data["factors"]) if has_iban and "factor" in style.shows else ""
    debit = has_iban and not factor and "direct_debit" in style.shows
    terms = own.choice(texts["terms_days" if style.terms_days else "terms_receipt"][language])
    return Remarks(
        customer_number=own.choice(["C{:05d}", "{:06d}", "CLI-{:04d}", "411{:05d}"]).format(rng.randrange(10**4)),
        our_order=own.choice(["CC{}", "{}", "AB-{}"]).format(digits(rng, 6)),
        delivery_note=own.choice(["BL{}", "{}", "LS-{}"]).format(digits(rng, 5)),
        quote_number=own.choice(["D{}", "DEV-{}", "{}"]).format(digits(rng, 5)),
        order_date=issued - timedelta(days=rng.randrange(5, 60)),
        sales_rep=f"{own.choice(data['first_names'][language])} {own.choice(data['families'][language])}",
        project=f"{rng.choice(data['streets'][language])} {rng.randrange(1, 99)}",
        terms=terms.format(days=style.terms_days),
        factor=factor,
        debit_account=make_account(rng, company.country) if debit else None,
        exemption=_exemption(texts["exempt"], company.country, language, category),
        ship_to=make_company(rng, language, company.country, split=split) if "ship_to" in style.shows else None,
    )


def _exemption(texts: dict[str, str], country: str, language: str, category: str) -> str:
    return texts.get(f"E-{country}" if category == "E" else f"{category}-{language}", "")
