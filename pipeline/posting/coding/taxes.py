"""Books the VAT: deducted, on assets, not deductible, of another country, or owed by the buyer (reverse charge)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from stdnum.eu.vat import MEMBER_STATES

from pipeline.posting.amounts import ZERO, Share, apportion, cents
from pipeline.posting.coding.choose import ASSET, Choice
from pipeline.posting.coding.plan import VatAccounts
from schemas import Invoice, VatBreakdown
from schemas.posting import CodedTax

HOME = "FR"
REVERSED = frozenset({"AE", "K"})
"""VAT categories under which the buyer owes the VAT (CGI art. 283-2, 283-2 nonies, 256 bis)."""
DOUBTED = 0.5
"""The most that is left where the VAT needs a look."""


class Regime(Enum):
    """Whose VAT a row of the breakdown is, and who owes it."""

    DEDUCTED = "deducted"
    FOREIGN = "foreign"
    REVERSED = "reversed"
    NONE = "none"


@dataclass(frozen=True)
class Booked:
    """The VAT of one row: on VAT accounts, and what is left as a cost of each share."""

    taxes: tuple[CodedTax, ...]
    costs: tuple[Decimal, ...]
    confidence: float = 1.0
    why: str = ""


def book_tax(
    row: VatBreakdown, shares: Sequence[Share], choices: Sequence[Choice], invoice: Invoice, accounts: VatAccounts
) -> Booked:
    """The VAT of a row, given its shares (allowances and charges spread over them) and where they are booked."""
    regime, confidence, why = regime_of(row, invoice)
    nothing = (ZERO,) * len(shares)
    amount = row.amount or ZERO
    if regime is Regime.NONE:
        return Booked((), nothing, confidence, why)
    if regime is Regime.REVERSED:
        return Booked(_reversed(row, shares, choices, accounts), nothing, confidence, why)
    parts = apportion(amount, [abs(share.net) for share in shares])
    if regime is Regime.FOREIGN:
        if accounts.foreign is None:
            return Booked((), tuple(parts), DOUBTED, f"{why}, taken as a cost: it cannot be deducted in France")
        return Booked((_tax(accounts.foreign, row, row.base or ZERO, amount),), nothing, confidence, why)
    return _deducted(row, shares, choices, parts, accounts)


def regime_of(row: VatBreakdown, invoice: Invoice) -> tuple[Regime, float, str]:
    """How a row is treated, how sure that is, and why."""
    country = country_of(invoice)
    abroad = country not in (None, HOME)
    if row.amount:
        return (Regime.FOREIGN, 1.0, f"VAT of {country}") if abroad else (Regime.DEDUCTED, 1.0, "")
    if row.category in REVERSED:
        return Regime.REVERSED, 1.0, f"reverse charge ({row.category})"
    if row.category is None and country in UNION and abroad:
        return Regime.REVERSED, DOUBTED, f"no VAT from {country} and no reason given: taken as a reverse charge"
    if row.category == "G" and abroad:
        return Regime.NONE, 1.0, "import: the VAT is on the customs declaration"
    if row.category is None and abroad:
        return Regime.NONE, DOUBTED, f"no VAT from {country} and no reason given"
    return Regime.NONE, 1.0, ""


UNION = frozenset(code.upper() for code in MEMBER_STATES) | {"EL"}


def country_of(invoice: Invoice) -> str | None:
    """The country whose VAT the seller charges: of its VAT id, else of its address or SIREN; None when unknown."""
    seller = invoice.seller
    if seller.vat_id and seller.vat_id[:2].isalpha():
        return seller.vat_id[:2].upper()
    if seller.siren or seller.siret:
        return HOME
    return seller.country


def _deducted(
    row: VatBreakdown,
    shares: Sequence[Share],
    choices: Sequence[Choice],
    parts: Sequence[Decimal],
    accounts: VatAccounts,
) -> Booked:
    sums: dict[str, list[Decimal]] = {}
    costs: list[Decimal] = []
    for share, choice, part in zip(shares, choices, parts, strict=True):
        deducted = cents(part * choice.deductible / 100)
        costs.append(part - deducted)
        if deducted:
            total = sums.setdefault(_account(choice, row, accounts), [ZERO, ZERO])
            total[0] += share.net
            total[1] += deducted
    return Booked(tuple(_tax(account, row, *total) for account, total in sums.items()), tuple(costs))


def _reversed(
    row: VatBreakdown, shares: Sequence[Share], choices: Sequence[Choice], accounts: VatAccounts
) -> tuple[CodedTax, ...]:
    """Both sides at the home rate: deducted, and owed; together they are zero."""
    rate, base = accounts.reverse_rate, row.base or ZERO
    amount = cents(base * rate / 100)
    home = row.model_copy(update={"rate": rate})
    both = _deducted(home, shares, choices, apportion(amount, [abs(share.net) for share in shares]), accounts)
    return (*both.taxes, _tax(accounts.due, home, base, -sum((tax.amount for tax in both.taxes), ZERO)))


def _account(choice: Choice, row: VatBreakdown, accounts: VatAccounts) -> str:
    if choice.account.startswith(ASSET):
        return accounts.assets
    return next((one for rate, one in accounts.rates.items() if rate == row.rate), accounts.deductible)


def _tax(account: str, row: VatBreakdown, base: Decimal, amount: Decimal) -> CodedTax:
    return CodedTax(account=account, category=row.category, rate=row.rate or ZERO, base=base, amount=amount)
