"""The accounts, taxes and journal of a Tryton company: which of its own numbers stand for those of a coding."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Self

from pipeline.errors import TargetRefused
from pipeline.posting.tryton.rpc import Row, Session

COLLECTIVE = "401"
"""Suppliers' accounts of a coding that begin so and are not in the chart are Tryton's party, not accounts."""
SERVICES = ("61", "62")
"""Beginnings of the accounts of services (PCG), whose VAT Tryton's French chart declares apart from that of goods."""


class Account(NamedTuple):
    """An account that can be booked on."""

    id: int
    code: str
    is_payable: bool


class Tax(NamedTuple):
    """A tax of purchases that is one percentage of the base."""

    id: int
    top: int
    """What a line is given: this tax, or the one that stands for it at different dates."""
    rate: Decimal
    """Per cent."""
    account: int
    credit_account: int
    description: str
    is_for_services: bool
    start: date | None
    end: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


class Chart:
    """What a company of Tryton books on."""

    def __init__(
        self, accounts: Sequence[Account], taxes: Sequence[Tax], journal: int, names: Mapping[str, str]
    ) -> None:
        self._accounts = {account.code: account for account in accounts}
        self._names = names
        self._taxes = taxes
        self.journal = journal

    @classmethod
    def read(cls, session: Session, names: Mapping[str, str]) -> Self:
        """Ask for it; `names` are accounts that have other numbers there.

        Raises TargetDown, and TargetRefused without a journal of expenses.
        """
        mine = ["company", "=", session.company]
        found = session.rows("account.account", [mine, *_OPEN], ["code", "type.payable"])
        accounts = [Account(row["id"], row["code"], bool((row["type."] or {}).get("payable"))) for row in found]
        taxes = _leaves(session.rows("account.tax", [mine], _TAX_FIELDS))
        journals = session.rows("account.journal", [["type", "=", "expense"]], ["code"], limit=1)
        if not journals:
            raise TargetRefused("Tryton has no journal of the type expense.", remedy="Add one: Accounting, Journals.")
        return cls(accounts, taxes, journals[0]["id"], names)

    def account(self, code: str) -> Account:
        """The account of a coding: the same number, or the same without the zeros at its end (606300 is 6063).

        Raises TargetRefused.
        """
        named = self._names.get(code, code)
        if found := self._accounts.get(named) or self._accounts.get(named.rstrip("0")):
            return found
        raise TargetRefused(f"The account {code} is not in Tryton's chart, or is closed there.", remedy=_NO_ACCOUNT)

    def supplier_account(self, code: str) -> Account | None:
        """The account that is owed on; None: the supplier's own, as Tryton has it. Raises TargetRefused."""
        if found := self._accounts.get(self._names.get(code, code)):
            return found
        if code.startswith(COLLECTIVE):
            return None
        bare = code.rstrip("0")
        return self._accounts.get(bare) or self._accounts.get(f"{bare}1") or self.account(code)

    def tax(self, rate: Decimal, account: Account, day: date, is_for_services: bool = False) -> Tax | None:
        """The tax of this rate in force that is booked on this account; None when there is none."""
        fitting = [tax for tax in self._taxes if (tax.rate, tax.account) == (rate, account.id) and tax.holds_on(day)]
        return min(fitting, key=lambda tax: (tax.is_for_services is not is_for_services, tax.id), default=None)


_OPEN = [["closed", "=", False], ["type", "!=", None]]
_TAX_FIELDS = [
    *("description", "name", "type", "rate", "parent", "group.kind", "group.code", "start_date", "end_date"),
    *("invoice_account", "credit_note_account"),
]
_NO_ACCOUNT = "Open it in Tryton, or name another one in `tryton.accounts`; then `backoffice postings retry`."
_SERVICE_WORD = "service"


def _leaves(rows: Sequence[Row]) -> list[Tax]:
    """Taxes that alone make up what a line is given; those of a reverse charge come in pairs and are left out."""
    by_id = {row["id"]: row for row in rows}
    found: dict[tuple[int, date | None, date | None], list[Tax]] = defaultdict(list)
    for row in rows:
        top = row
        while top["parent"]:
            top = by_id[top["parent"]]
        group = top["group."] or {}
        if row["type"] == "percentage" and group.get("kind") in ("purchase", "both"):
            tax = _tax(row, top["id"], _SERVICE_WORD in (group.get("code") or "").lower())
            found[tax.top, tax.start, tax.end].append(tax)
    return [tax for taxes in found.values() for tax in taxes if len(taxes) == 1]


def _tax(row: Row, top: int, is_for_services: bool) -> Tax:
    return Tax(
        id=row["id"],
        top=top,
        rate=row["rate"] * 100,
        account=row["invoice_account"],
        credit_account=row["credit_note_account"],
        description=row["description"] or row["name"],
        is_for_services=is_for_services,
        start=row["start_date"],
        end=row["end_date"],
    )
