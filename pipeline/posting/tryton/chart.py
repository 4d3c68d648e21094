"""The accounts, taxes and journal of a Tryton company: which of its own numbers stand for those of a coding."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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

    top_name: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


class Reversal(NamedTuple):
    """The two taxes of a reverse charge, of opposite rates: what the buyer deducts, and what it owes."""

    deducted: Tax
    due: Tax

    def is_on(self, rate_and_accounts: tuple[Decimal, int, int], day: date) -> bool:
        """Whether it has this rate, is booked on these accounts, and is in force on a day."""
        mine = (self.deducted.rate, self.deducted.account, self.due.account)
        return mine == rate_and_accounts and self.deducted.holds_on(day)


class Centre(NamedTuple):
    """An analytic account: a cost centre."""

    id: int
    root: int


class Chart:
    """What a company of Tryton books on."""

    centres: Mapping[str, Centre] | None
    """By their codes; None where Tryton's analytic accounting is not installed."""

    def __init__(
        self,
        accounts: Sequence[Account],
        taxes: Sequence[Sequence[Tax]],
        journal: int,
        names: Mapping[str, str],
        centres: Mapping[str, Centre] | None = None,
    ) -> None:
        self.centres = centres
        self._accounts = {account.code: account for account in accounts}
        self._names = names
        self._taxes = [tax for tax, *others in taxes if not others]
        self._reversals = [Reversal(*_by_rate(pair)) for pair in taxes if _is_reversal(pair)]
        self.journal = journal

    @classmethod
    def read(cls, session: Session, names: Mapping[str, str]) -> Self:
        """Ask for it; `names` are accounts that have other numbers there.

        Raises TargetDown, and TargetRefused without a journal of expenses.
        """
        mine = ["company", "=", session.company]
        found = session.rows("account.account", [mine, *_OPEN], ["code", "type.payable"])
        accounts = [Account(row["id"], row["code"], bool((row["type."] or {}).get("payable"))) for row in found]
        taxes = _families(session.rows("account.tax", [mine], _TAX_FIELDS))
        journals = session.rows("account.journal", [["type", "=", "expense"]], ["code"], limit=1)
        if not journals:
            raise TargetRefused("Tryton has no journal of the type expense.", remedy="Add one: Accounting, Journals.")
        return cls(accounts, taxes, journals[0]["id"], names, _centres(session))

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

    def centre(self, code: str) -> Centre:
        """The cost centre of a code. Raises TargetRefused."""
        if found := (self.centres or {}).get(code):
            return found
        raise TargetRefused(f"Tryton has no analytic account {code}.", remedy=_NO_CENTRE)

    def tax(self, rate: Decimal, account: Account, day: date, is_for_services: bool = False) -> Tax | None:
        """The tax of this rate in force that is booked on this account; None when there is none."""
        fitting = [tax for tax in self._taxes if (tax.rate, tax.account) == (rate, account.id) and tax.holds_on(day)]
        return min(fitting, key=lambda tax: (tax.is_for_services is not is_for_services, tax.id), default=None)

    def reversal(
        self, rate: Decimal, accounts: tuple[Account, Account], day: date, word: str, is_for_services: bool = False
    ) -> Reversal | None:
        """The reverse charge of this rate in force that is deducted and owed on these accounts.

        `word` stands in its name: Tryton's French chart has one for purchases in the Union and one for those outside.
        """
        deducted, due = accounts
        wanted = (rate, deducted.id, due.id)
        found = [pair for pair in self._reversals if pair.is_on(wanted, day) and word in pair.due.top_name.lower()]
        return min(found, key=lambda pair: (pair.due.is_for_services is not is_for_services, pair.due.id), default=None)


_OPEN = [["closed", "=", False], ["type", "!=", None]]
_TAX_FIELDS = [
    *("description", "name", "type", "rate", "parent", "group.kind", "group.code", "start_date", "end_date"),
    *("invoice_account", "credit_note_account"),
]
_NO_ACCOUNT = "Open it in Tryton, or name another one in `tryton.accounts`; then `backoffice postings retry`."
_NO_CENTRE = "Add it in Tryton (Accounting, Analytic accounts), open; then `backoffice postings retry`."
_SERVICE_WORD = "service"


def _families(rows: Sequence[Row]) -> list[list[Tax]]:
    """Taxes of purchases that are computed together on a line at a time: mostly one, two for a reverse charge."""
    by_id = {row["id"]: row for row in rows}
    found: dict[tuple[int, date | None, date | None], list[Tax]] = defaultdict(list)
    for row in rows:
        line = list(_up(row, by_id))
        group = line[-1]["group."] or {}
        if row["type"] == "percentage" and group.get("kind") in ("purchase", "both"):
            tax = _tax(line, _SERVICE_WORD in (group.get("code") or "").lower())
            found[tax.top, tax.start, tax.end].append(tax)
    return list(found.values())


def _up(row: Row, by_id: Mapping[int, Row]) -> Iterator[Row]:
    """A tax, its parent, and so on."""
    yield row
    while row["parent"]:
        yield (row := by_id[row["parent"]])


def _tax(line: Sequence[Row], is_for_services: bool) -> Tax:
    """The first of a tax and its ancestors; it is in force when they all are."""
    row, top = line[0], line[-1]
    return Tax(
        id=row["id"],
        top=top["id"],
        rate=row["rate"] * 100,
        account=row["invoice_account"],
        credit_account=row["credit_note_account"],
        description=row["description"] or row["name"],
        is_for_services=is_for_services,
        start=max((one["start_date"] for one in line if one["start_date"]), default=None),
        end=min((one["end_date"] for one in line if one["end_date"]), default=None),
        top_name=top["name"],
    )


def _by_rate(taxes: Sequence[Tax]) -> list[Tax]:
    """What is deducted before what is owed."""
    return sorted(taxes, key=lambda tax: -tax.rate)


def _is_reversal(taxes: Sequence[Tax]) -> bool:
    return len(taxes) == 2 and sum(tax.rate for tax in taxes) == 0


def _centres(session: Session) -> dict[str, Centre] | None:
    if not session.rows("ir.model", [["name", "=", _CENTRE]], ["name"], limit=1):
        return None
    domain = [["company", "=", session.company], ["type", "=", "normal"], ["state", "=", "opened"]]
    rows = session.rows(_CENTRE, domain, ["code", "root"])
    return {row["code"]: Centre(row["id"], row["root"]) for row in rows if row["code"]}


_CENTRE = "analytic_account.account"
