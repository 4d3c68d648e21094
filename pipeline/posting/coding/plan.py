"""The coding plan of a client: what an accountant has settled, as a value."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Annotated

import yaml
from pydantic import Field as Constraint

from schemas.base import Amount, Probability, Value
from schemas.posting import Account

Percent = Annotated[Decimal, Constraint(ge=0, le=100)]
Text = Annotated[str, Constraint(min_length=1, max_length=200)]


class Rule(Value):
    """What holds where all of its conditions do; of several, the first that says something counts.

    One rule may give the account, another one the cost centre.
    """

    supplier: Text | None = Constraint(default=None, description="Key, VAT id, SIREN or whole name.")
    words: tuple[Text, ...] = Constraint(default=(), description="Any of them, as beginnings of words.")
    rate: Percent | None = Constraint(default=None, description="VAT rate in per cent.")
    category: Text | None = Constraint(default=None, description="VAT category (UNCL 5305), such as AE.")
    unit_price_from: Amount | None = Constraint(default=None, description="Least net price of one, such as 500.")
    account: Account | None = Constraint(default=None, description="Expense or asset account.")
    cost_centre: Text | None = None
    deductible: Percent | None = Constraint(default=None, description="Share of the VAT that is deducted, per cent.")
    supplier_account: Account | None = Constraint(default=None, description="Account of the supplier, such as 401EDF.")


class VatAccounts(Value):
    """Where VAT is booked."""

    deductible: Account = "445660"
    rates: Mapping[Decimal, Account] = Constraint(default={}, description="Other accounts, by rate in per cent.")
    assets: Account = "445620"
    due: Account = Constraint(default="445200", description="The other side of a reverse charge.")
    reverse_rate: Percent = Constraint(default=Decimal(20), description="Rate of a reverse charge.")
    foreign: Account | None = Constraint(
        default=None, description="VAT of another country, to be refunded; None: it is a part of the cost."
    )


class Plan(Value):
    """All that is settled; the defaults hold where nobody said anything."""

    siren: Annotated[str, Constraint(pattern=r"^\d{9}$")] | None = Constraint(
        default=None, description="Of the client; the name of a FEC begins with it."
    )
    journal: Annotated[str, Constraint(min_length=1, max_length=20)] = "ACH"
    journal_name: Text = "Achats"
    collective_account: Account = Constraint(default="401000", description="Collective account of the suppliers.")
    own_accounts: bool = Constraint(
        default=False, description="Whether each supplier gets an account of its own, 401 and the letters of its name."
    )
    default_account: Account = "606300"
    prepayment_account: Account = Constraint(default="409100", description="For prepayment invoices (BT-3 386).")
    rounding_cost: Account = "658000"
    rounding_gain: Account = "758000"
    vat: VatAccounts = VatAccounts()
    sure_from: Probability = Constraint(default=0.8, description="A coding less sure than that goes to a person.")
    rules: tuple[Rule, ...] = ()
    names: Mapping[Account, Text] = Constraint(default={}, description="Names of accounts, for the FEC.")

    def name_of(self, account: str) -> str:
        """What an account is called: by the plan, else by the account of the PCG that it begins with."""
        known = {**built_in().names, **self.names}
        begun = (account[:length] for length in range(len(account), 2, -1))
        for beginning in begun:
            for number in (beginning, beginning.ljust(6, "0")):
                if number in known:
                    return known[number]
        return f"Compte {account}"


@cache
def built_in() -> Plan:
    """Words and accounts that hold in any French company (`pcg.yaml`)."""
    text = resources.files(__package__).joinpath("pcg.yaml").read_text("utf-8")
    return Plan.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
