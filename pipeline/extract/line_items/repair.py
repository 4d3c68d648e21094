"""Decimal marks that OCR lost, put back where the arithmetic of the row leaves one possibility."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product

from pipeline.extract.line_items.labels import Role
from pipeline.extract.line_items.roles import multiplies
from pipeline.extract.line_items.tokens import Number
from pipeline.extract.rates import VAT_RATES

_PLACES: Mapping[Role, tuple[int, ...]] = {
    Role.QUANTITY: (1, 2, 3),
    Role.UNIT_PRICE: (2, 3, 4),
    Role.GROSS_UNIT_PRICE: (2, 3, 4),
    Role.NET_AMOUNT: (2,),
    Role.GROSS_AMOUNT: (2,),
}
"""How many decimals a number of each role usually has."""

_HALF_CENT = Decimal("0.005")


def with_decimal_marks(numbers: Mapping[Role, Number]) -> dict[Role, Number]:
    """The numbers of a row, with the decimal marks that make quantity x price the amount.

    Only numbers read without any mark change, and only when exactly one way of placing marks multiplies out.
    """
    restored = dict(numbers)
    if (rate := numbers.get(Role.TAX_RATE)) and not rate.decimals and rate.value not in VAT_RATES:
        options = [option for option in _scaled(rate, (1, 2)) if option.value in VAT_RATES]
        restored |= {Role.TAX_RATE: options[0]} if len(options) == 1 else {}
    price = Role.UNIT_PRICE if Role.UNIT_PRICE in numbers else Role.GROSS_UNIT_PRICE
    amount = Role.NET_AMOUNT if Role.NET_AMOUNT in numbers else Role.GROSS_AMOUNT
    core = (Role.QUANTITY, price, amount)
    if any(role not in numbers for role in core):
        return restored
    ways = list(_ways_that_multiply(numbers, core))
    return restored | dict(zip(core, ways[0], strict=True)) if len(ways) == 1 else restored


def _ways_that_multiply(
    numbers: Mapping[Role, Number], core: tuple[Role, Role, Role]
) -> Iterator[tuple[Number, Number, Number]]:
    discount = numbers.get(Role.DISCOUNT)
    if multiplies(numbers[core[0]], numbers[core[1]], discount, numbers[core[2]]):
        return
    options = ([numbers[role], *_scaled(numbers[role], _PLACES[role])] for role in core)
    for quantity, price, amount in product(*options):
        exact = discount is not None or abs(quantity.value * price.value - amount.value) <= _HALF_CENT
        if amount.value and exact and multiplies(quantity, price, discount, amount):
            yield quantity, price, amount


def _scaled(number: Number, places: tuple[int, ...]) -> list[Number]:
    """The number with a decimal mark so many digits from its end; none when it has a mark already."""
    digits = len(str(abs(number.value)))
    if number.decimals or number.value != number.value.to_integral_value():
        return []
    return [
        Number(number.value / Decimal(10) ** place, number.percent, number.unit, place, number.currency)
        for place in places
        if place < digits
    ]
