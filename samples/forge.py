"""Papers that say something wrong or something else: what traps are made of."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from samples.company import make_account
from samples.model import EPOCH, Paper, balanced
from samples.sums import ZERO, breakdown_of
from schemas import Invoice, Party


def with_wrong_sum(rng: Random, paper: Paper) -> Paper:
    """Totals that do not add up: one of net, VAT and gross is off by more than any rounding."""
    totals = paper.invoice.totals
    name = rng.choice(["net", "tax", "gross"])
    wrong = getattr(totals, name) + Decimal(rng.choice(["1.00", "10.00", "-5.40", "100.00", "27.30"]))
    update = {name: wrong, "due": wrong} if name == "gross" else {name: wrong}
    return changed(paper, totals=totals.model_copy(update=update))


def wrong_check_digit(rng: Random, identifier: str) -> str:
    """The identifier with one of its last six digits changed, so that its check digits no longer fit."""
    at = rng.choice([at for at, sign in enumerate(identifier) if sign.isdigit() and at >= 4][-6:])
    digit = str((int(identifier[at]) + rng.randrange(1, 9)) % 10)
    return identifier[:at] + digit + identifier[at + 1 :]


def other_number(rng: Random, paper: Paper) -> Paper:
    """The paper with another last digit in its number."""
    number = str(paper.invoice.number)
    at = max(at for at, sign in enumerate(number) if sign.isdigit())
    return changed(paper, number=f"{number[:at]}{(int(number[at]) + rng.randrange(1, 9)) % 10}{number[at + 1 :]}")


def other_date(rng: Random, paper: Paper) -> Paper:
    """The paper issued some days or a month before or after."""
    moved = timedelta(days=rng.choice([-31, -7, -1, 1, 10, 30]))
    return changed(paper, issue_date=(paper.invoice.issue_date or EPOCH) + moved)


def other_iban(rng: Random, paper: Paper) -> Paper:
    """The paper with another valid account of the country."""
    account = make_account(rng, paper.supplier.company.country)
    return changed(paper, payment=paper.invoice.payment.model_copy(update={"iban": account and account.iban}))


def dated(paper: Paper, years: int) -> Paper:
    """The paper issued, delivered and due so many times 365 days later."""
    moved = timedelta(days=365 * years)
    dates = {name: getattr(paper.invoice, name) for name in ("issue_date", "delivery_date", "due_date")}
    return changed(paper, **{name: day and day + moved for name, day in dates.items()})


def with_wrong_row(paper: Paper) -> Paper:
    """A VAT breakdown whose first amount is not what its rate makes of its base."""
    first, *others = paper.invoice.vat_breakdown
    wrong = first.model_copy(update={"amount": (first.amount or ZERO) + Decimal("12.34")})
    return changed(paper, vat_breakdown=(wrong, *others))


def sold_by(paper: Paper, seller: Party) -> Paper:
    """The paper of this seller, whose numbers also stand in its letterhead."""
    company = replace(paper.supplier.company, party=seller)
    return replace(changed(paper, seller=seller), supplier=replace(paper.supplier, company=company))


def dearer(paper: Paper) -> Paper:
    """The same invoice with other totals that add up among themselves: every quantity doubled."""
    lines = tuple(
        line.model_copy(
            update={key: (getattr(line, key) or ZERO) * 2 for key in ("quantity", "net_amount", "discount")}
        )
        for line in paper.invoice.lines
    )
    return balanced(replace(changed(paper, lines=lines, vat_breakdown=breakdown_of(lines, ())), adjustments=()))


def changed(paper: Paper, **changes: object) -> Paper:
    """The paper with these changes to its invoice."""
    invoice: Invoice = paper.invoice.model_copy(update=changes)
    return replace(paper, invoice=invoice)
