"""Invoice lines: what a trade sells, how much, at which price and VAT rate."""

from decimal import Decimal
from random import Random

from samples.sums import CENT, ZERO, cents
from samples.supplier import Supplier
from samples.words import catalogue, chance, weighted
from schemas import InvoiceLine

VAT_RATES = {
    "FR": {"standard": "20", "intermediate": "10", "reduced": "5.5"},
    "BE": {"standard": "21", "intermediate": "6", "reduced": "6"},
    "CH": {"standard": "8.1", "intermediate": "8.1", "reduced": "2.6"},
    "DE": {"standard": "19", "intermediate": "19", "reduced": "7"},
    "AT": {"standard": "20", "intermediate": "20", "reduced": "10"},
    "GB": {"standard": "20", "intermediate": "20", "reduced": "20"},
    "IE": {"standard": "23", "intermediate": "13.5", "reduced": "9"},
    "ES": {"standard": "21", "intermediate": "10", "reduced": "4"},
    "IT": {"standard": "22", "intermediate": "10", "reduced": "4"},
    "NL": {"standard": "21", "intermediate": "9", "reduced": "9"},
}
"""VAT rates in per cent by country and class of item (rates in force in 2026)."""

_STATE_TAX = {"OR": "0", "TX": "8.25", "OH": "8", "WA": "10.35", "NY": "8.75"}
_LANGUAGES = ("fr", "en", "de", "es", "it", "nl")


def make_lines(rng: Random, supplier: Supplier, category: str, count: int) -> tuple[InvoiceLine, ...]:
    """`count` lines of the supplier's trade; a category other than S (standard rated) has the rate 0."""
    items = catalogue()[supplier.company.trade]["items"]
    chosen = rng.sample(items, min(count, len(items)))
    chosen += [rng.choice(items) for _ in range(count - len(chosen))]
    return tuple(_line(rng, supplier, category, item, str(number)) for number, item in enumerate(chosen, 1))


def draw_count(rng: Random) -> int:
    """How many lines an invoice has: mostly few, sometimes several pages."""
    low, high = weighted(rng, {(1, 3): 35, (4, 9): 42, (10, 18): 14, (30, 80): 9})
    return rng.randint(low, high)


def rate_of(supplier: Supplier, category: str, vat_class: str) -> Decimal:
    """The rate in per cent that the supplier charges."""
    company = supplier.company
    if category != "S":
        return ZERO
    if company.country == "US":
        return Decimal(_STATE_TAX[str(company.party.postcode)[:2]])
    return Decimal(VAT_RATES[company.country][vat_class])


def _line(rng: Random, supplier: Supplier, category: str, item: list[str], number: str) -> InvoiceLine:
    *names, unit, low, high, vat_class = item
    style = supplier.style
    name = names[_LANGUAGES.index(supplier.language)]
    price, quantity = _price(rng, float(low), float(high)), _quantity(rng, unit, float(low))
    if "quantity" not in style.columns:
        quantity = Decimal(1)
    percent = Decimal(rng.choice([5, 10, 15, 20])) if "discount" in style.columns and chance(rng, 0.35) else ZERO
    full = cents(quantity * price)
    discount = cents(full * percent / 100)
    return InvoiceLine(
        identifier=number,
        item_id=_item_code(supplier, name),
        description=_description(rng, supplier, name, unit),
        quantity=quantity,
        unit=unit,
        unit_price=price,
        discount=discount or None,
        net_amount=full - discount,
        tax_category=category,
        tax_rate=rate_of(supplier, category, vat_class),
        includes_tax=style.gross_prices,
    )


def _price(rng: Random, low: float, high: float) -> Decimal:
    price = Decimal(str(rng.uniform(low, high)))
    if low < 1:
        return price.quantize(rng.choice([Decimal("0.001"), CENT, CENT])) or CENT
    if high > 300 and chance(rng, 0.6):
        return (price / 5).quantize(Decimal(1)) * Decimal("5.00")
    return cents(price)


def _quantity(rng: Random, unit: str, low: float) -> Decimal:
    if unit == "KWH":
        return Decimal(rng.randint(40, 4200))
    return _usual_quantity(rng, unit, low)


def _usual_quantity(rng: Random, unit: str, low: float) -> Decimal:
    if unit in {"HUR", "DAY"}:
        return Decimal(rng.randint(1, 32)) / 2 if unit == "HUR" else Decimal(rng.randint(1, 12)) / rng.choice([1, 2])
    if unit == "KGM":
        return Decimal(rng.randint(800, 60000)).quantize(CENT) / 1000
    if unit in {"MTR", "MTK", "MTQ", "LTR", "KMT"}:
        return Decimal(rng.randint(10, 900)) / rng.choice([1, 10, 10])
    if unit in {"MON", "ANN"}:
        return Decimal(rng.choice([1, 1, 1, 3, 6, 12]))
    if low < 1:
        return Decimal(rng.choice([10, 25, 50, 100, 200, 250, 500, 1000]))
    return Decimal(rng.randint(1, 6) if low > 100 else rng.randint(1, 24))


def _item_code(supplier: Supplier, name: str) -> str:
    rng = Random(f"{supplier.key}/{name}")
    shape = Random(f"{supplier.key}/code").choice(["{0:06d}", "{1}{0:05d}", "{1}-{2:04d}", "{2:04d}.{3:02d}"])
    letters = "".join(letter for letter in name.upper() if "A" <= letter <= "Z")[:3]
    return shape.format(rng.randrange(10**5), letters, rng.randrange(10**4), rng.randrange(100))


def _description(rng: Random, supplier: Supplier, name: str, unit: str) -> str:
    if not chance(rng, 0.06):
        return name
    lot = rng.randrange(10**5, 10**6)
    detail = {
        "fr": ["lot", "réf. fabricant"],
        "en": ["batch", "mfr. ref."],
        "de": ["Charge", "Herst.-Nr."],
        "es": ["lote"],
        "it": ["lotto"],
        "nl": ["partij"],
    }
    if unit in {"HUR", "DAY", "MON", "ANN"}:
        return name
    return f"{name}, {rng.choice(detail[supplier.language])} {lot}"
