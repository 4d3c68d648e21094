"""What is posted into an accounting system, and what comes back from it."""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import Field as Constraint

from schemas.base import Amount, Probability, Value
from schemas.field import Record

Account = Annotated[str, Constraint(pattern=r"^[0-9A-Z]{3,15}$")]
"""The number of an account of the client's chart, such as 401FOURN, 606300 or 445660 (PCG)."""


class CodedLine(Value):
    """What is booked on one expense account: one or more invoice lines of the same account, centre and VAT rate."""

    account: Account
    cost_centre: str | None = None
    label: str = Constraint(max_length=200)
    net: Amount = Constraint(description="Without VAT, negative on a credit note.")
    tax_category: str | None = Constraint(default=None, description="UNCL 5305 (BT-118)")
    tax_rate: Amount = Constraint(description="Per cent (BT-119)")


class CodedTax(Value):
    """The VAT of one rate, on its account."""

    account: Account
    category: str | None = Constraint(default=None, description="UNCL 5305 (BT-118)")
    rate: Amount = Constraint(description="Per cent (BT-119)")
    base: Amount
    amount: Amount


class Coding(Value):
    """Where an invoice is booked; lines and taxes together are the total with VAT (BT-112) to the cent."""

    supplier_account: Account
    lines: tuple[CodedLine, ...]
    taxes: tuple[CodedTax, ...] = ()
    confidence: Probability = Constraint(description="The least of its parts; a doubtful coding goes to a person.")
    why: tuple[str, ...] = Constraint(default=(), description="Which rule or history chose which account, in words.")

    @property
    def total(self) -> Decimal:
        """Lines and taxes together, in the invoice's currency."""
        return sum((line.net for line in self.lines), Decimal(0)) + self.tax

    @property
    def tax(self) -> Decimal:
        """The VAT on VAT accounts; what cannot be deducted is in the lines."""
        return sum((tax.amount for tax in self.taxes), Decimal(0))


class Entry(NamedTuple):
    """A description, and the account that a person or the books confirmed for it."""

    supplier: str
    text: str
    account: str
    cost_centre: str | None
    document: str
    """Which invoice; several lines of one count once."""


class PostingKey(Value):
    """What tells one posting from all others, the same after every crash: what is looked for in the target."""

    client_id: str
    seller: str = Constraint(description="SIREN, else VAT id, else plain name, as in `BusinessKey`.")
    number: str = Constraint(description="Without spaces and punctuation, in upper case.")
    issue_date: date
    gross: Amount = Constraint(description="Total with VAT (BT-112), two decimals.")

    @property
    def reference(self) -> str:
        """The key as 20 hexadecimal digits, short enough for a reference field of any accounting system."""
        parts = (self.client_id, self.seller, self.number, self.issue_date.isoformat(), f"{self.gross:.2f}")
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]


class PostingOrder(Value):
    """One cleared invoice on its way into the target."""

    key: PostingKey
    document_id: str
    part: int = Constraint(ge=1)
    file_name: str
    sha256: str = Constraint(description="Of the original, which the archive holds.")
    record: Record = Constraint(description="As the machine or a person cleared it.")
    coding: Coding


class Voucher(Value):
    """What a target says that it holds."""

    reference: str | None = Constraint(description="`PostingKey.reference`, as it was given to the target.")
    target_id: str = Constraint(description="The number under which the target keeps it.")
    seller_name: str
    number: str = Constraint(description="The seller's invoice number, as keyed.")
    issue_date: date
    net: Amount
    tax: Amount
    gross: Amount
    currency: str = "EUR"
    is_posted: bool = Constraint(default=True, description="False for a draft that somebody or a crash left behind.")


class Receipt(Value):
    """The proof of a posting."""

    target: str
    voucher: Voucher
    at: datetime
    seconds: float = Constraint(ge=0, description="Wall time of the attempt that made or found it.")
    found: bool = Constraint(description="True when it was already there: an attempt before this one had done it.")
    evidence: tuple[str, ...] = Constraint(default=(), description="Screenshots and files, relative to the home.")
    steps: dict[str, float] = Constraint(default_factory=dict, description="Wall seconds by step of the robot.")
