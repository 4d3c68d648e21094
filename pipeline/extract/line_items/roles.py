"""Which column is the quantity, the price, the amount: told by the header, by content, and by what multiplies out."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise, product
from typing import NamedTuple

from pipeline.extract.line_items.columns import NumberColumn
from pipeline.extract.line_items.labels import Role
from pipeline.extract.line_items.tokens import Number
from pipeline.extract.rates import VAT_RATES

_ALIKE: tuple[frozenset[Role], ...] = (
    frozenset({Role.UNIT_PRICE, Role.GROSS_UNIT_PRICE, Role.NET_AMOUNT, Role.GROSS_AMOUNT}),
    frozenset({Role.TAX_RATE, Role.TAX_AMOUNT}),
    frozenset({Role.POSITION, Role.ITEM_ID}),
    frozenset({Role.QUANTITY, Role.UNIT}),
)
"""Roles that labels mix up: "Prix HT" may head the price or the amount."""
_NEEDS_LABEL = frozenset({Role.DISCOUNT, Role.TAX_AMOUNT, Role.GROSS_AMOUNT, Role.GROSS_UNIT_PRICE, Role.ITEM_ID})
_ARITHMETIC = 7.0
_SAMPLE = 24
CENT = Decimal("0.01")


class Roles(NamedTuple):
    """The role of each number column (by index) and how well they fit together."""

    of: Mapping[Role, int]
    score: float
    multiplies: float


class _Core(NamedTuple):
    """The columns that multiply: quantity x price (- discount) = amount; None where a table has no such column."""

    quantity: int | None
    price: int | None
    discount: int | None
    amount: int | None
    gross: bool

    def roles(self) -> dict[Role, int]:
        named = {
            Role.QUANTITY: self.quantity,
            Role.GROSS_UNIT_PRICE if self.gross else Role.UNIT_PRICE: self.price,
            Role.DISCOUNT: self.discount,
            Role.GROSS_AMOUNT if self.gross else Role.NET_AMOUNT: self.amount,
        }
        return {role: column for role, column in named.items() if column is not None}


def assign_roles(columns: Sequence[NumberColumn]) -> Roles:
    """The assignment of roles to columns that label, content and arithmetic support best together."""
    fits = [_fits(columns, index) for index in range(len(columns))]
    best = Roles({}, 0.0, 0.0)
    for core in _cores(fits):
        named = core.roles()
        fit = sum(fits[column][role] for role, column in named.items())
        if fit + _ARITHMETIC <= best.score:
            continue
        multiplies = _multiplying_share(columns, core)
        score = fit + _ARITHMETIC * multiplies
        if score > best.score:
            best = Roles(named, score, multiplies)
    return best._replace(of=_with_others(best.of, fits))


def _cores(fits: Sequence[Mapping[Role, float]]) -> Iterator[_Core]:
    for gross in (False, True):
        price_role = Role.GROSS_UNIT_PRICE if gross else Role.UNIT_PRICE
        amount_role = Role.GROSS_AMOUNT if gross else Role.NET_AMOUNT
        choices = (
            _possible(fits, Role.QUANTITY),
            _possible(fits, price_role),
            _possible(fits, Role.DISCOUNT),
            _possible(fits, amount_role),
        )
        for quantity, price, discount, amount in product(*choices):
            chosen = [column for column in (quantity, price, discount, amount) if column is not None]
            if chosen and len(set(chosen)) == len(chosen) and (amount is not None or price is not None):
                yield _Core(quantity, price, discount, amount, gross)


def _possible(fits: Sequence[Mapping[Role, float]], role: Role) -> list[int | None]:
    ranked = sorted((index for index in range(len(fits)) if fits[index][role] > -1.5), key=lambda i: -fits[i][role])
    return [*ranked[:6], None]


def _with_others(core: Mapping[Role, int], fits: Sequence[Mapping[Role, float]]) -> dict[Role, int]:
    """The columns left over take the roles left over, best fit first."""
    named = dict(core)
    pairs = sorted(
        ((fits[column][role], column, role) for column in range(len(fits)) for role in Role),
        key=lambda pair: -pair[0],
    )
    for fit, column, role in pairs:
        if fit > 0.5 and role not in named and column not in named.values() and role is not Role.DESCRIPTION:
            named[role] = column
    return named


def _fits(columns: Sequence[NumberColumn], index: int) -> dict[Role, float]:
    """What the label and the content of a column say for each role."""
    numbers = [token.number for token in columns[index].cells.values() if token.number]
    share = _Shares.of(numbers)
    content = {
        Role.QUANTITY: 0.8 * share.whole + share.unit - 4 * share.percent - 2 * share.currency,
        Role.UNIT_PRICE: 0.8 * share.money - 4 * share.percent - 2 * share.unit,
        Role.GROSS_UNIT_PRICE: 0.8 * share.money - 4 * share.percent - 2 * share.unit,
        Role.NET_AMOUNT: _amount_fit(share, index == _last_money(columns)),
        Role.GROSS_AMOUNT: _amount_fit(share, index == _last_money(columns)),
        Role.TAX_RATE: _rate_fit(share),
        Role.TAX_AMOUNT: 0.8 * share.money - 4 * share.percent,
        Role.DISCOUNT: 0.5 * share.percent,
        Role.POSITION: 2 * (index == 0 and _counts_up(numbers)) - 2 * share.money - 4 * share.percent,
        Role.ITEM_ID: 0.5 * share.whole - 4 * share.percent - 2 * share.currency,
    }
    return {role: content.get(role, -3.0) + _label_fit(columns[index], role) for role in Role}


def _amount_fit(share: "_Shares", rightmost: bool) -> float:
    return 1.2 * share.money + 0.8 * rightmost - 5 * share.percent - 2 * share.unit - 0.6 * share.whole


def _rate_fit(share: "_Shares") -> float:
    known = max(share.vat_rate, share.percent)
    return share.percent + 1.2 * share.vat_rate - 4 * (1 - known) - share.currency


def _label_fit(column: NumberColumn, role: Role) -> float:
    if column.header is None or not column.header.labels:
        return -2.0 if role in _NEEDS_LABEL else 0.0
    for rank, label in enumerate(column.header.labels):
        if label.role is role:
            return 3.0 * label.score - 0.4 * min(rank, 2)
    first = column.header.labels[0].role
    alike = any(first in family and role in family for family in _ALIKE)
    return 0.6 if alike else -2.0


class _Shares(NamedTuple):
    """What share of a column's numbers is of a kind, each 0 to 1."""

    whole: float
    money: float
    percent: float
    unit: float
    currency: float
    vat_rate: float

    @classmethod
    def of(cls, numbers: Sequence[Number]) -> "_Shares":
        count = max(len(numbers), 1)
        return cls(
            whole=sum(n.decimals == 0 for n in numbers) / count,
            money=sum(n.decimals >= 2 or n.currency for n in numbers) / count,
            percent=sum(n.percent for n in numbers) / count,
            unit=sum(bool(n.unit) for n in numbers) / count,
            currency=sum(n.currency for n in numbers) / count,
            vat_rate=sum(n.value in VAT_RATES for n in numbers) / count,
        )


def _last_money(columns: Sequence[NumberColumn]) -> int:
    money = [
        index
        for index, column in enumerate(columns)
        if any(t.number and not t.number.percent and t.number.decimals == 2 for t in column.cells.values())
    ]
    return max(money, default=-1)


def _counts_up(numbers: Sequence[Number]) -> bool:
    values = [number.value for number in numbers]
    steps = {after - before for before, after in pairwise(values)}
    return bool(values) and values[0] in (1, 10) and len(values) > 1 and steps <= {Decimal(1), Decimal(10)}


def _multiplying_share(columns: Sequence[NumberColumn], core: _Core) -> float:
    """The weighted share of rows in which quantity x price, less discount, gives the amount; quantity 1 proves less."""
    if core.quantity is None or core.price is None or core.amount is None:
        return 0.0
    amounts = columns[core.amount].cells
    good = seen = 0.0
    for row in list(amounts)[:_SAMPLE]:
        numbers = [
            columns[c].cells[row].number if c is not None and row in columns[c].cells else None
            for c in (core.quantity, core.price, core.discount, core.amount)
        ]
        quantity, price, discount, amount = numbers
        if quantity is None or price is None or amount is None:
            seen += 0.35
            continue
        weight = 0.6 if quantity.value == 1 else 1.0
        seen += weight
        good += weight * multiplies(quantity, price, discount, amount)
    return good / seen if seen else 0.0


def multiplies(quantity: Number, price: Number, discount: Number | None, amount: Number) -> bool:
    """Whether quantity x price, less the discount (per cent or amount), is the amount, as far as the digits tell."""
    product_ = quantity.value * price.value
    half_digit = Decimal(5).scaleb(-price.decimals - 1) if price.decimals else Decimal(0)
    tolerance = CENT + min(abs(quantity.value) * half_digit, abs(product_) / 100)
    expected = [product_]
    if discount is not None:
        less = abs(discount.value)
        expected = [product_ * (1 - less / 100), product_ - less, quantity.value * (price.value - less)]
        expected = expected[:1] if discount.percent else expected
    return any(abs(value - amount.value) <= tolerance for value in expected)
