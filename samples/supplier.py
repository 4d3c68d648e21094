"""Suppliers and their habits: all invoices of one supplier look alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from samples.company import Company, make_company
from samples.layouts import LAYOUTS, Layout
from samples.notation import NO_BREAK, Notation, make_notation
from samples.words import chance, some, weighted, wordings, words

LANGUAGES: dict[str, float] = {"fr": 50, "en": 18, "de": 14, "es": 6, "it": 6, "nl": 6}
"""The languages and how often suppliers write them."""
_BLIND_LANGUAGES = {"fr": 60, "de": 13, "en": 12, "es": 5, "it": 5, "nl": 5}


@dataclass(frozen=True)
class Style:
    """The habits of a supplier's paper."""

    layout: Layout
    notation: Notation
    labels: dict[str, str]
    font: str
    font_size: float
    color: str
    label_end: str
    columns: tuple[str, ...]
    meta: tuple[str, ...]
    number_pattern: str
    shows: frozenset[str]
    iban_gap: str
    vat_gap: str
    logo: str
    gross_prices: bool
    units: dict[str, str]
    terms_days: int
    mentions: tuple[str, ...]


@dataclass(frozen=True)
class Supplier:
    """A company with its habits; `key` is stable for a seed."""

    key: str
    company: Company
    style: Style

    @property
    def language(self) -> str:
        """The language of its papers."""
        return self.company.language


def supplier_at(seed: int, index: int, languages: Sequence[str], layouts: Sequence[str]) -> Supplier:
    """The supplier at an index; suppliers go through the layouts in turn.

    Raises ValueError when no layout is used in any of the languages.
    """
    usable = [LAYOUTS[name] for name in layouts if set(LAYOUTS[name].languages) & set(languages)]
    if not usable:
        raise ValueError(f"none of the layouts {', '.join(layouts)} is used in {', '.join(languages)}")
    layout = usable[index % len(usable)]
    rng = Random(f"supplier/{seed}/{index}/{layout.split}" if layout.held_out else f"supplier/{seed}/{index}")
    known = [language for language in languages if language in layout.languages]
    weights = _BLIND_LANGUAGES if layout.split == "blind" else LANGUAGES
    language = weighted(rng, {key: weights[key] for key in known}) if len(known) > 1 else rng.choice(known)
    prefix = f"{layout.split}-" if layout.held_out else ""
    return make_supplier(rng, f"{prefix}{seed}-{index:04d}", layout, language)


def make_supplier(rng: Random, key: str, layout: Layout, language: str) -> Supplier:
    """A supplier with this layout; all else is drawn."""
    country = rng.choice(layout.countries) if layout.countries else ""
    company = make_company(rng, language, country, layout.sole_trader, layout.split, layout.trades)
    return Supplier(key, company, make_style(rng, layout, company))


def make_style(rng: Random, layout: Layout, company: Company) -> Style:
    """Draw the habits of a company."""
    language, country = company.language, company.country
    gross_prices = country not in {"US", "CH"} and not layout.sole_trader and chance(rng, layout.gross)
    habits = {**wordings("habits", layout.split), **(words("habits_more") if layout.further else {})}
    return Style(
        layout=layout,
        notation=make_notation(rng, language, country, layout.split),
        labels=_labels(rng, language, country, layout),
        font=weighted(rng, habits["fonts"]),
        font_size=rng.choice([8.5, 9, 9, 9.5, 10]),
        color=rng.choice(habits["colors"]),
        label_end=weighted(rng, {f"{NO_BREAK}:": 5, ":": 3, "": 4} if language == "fr" else {":": 6, "": 4}),
        columns=_columns(rng, layout),
        meta=_meta(rng),
        number_pattern=_number_pattern(rng, habits, company),
        shows=_shows(rng, habits["shows"]) | _shows_more(company, layout),
        iban_gap=weighted(rng, {" ": 8, "": 2}),
        vat_gap=weighted(rng, {" ": 4, "": 6}),
        logo=rng.choice(habits["logos"]),
        gross_prices=gross_prices,
        units=_units(rng, company),
        terms_days=rng.choice([0, 14, 15, 30, 30, 30, 45, 60]),
        mentions=tuple(rng.sample(wordings("texts", layout.split)["mentions"][language], rng.randrange(3))),
    )


def _labels(rng: Random, language: str, country: str, layout: Layout) -> dict[str, str]:
    table: dict[str, list[str]] = wordings("labels", layout.split)[language]
    if layout.further:
        table = {**table, **words("labels_more")[language]}
    labels = {key: rng.choice(wordings) for key, wordings in table.items()}
    if country == "US":
        # Sales tax is no VAT: the same wordings without the word.
        labels = {key: text.replace("VAT", "Tax") for key, text in labels.items()}
        labels["tax_of_rate"], labels["net_total"] = "Sales tax ({rate})", rng.choice(["Subtotal", "Net total"])
    if country == "CH" and language == "de":
        labels["seller_vat_id"] = rng.choice(["MWST-Nr.", "UID"])
    return labels


def _columns(rng: Random, layout: Layout) -> tuple[str, ...]:
    full = layout.full_columns or chance(rng, 0.75)
    odds: dict[str, float] = words("habits")["columns"]
    if layout.full_columns:
        odds = {**odds, "item_id": 0.8}
    dropped = {name for name, probability in odds.items() if not chance(rng, probability)}
    if not full and layout.name in {"letter", "micro", "saas"}:
        dropped |= {"quantity", "unit", "unit_price", "discount", "item_id"}
    order = ["line", "item_id", "description", "quantity", "unit", "unit_price", "discount", "tax_rate", "net_amount"]
    if chance(rng, 0.15):
        order = [
            "line",
            "quantity",
            "unit",
            "item_id",
            "description",
            "unit_price",
            "discount",
            "net_amount",
            "tax_rate",
        ]
    return tuple(name for name in order if name not in dropped)


def _meta(rng: Random) -> tuple[str, ...]:
    first = ["invoice_number", "issue_date"] if chance(rng, 0.75) else ["issue_date", "invoice_number"]
    rest: list[str] = ["due_date", "po_number", *some(rng, words("habits")["meta"], 0.3)]
    if chance(rng, 0.6):
        rng.shuffle(rest)
    return (*first, *rest)


def _number_pattern(rng: Random, habits: dict[str, Any], company: Company) -> str:
    pattern: str = rng.choice(habits["numbers"])
    series = Random(f"series/{company.name}/{company.phone}")
    signs = "".join(series.choices("0123456789ABCDEF", k=7))
    return pattern.replace("{prefix}", habits["prefixes"][company.language]).replace(
        "{series}", f"{series.randrange(10)}{signs}"
    )


def _shows(rng: Random, odds: dict[str, float]) -> frozenset[str]:
    return frozenset(name for name, probability in odds.items() if chance(rng, probability))


def _shows_more(company: Company, layout: Layout) -> frozenset[str]:
    # Drawn apart, so that habits that were added later leave the older draws as they are.
    if not layout.held_out and company.language in {"fr", "en", "de"}:
        return frozenset()
    rng = Random(f"shows/{company.name}/{company.phone}")
    odds: dict[str, float] = words("habits")["shows_more"]
    return frozenset(name for name, probability in odds.items() if chance(rng, probability))


def _units(rng: Random, company: Company) -> dict[str, str]:
    labels, language = words("labels"), company.language
    units = {code: rng.choice(forms[language]) for code, forms in labels["units"].items()}
    more = Random(f"units/{company.name}")
    return units | {code: more.choice(forms[language]) for code, forms in labels["units_more"].items()}


def label_of(style: Style, key: str, **values: Any) -> str:
    """The supplier's wording of a label."""
    text = style.labels[key].format(**values) if values else style.labels[key]
    return text.upper() if "upper" in style.shows else text
