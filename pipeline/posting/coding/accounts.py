"""The accounts and cost centres that a client is known to use, and what a person typed for one of them; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.posting.coding.choose import ACCOUNT
from pipeline.posting.coding.code import Coder
from pipeline.posting.coding.plan import built_in
from pipeline.review.keyed import Unreadable
from pipeline.validate.identifiers import plain

NOT_BOUGHT = ("1", "3", "401", "403", "404", "408", "445", "5", "7", "8")
"""Accounts that no purchase is booked on: capital, stocks, suppliers, VAT, banks, sales (PCG classes)."""
DIGITS = 6
"""Accounts of the built-in chart have so many; a shorter one begins one of them."""


@dataclass(frozen=True, eq=False)
class Accounts:
    """What one coder knows."""

    coder: Coder

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Accounts that a purchase may be booked on, with their names: the client's own first, each kind in order."""
        plan = self.coder.plan
        own = {entry.account for entry in self.coder.history.entries} | {plan.default_account, plan.prepayment_account}
        own |= {rule.account for rule in plan.rules if rule.account}
        named = {one for one in (*plan.names, *built_in().names) if not one.startswith(NOT_BOUGHT)}
        return {account: plan.name_of(account) for account in (*sorted(own), *sorted(named - own))}

    @cached_property
    def centres(self) -> tuple[str, ...]:
        """Cost centres that were used or that a rule names."""
        used = {entry.cost_centre for entry in self.coder.history.entries}
        return tuple(sorted(filter(None, used | {rule.cost_centre for rule in self.coder.plan.rules})))

    def read(self, typed: str) -> str:
        """The account that was typed: a known one, also without the zeros at its end, else one of the chart's form: no
        shorter than those that are known. Raises Unreadable.
        """
        first, _, rest = typed.strip().partition(" ")
        account = plain(first if any(map(str.isalpha, rest)) else typed)  # "606400 Fournitures administratives"
        if account in self.names:
            return account
        if (whole := account.ljust(DIGITS, "0")) in self.names:
            return whole
        if not ACCOUNT.fullmatch(account) or len(account) < min(map(len, self.names)):
            raise Unreadable("An account, such as 606400.")
        if account.startswith(NOT_BOUGHT):
            raise Unreadable("No purchase is booked on this account.")
        return account
