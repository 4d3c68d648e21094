"""A record becomes a coding: where each amount is booked; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from pydantic import ValidationError

from pipeline.posting.amounts import ZERO, NotBookable, Share, Split, apportion, is_negative, split
from pipeline.posting.coding.choose import RULE, SETTLED, Choice, Chooser
from pipeline.posting.coding.history import History
from pipeline.posting.coding.plan import Plan
from pipeline.posting.coding.taxes import Booked, book_tax
from pipeline.suppliers.confirm import supplier_of
from pipeline.suppliers.master import Master
from pipeline.suppliers.model import Supplier
from schemas import DocumentType, Invoice, Record, VatBreakdown
from schemas.posting import CodedLine, Coding, Entry

MOST_REASONS = 12
"""Reasons that a coding tells; more of them would not be read."""
LABEL = 200
"""Characters of a label."""


@dataclass(frozen=True, eq=False)
class Coder:
    """All that a client's codings rest on; built by `shelf.open_coder`."""

    plan: Plan
    history: History
    master: Master

    def code(self, record: Record, document_id: str = "", part: int = 1) -> Coding:
        """As `code`, with what is known of the client."""
        return code(record, self.plan, self.history, self.master, document_name(document_id, part))

    def entries(self, record: Record, document: str) -> list[Entry]:
        """Each description of a record with the account that is chosen for it now: what a person confirms or changes.

        A record without lines gives one entry without text. Raises NotBookable.
        """
        supplier, whole = self.supplier(record), split(_invoice(record))
        chooser = Chooser(self.plan, self.history, supplier, document)
        found: dict[str, Entry] = {}
        for share in whole.shares:
            for text in share.texts or ("",):
                choice = chooser.choose(replace(share, texts=(text,) if text else ()))
                found[text] = Entry(supplier.key, text, choice.account, choice.cost_centre, document)
        return list(found.values())

    def supplier(self, record: Record) -> Supplier:
        """The supplier whose history and rules count for a record."""
        name = record.invoice().seller.name or "?"
        return supplier_of(record, self.master) or Supplier(key=name, name=name)


class Rate(NamedTuple):
    """One row of the VAT breakdown: what was bought at that rate, and what was chosen for each of it."""

    row: VatBreakdown
    shares: tuple[Share, ...]
    choices: tuple[Choice, ...]

    def lines(self, tax: Booked) -> Iterator[CodedLine]:
        """Each share with the VAT on it that is not deducted."""
        for share, choice, cost in zip(self.shares, self.choices, tax.costs, strict=True):
            yield CodedLine(
                account=choice.account,
                cost_centre=choice.cost_centre,
                label=(share.label or choice.account)[:LABEL],
                net=share.net + cost,
                tax_category=share.category,
                tax_rate=share.rate,
            )


@dataclass(frozen=True)
class Booking:
    """An invoice with what was chosen for each of its shares; `coding` makes the entry of the books of it."""

    invoice: Invoice
    whole: Split
    chooser: Chooser
    rates: tuple[Rate, ...]

    def coding(self) -> Coding:
        """Where all of it is booked. Raises NotBookable when all amounts are zero."""
        plan = self.chooser.plan
        taxes = [book_tax(rate.row, rate.shares, rate.choices, self.invoice, plan.vat) for rate in self.rates]
        lines = [line for rate, tax in zip(self.rates, taxes, strict=True) for line in rate.lines(tax)]
        choices = [choice for rate in self.rates for choice in rate.choices]
        coding = Coding(
            supplier_account=self.chooser.supplier_account(),
            lines=_merged([*lines, *_rounding(self.whole.rounding, plan)]),
            taxes=tuple(one for tax in taxes for one in tax.taxes),
            confidence=min([choice.confidence for choice in choices] + [tax.confidence for tax in taxes]),
            why=_reasons(self.whole, choices, taxes, self.invoice),
        )
        _check(coding, self.whole)
        return _turned(coding) if is_negative(self.invoice) else coding


def propose(coder: Coder, record: Record, document: str = "") -> Booking:
    """What is known to be right, or else usual, for each share of a record.

    `document` names the invoice in the history, so that what a person settled for it counts. Raises NotBookable when
    the record's amounts do not add up.
    """
    invoice = _invoice(record)
    chooser = Chooser(coder.plan, coder.history, coder.supplier(record), document)
    whole = split(invoice)

    def rate_of(row: VatBreakdown, shares: tuple[Share, ...]) -> Rate:
        return Rate(row, shares, tuple(_for_type(chooser.choose(share), invoice, chooser) for share in shares))

    return Booking(invoice, whole, chooser, tuple(rate_of(row, shares) for row, shares in _by_rate(whole)))


def code(
    record: Record, plan: Plan, history: History | None = None, master: Master | None = None, document: str = ""
) -> Coding:
    """Where a record is booked; lines and taxes together are the total with VAT to the cent.

    `document` names the invoice in the history, so that what a person settled for it counts. Amounts of a credit note
    are negative. Raises NotBookable when the record's amounts do not add up, or are all zero.
    """
    return propose(Coder(plan, history or History(), master or Master(())), record, document).coding()


def document_name(document_id: str, part: int) -> str:
    """How the history names an invoice; empty for one that is not archived."""
    return f"{document_id}/{part}" if document_id else ""


def _invoice(record: Record) -> Invoice:
    try:
        return record.invoice()
    except ValidationError as error:
        raise NotBookable(f"The record holds a value that no invoice can have: {error.errors()[0]['msg']}") from error


def _by_rate(whole: Split) -> Iterator[tuple[VatBreakdown, tuple[Share, ...]]]:
    """The shares of each row of the breakdown, its allowances and charges spread over them: a discount on the invoice
    itself has no account of its own (PCG art. 946-60)."""
    for row in whole.taxes:
        rate = row.rate or ZERO
        mine = [share for share in whole.shares if (share.category, share.rate) == (row.category, rate)]
        mine = mine or [Share(ZERO, row.category, rate, "", ())]
        for adjustment in whole.adjustments:
            if (adjustment.category, adjustment.rate) == (row.category or "", rate):
                parts = apportion(adjustment.signed, [abs(share.net) for share in mine])
                mine = [replace(share, net=share.net + part) for share, part in zip(mine, parts, strict=True)]
        yield row, tuple(mine)


def _for_type(choice: Choice, invoice: Invoice, chooser: Chooser) -> Choice:
    """A prepayment is no cost yet."""
    if invoice.doc_type is not DocumentType.PREPAYMENT_INVOICE or choice.confidence == SETTLED:
        return choice
    account = chooser.plan.prepayment_account
    return choice._replace(
        account=account, confidence=RULE, because=f"a prepayment to {chooser.supplier.name}", text=""
    )


def _rounding(rounding: Decimal, plan: Plan) -> Iterator[CodedLine]:
    """What a till rounded the total by."""
    if rounding:
        account = plan.rounding_cost if rounding > 0 else plan.rounding_gain
        yield CodedLine(account=account, label="Arrondi", net=rounding, tax_rate=ZERO)


def _merged(lines: Iterable[CodedLine]) -> tuple[CodedLine, ...]:
    """One line an account, cost centre, VAT category and rate; those of zero are left out."""
    found: dict[object, CodedLine] = {}
    for line in lines:
        key = (line.account, line.cost_centre, line.tax_category, line.tax_rate)
        before = found.get(key)
        if before is None:
            found[key] = line
            continue
        label = before.label if line.label in before.label else f"{before.label} + {line.label}"[:LABEL]
        found[key] = before.model_copy(update={"net": before.net + line.net, "label": label})
    return tuple(line for line in found.values() if line.net)


def _reasons(whole: Split, choices: Sequence[Choice], taxes: Sequence[Booked], invoice: Invoice) -> tuple[str, ...]:
    """Why it is booked so, the least sure first."""
    said = [choice.why for choice in sorted(choices, key=lambda choice: choice.confidence)]
    said += [tax.why for tax in taxes if tax.why]
    if whole.by_rate and invoice.lines:
        said.insert(0, "the lines do not add up to the net total: booked by VAT rate")
    if invoice.totals.prepaid:
        said.append(f"{invoice.totals.prepaid} was paid before: settle it against the prepayment account")
    return tuple(dict.fromkeys(said))[:MOST_REASONS]


def _check(coding: Coding, whole: Split) -> None:
    if coding.total != whole.gross:
        raise NotBookable(f"Lines and VAT make {coding.total}, but the total is {whole.gross}.")
    if not coding.lines and not coding.taxes:
        raise NotBookable("All amounts are zero: there is nothing to book.")


def _turned(coding: Coding) -> Coding:
    """The coding of a credit note."""
    lines = tuple(line.model_copy(update={"net": -line.net}) for line in coding.lines)
    taxes = tuple(tax.model_copy(update={"base": -tax.base, "amount": -tax.amount}) for tax in coding.taxes)
    return coding.model_copy(update={"lines": lines, "taxes": taxes})
