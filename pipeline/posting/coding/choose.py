"""Chooses account, cost centre and deductible share for what was bought: by rule, by history, by default."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Self, TypeVar

from pipeline.posting.amounts import Share
from pipeline.posting.coding.history import History
from pipeline.posting.coding.plan import Plan, Rule, built_in
from pipeline.posting.coding.words import holds
from pipeline.suppliers.master import bare
from pipeline.suppliers.model import Supplier
from pipeline.validate.identifiers import plain, siren_in_vat_id

T = TypeVar("T")

SETTLED, RULE, MASTER, WORDS, DEFAULT = 1.0, 0.99, 0.95, 0.6, 0.2
"""How sure a choice is: a person made it for this invoice, a rule of the client, the account of the supplier master,
the built-in words, the default account. The last two are always doubtful: of the words nine in ten are right."""
BY_PERSON = "settled by a person for this invoice"
CONTRADICTED = 0.5
"""The most that is left where two sources that count choose differently."""
ACCOUNT, _OTHER = re.compile(r"[1-8]\d[0-9A-Z]{1,13}", re.ASCII), re.compile(r"[^0-9A-Z]")
ASSET = "2"
"""Accounts of fixed assets begin with it (PCG class 2)."""


class Choice(NamedTuple):
    """Where a share is booked, how sure that is, and why."""

    account: str
    cost_centre: str | None
    deductible: Decimal
    confidence: float
    because: str
    text: str = ""
    """The description that it was chosen for."""

    @property
    def why(self) -> str:
        """The reason with what it is the reason of."""
        said = f"{self.account}, {self.because}"
        return f"'{self.text[:60]}': {said}" if self.text else said

    def settled(self, account: str, cost_centre: str | None) -> Self:
        """The same as a person wants it."""
        return self._replace(account=account, cost_centre=cost_centre, confidence=SETTLED, because=BY_PERSON)


@dataclass(frozen=True)
class Chooser:
    """Chooses for the lines of one invoice. `document` names it in the history."""

    plan: Plan
    history: History
    supplier: Supplier
    document: str

    def choose(self, share: Share) -> Choice:
        """The choice for a share; where its descriptions lead to different accounts, the first one, in doubt."""
        texts = share.texts or ("",)
        choices = [self._of_text(text, share) for text in texts]
        first = choices[0]
        if len({(one.account, one.cost_centre, one.deductible) for one in choices}) > 1:
            others = ", ".join(dict.fromkeys(one.account for one in choices))
            because = f"{first.because}; the lines do not add up and belong to {others}"
            return first._replace(confidence=min(CONTRADICTED, first.confidence), because=because)
        return first._replace(confidence=min(one.confidence for one in choices))

    def supplier_account(self) -> str:
        """The account of the supplier: by rule, by the master, of its own, or the collective one."""
        found = self._first(lambda rule: rule.supplier_account, "", None)
        if found:
            return found[0]
        if (known := account_of(self.supplier)) and known.startswith("40"):
            return known
        letters = _OTHER.sub("", bare(self.supplier.name).upper())[:8]
        return f"401{letters}" if self.plan.own_accounts and letters else self.plan.collective_account

    def _of_text(self, text: str, share: Share) -> Choice:
        account, centre, confidence, why = self._account(text, share)
        by_rule = self._first(lambda rule: rule.cost_centre, text, share)
        deductible = self._first(lambda rule: rule.deductible, text, share)
        return Choice(
            account,
            centre or (by_rule[0] if by_rule else None),
            deductible[0] if deductible else Decimal(100),
            confidence,
            why,
            text,
        )

    def _account(self, text: str, share: Share) -> tuple[str, str | None, float, str]:
        if settled := self.history.of_document(self.document, text):
            return settled.account, settled.cost_centre, SETTLED, BY_PERSON
        if found := self._first(lambda rule: rule.account, text, share):
            return self._by_rule(*found, text)
        known = account_of(self.supplier)
        if known and not known.startswith("4"):
            return known, None, MASTER, f"the account of {self.supplier.name} in the supplier master"
        proposed = _first_of(built_in().rules, lambda rule: rule.account, text, share, self.supplier)
        if usual := self.history.usual(self.supplier.key, text):
            return self._by_history(*usual, proposed[0] if proposed else None)
        if proposed:
            return proposed[0], None, WORDS, f"usual for '{proposed[1]}', not confirmed for this supplier yet"
        return self.plan.default_account, None, DEFAULT, "the default account, for nothing else is known"

    def _by_rule(self, account: str, why: str, text: str) -> tuple[str, str | None, float, str]:
        """A client's rule, unless people have settled like lines of the supplier differently since."""
        like = self.history.like(self.supplier.key, text)
        if like and like.account != account and like.confidence >= CONTRADICTED:
            said = f"by the rule {why}, but {like.agreed} of {like.of} confirmed lines say {like.account}"
            return account, None, CONTRADICTED, said
        return account, None, RULE, f"by the rule {why}"

    def _by_history(
        self, usual: tuple[str, str | None, int, int], confidence: float, proposed: str | None
    ) -> tuple[str, str | None, float, str]:
        account, centre, agreed, of = usual
        why = f"as in {agreed} of {of} confirmed before"
        if proposed and (proposed.startswith(ASSET) != account.startswith(ASSET)):
            return account, centre, min(confidence, CONTRADICTED), f"{why}, but it may be {proposed}"
        return account, centre, confidence, why

    def _first(self, read: Callable[[Rule], T | None], text: str, share: Share | None) -> tuple[T, str] | None:
        return _first_of(self.plan.rules, read, text, share, self.supplier)


def account_of(supplier: Supplier) -> str | None:
    """The account that the supplier master names, when it is one."""
    account = plain(supplier.account)
    return account if ACCOUNT.fullmatch(account) else None


def _first_of(
    rules: tuple[Rule, ...], read: Callable[[Rule], T | None], text: str, share: Share | None, supplier: Supplier
) -> tuple[T, str] | None:
    """What the first rule that fits and says something says, and the rule in words."""
    for number, rule in enumerate(rules, start=1):
        value = read(rule)
        if value is None:
            continue
        conditions = tuple(_conditions(rule, text, share, supplier))
        if all(conditions):
            return value, " and ".join(filter(None, map(str, conditions))) or f"number {number}"
    return None


def _conditions(rule: Rule, text: str, share: Share | None, supplier: Supplier) -> Iterator[str | None]:
    """Each condition of a rule in words, None for one that does not hold."""
    if rule.supplier:
        yield rule.supplier if is_of(rule.supplier, supplier) else None
    if rule.words:
        yield holds(text, rule.words)
    if rule.rate is not None:
        yield f"{rule.rate:f} %" if share and share.rate == rule.rate else None
    if rule.category:
        yield rule.category if share and share.category == rule.category else None
    if rule.unit_price_from is not None:
        yield f"from {rule.unit_price_from:f}" if share and _price(share) >= rule.unit_price_from else None


def is_of(name: str, supplier: Supplier) -> bool:
    """Whether a name in a rule means the supplier."""
    company = supplier.company or siren_in_vat_id(supplier.vat_id)
    ids = {plain(one) for one in (supplier.key, supplier.vat_id, company, supplier.siret) if one}
    names = {bare(one) for one in (supplier.name, *supplier.aliases)}
    return plain(name) in ids or bare(name) in names


def _price(share: Share) -> Decimal:
    """The net price of one; of all, where nothing tells how many there are."""
    quantity = share.line.quantity if share.line else None
    return abs(share.net / quantity) if quantity else abs(share.net)
