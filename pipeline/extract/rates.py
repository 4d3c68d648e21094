"""The VAT rates in use in Europe."""

from decimal import Decimal

VAT_RATES = frozenset(
    Decimal(rate)
    for rate in (
        "0 2.1 2.5 2.6 3 3.7 3.8 4 4.8 5 5.5 6 7 7.7 8 8.1 8.5 9 9.5 "
        "10 12 13 13.5 14 15 16 17 18 19 20 21 22 23 24 25 25.5 27"
    ).split()
)
"""In per cent: in force in the EU, the United Kingdom, Norway or Switzerland in the last fifteen years."""
