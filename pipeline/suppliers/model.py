"""The values that are known of suppliers: who they are, how their invoices look, what was ordered."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field as Constraint

from pipeline.errors import InputError
from schemas import FieldName
from schemas.base import Amount, Value


class UnknownSupplier(InputError):
    """Nobody has this key."""

    code = "unknown-supplier"
    remedy = "See `backoffice suppliers list`; give the key, the VAT id, the SIREN or the whole name."


class Source(StrEnum):
    """Who said it."""

    MASTER = "master"
    PERSON = "person"


class Supplier(Value):
    """A supplier as the master names it, or as a person confirmed it. Identifiers are compact, in upper case."""

    key: str = Constraint(min_length=1, description="Stable: the number of the master, or made from an identifier.")
    name: str = Constraint(min_length=1)
    aliases: tuple[str, ...] = ()
    vat_id: str | None = None
    siren: str | None = None
    siret: str | None = None
    ibans: tuple[str, ...] = Constraint(default=(), description="Known accounts: of the master, or confirmed.")
    currency: str | None = None
    country: str | None = None
    vat_rates: tuple[Decimal, ...] = Constraint(default=(), description="Per cent.")
    account: str | None = Constraint(default=None, description="The usual account of the bookkeeping.")
    active: bool = True
    source: Source = Source.MASTER

    @property
    def company(self) -> str | None:
        """The SIREN, also where only the SIRET is known."""
        return self.siren or (self.siret[:9] if self.siret else None)


class Relation(StrEnum):
    """How a value stands to its label."""

    BESIDE = "beside"
    BELOW = "below"
    ALONE = "alone"


class Place(Value):
    """Where a value stands on the page."""

    label: str = Constraint(default="", description="Lower case, without accents and punctuation; empty when alone.")
    relation: Relation = Relation.ALONE
    distance: float = Constraint(default=0.0, description="Gap between label and value in line heights.")
    page: str = Constraint(default="first", pattern="^(first|last|middle)$")
    zone: str = Constraint(default="", description="A ninth of the page, such as 'top right'.")


class FieldRule(Value):
    """How one supplier prints one field."""

    field: FieldName
    enabled: bool = True
    seen: Annotated[int, Constraint(ge=1)] = 1
    """In how many confirmed documents."""
    places: tuple[Place, ...] = ()
    masks: tuple[str, ...] = Constraint(default=(), description="# is a digit, @ a letter, all else itself.")
    values: tuple[str, ...] = Constraint(default=(), description="What it always is, for names and identifiers.")


class Spread(Value):
    """The least and the greatest amount that were confirmed."""

    least: Amount
    most: Amount
    seen: int = 1


class Rules(Value):
    """All that was learned of one supplier's invoices. An operator may read and edit it."""

    supplier: str = Constraint(description="The supplier's key.")
    enabled: bool = True
    fields: tuple[FieldRule, ...] = ()
    ibans: tuple[str, ...] = Constraint(default=(), description="Accounts that confirmed documents print.")
    currencies: tuple[str, ...] = ()
    vat_rates: tuple[Decimal, ...] = Constraint(default=(), description="Per cent.")
    gross: Spread | None = Constraint(default=None, description="Totals with VAT of confirmed invoices.")

    def of(self, name: FieldName) -> FieldRule | None:
        """The rule of a field, or None when there is none or it is switched off."""
        return (
            next((rule for rule in self.fields if rule.field is name and rule.enabled), None) if self.enabled else None
        )


class OrderLine(Value):
    """One line of a purchase order. Amounts without VAT, in the order's currency."""

    description: str = ""
    quantity: Amount | None = None
    unit_price: Amount | None = None
    net_amount: Amount | None = None


class PurchaseOrder(Value):
    """What was ordered, and how much of it was invoiced already. Amounts without VAT, in its currency."""

    number: str = Constraint(min_length=1)
    supplier: str = Constraint(default="", description="Key, name, VAT id or SIREN, as the orders' file says.")
    currency: str | None = None
    total: Amount
    invoiced: Amount = Decimal(0)
    lines: tuple[OrderLine, ...] = ()

    @property
    def remaining(self) -> Decimal:
        """What may still be invoiced."""
        return self.total - self.invoiced
