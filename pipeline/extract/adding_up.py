"""What an assignment of net, VAT and gross is worth: labels, sums (EN 16931 BT-112 = BT-109 + BT-110), rates, recap."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pipeline.extract.rates import VAT_RATES
from schemas import Candidate, InvoiceLine, VatBreakdown

TOLERANCE = Decimal("0.02")
"""How far net plus VAT may be from gross, in the invoice's currency: one rounding of each."""
HIGHEST_RATE = Decimal("0.3")
"""No VAT rate in Europe is above 27 %."""

ADDS_UP = 1.0
ROUNDED = -1.0
"""What a cent or two of difference costs: where another amount fits exactly, this is what is paid in round coins."""
CONTRADICTS = -1.2
KNOWN_RATE = 0.25
AGREES_WITH_RECAP = 0.8
ONLY_A_ROW = -1.0
AGREES_WITH_LINES = 0.5
NO_VAT = 0.35


class Assignment(NamedTuple):
    """A choice of net, VAT and gross, any of them unknown."""

    net: Candidate | None
    tax: Candidate | None
    gross: Candidate | None

    def values(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """The three amounts."""
        net, tax, gross = (option.value if option else None for option in self)
        return net, tax, gross


@dataclass(frozen=True)
class Proof:
    """What lines and VAT recap say of the totals, each None when they say nothing."""

    lines_net: Decimal | None
    recap_net: Decimal | None
    recap_tax: Decimal | None
    recap_rows: tuple[VatBreakdown, ...] = ()

    def recap_agrees(self, assignment: Assignment) -> bool:
        """Whether the VAT recap adds up to net and VAT."""
        net, tax, _ = assignment.values()
        return _near(tax, self.recap_tax) and _near(net, self.recap_net)

    def lines_agree(self, assignment: Assignment) -> bool:
        """Whether the lines add up to the net."""
        return _near(assignment.values()[0], self.lines_net)

    def is_only_a_row(self, assignment: Assignment) -> bool:
        """Whether the totals are those of one VAT rate where the document shows several."""
        net, tax, _ = assignment.values()
        return len(self.recap_rows) > 1 and any(
            _near(net, row.base) and _near(tax, row.amount) for row in self.recap_rows if row.amount
        )


def proof_of(lines: Sequence[InvoiceLine], taxes: Sequence[VatBreakdown]) -> Proof:
    """What the lines and the VAT recap add up to."""
    nets = [line.net_amount for line in lines if line.net_amount is not None and not line.includes_tax]
    bases = [row.base for row in taxes if row.base is not None]
    amounts = [row.amount for row in taxes if row.amount is not None]
    return Proof(
        lines_net=sum(nets, Decimal(0)) if nets and len(nets) == len(lines) else None,
        recap_net=sum(bases, Decimal(0)) if bases and len(bases) == len(taxes) else None,
        recap_tax=sum(amounts, Decimal(0)) if amounts and len(amounts) == len(taxes) else None,
        recap_rows=tuple(taxes),
    )


def worth(assignment: Assignment, proof: Proof) -> float:
    """Labels, and how well the three fit each other, the VAT recap and the lines."""
    value = sum(option.score for option in assignment if option)
    value += _of_sums(assignment)
    if proof.is_only_a_row(assignment):
        return value + ONLY_A_ROW
    value += AGREES_WITH_RECAP if proof.recap_agrees(assignment) else 0.0
    return value + (AGREES_WITH_LINES if proof.lines_agree(assignment) else 0.0)


def left_out(assignment: Assignment, strongest: float) -> float:
    """What it costs to have no gross total though one is named; `strongest` is the score of the best one.

    A receipt's summary of one VAT rate adds up nicely without it.
    """
    return 0.0 if assignment.gross else strongest


def _of_sums(assignment: Assignment) -> float:
    net, tax, gross = assignment.values()
    if net is not None and tax is None and gross is not None:
        # no VAT shown: equal totals are an invoice without VAT, a gross below its net cannot be
        return NO_VAT if net == gross else 0.0 if is_plausible_tax(net, gross - net) else CONTRADICTS
    if net is not None and tax is not None and not is_plausible_tax(net, tax):
        return CONTRADICTS
    if net is None or tax is None or gross is None:
        return 0.0
    if abs(net + tax - gross) > TOLERANCE:
        return CONTRADICTS
    return ADDS_UP + (KNOWN_RATE if is_known_rate(net, tax) else 0.0) + (0.0 if net + tax == gross else ROUNDED)


def adds_up(assignment: Assignment) -> bool:
    """Whether all three are known and net + VAT = gross."""
    net, tax, gross = assignment.values()
    return net is not None and tax is not None and gross is not None and abs(net + tax - gross) <= TOLERANCE


def is_known_rate(net: Decimal, tax: Decimal) -> bool:
    """Whether VAT over net is a rate in force somewhere in Europe, to the cent."""
    return any(abs(net * rate / 100 - tax) <= TOLERANCE for rate in VAT_RATES)


def is_plausible_tax(net: Decimal, tax: Decimal) -> bool:
    """Whether an amount can be the VAT on a net: of the same sign, and no more than any rate gives."""
    return tax == 0 or (net * tax > 0 and abs(tax) <= abs(net) * HIGHEST_RATE)


def _near(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= TOLERANCE
