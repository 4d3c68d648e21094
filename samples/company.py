"""Fictitious companies: names, addresses, registers and bank accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from babel import Locale

from samples.identifiers import digits, make_iban, make_siren, make_siret, make_vat_id
from samples.words import catalogue, chance, weighted, wordings, words
from schemas import Party

CURRENCIES = {
    **dict.fromkeys(("FR", "BE", "DE", "AT", "IE", "ES", "IT", "NL"), "EUR"), "GB": "GBP", "CH": "CHF", "US": "USD",
}  # fmt: skip
"""The currency of each country the generator knows."""

_COUNTRIES_OF: dict[str, dict[str, float]] = {
    "fr": {"FR": 86, "BE": 8, "CH": 6},
    "de": {"DE": 80, "AT": 12, "CH": 8},
    "en": {"GB": 52, "IE": 28, "US": 20},
    "es": {"ES": 1},
    "it": {"IT": 1},
    "nl": {"NL": 88, "BE": 12},
}
_NAMED = ("fr", "en", "de")
_COUNTRY_NAMES = {
    "FR": ("France", "France", "Frankreich"), "BE": ("Belgique", "Belgium", "Belgien"),
    "CH": ("Suisse", "Switzerland", "Schweiz"), "DE": ("Allemagne", "Germany", "Deutschland"),
    "AT": ("Autriche", "Austria", "Österreich"), "GB": ("Royaume-Uni", "United Kingdom", "Großbritannien"),
    "IE": ("Irlande", "Ireland", "Irland"), "US": ("États-Unis", "United States", "USA"),
}  # fmt: skip
_PHONES = {
    "FR": "0# ## ## ## ##", "BE": "0# ### ## ##", "CH": "0## ### ## ##", "DE": "0### / #######",
    "AT": "0### ######", "GB": "01### ######", "IE": "0# ### ####", "US": "(###) ###-####",
    "ES": "9## ## ## ##", "IT": "0## #######", "NL": "0## - ### ## ##",
}  # fmt: skip


@dataclass(frozen=True)
class Account:
    """A bank account; `iban` without spaces."""

    bank: str
    iban: str
    bic: str


@dataclass(frozen=True)
class Company:
    """A company that sends or gets invoices. `party` is what EN 16931 knows of it."""

    party: Party
    trade_name: str
    language: str
    trade: str
    account: Account | None
    phone: str
    fax: str
    email: str
    website: str
    legal_form: str
    capital: int
    register_number: str
    tagline: str

    @property
    def name(self) -> str:
        """The legal name."""
        return str(self.party.name)

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2."""
        return str(self.party.country)

    def country_name(self, language: str) -> str:
        """The country's name in a language."""
        if language in _NAMED and self.country in _COUNTRY_NAMES:
            return _COUNTRY_NAMES[self.country][_NAMED.index(language)]
        return str(Locale(language).territories[self.country])

    def city_line(self) -> str:
        """Post code and city in the order of the country."""
        city, postcode = self.party.city, self.party.postcode
        return f"{city}, {postcode}" if self.country in {"GB", "IE", "US"} else f"{postcode} {city}"


def make_company(
    rng: Random,
    language: str,
    country: str = "",
    sole_trader: bool = False,
    split: str = "train",
    trades: Sequence[str] = (),
) -> Company:
    """A company; a sole trader (a French micro-entreprise) bears a person's name and has no VAT id.

    Companies of a `split` that is held out are made of its own words; `trades` limits what they do.
    """
    data = wordings("companies", split)
    country = country or weighted(rng, _COUNTRIES_OF[language])
    known = [trade for trade in trades if language in catalogue()[trade]["names"]]
    trade = rng.choice(known or list(words(_trades(language, split))))
    names = _names if split == "train" or sole_trader else _further_names
    trade_name, name, form = names(rng, data, language, country, trade, sole_trader)
    domain = _slug(trade_name) + {"GB": ".co.uk", "US": ".com"}.get(country, f".{country.lower()}")
    return Company(
        party=_party(rng, data, language, country, name, sole_trader),
        trade_name=trade_name,
        language=language,
        trade=trade,
        account=make_account(rng, country, split),
        phone=_phone(rng, country),
        fax=_phone(rng, country),
        email=f"{rng.choice(['contact', 'info', 'compta', 'office'])}@{domain}",
        website=f"www.{domain}",
        legal_form=form,
        capital=rng.choice([1000, 5000, 8000, 10000, 25000, 37000, 50000, 152449, 250000]),
        register_number=digits(rng, 6),
        tagline=rng.choice(data["taglines"][language]),
    )


def make_account(rng: Random, country: str, split: str = "train") -> Account | None:
    """An account at one of the country's banks; None where IBANs are not used."""
    banks: list[list[str]] | None = wordings("companies", split)["banks"].get(country)
    if banks is None:
        return None
    bank, bic, code = rng.choice(banks)
    return Account(bank=bank, iban=make_iban(rng, country, code), bic=bic)


Words = dict[str, Any]


def _trades(language: str, split: str) -> str:
    """The list of trades that a company's is drawn from."""
    if split == "blind":
        return "items_blind"
    return "items" if split == "train" and language in _NAMED else "items_more"


def _names(
    rng: Random, data: Words, language: str, country: str, trade: str, sole_trader: bool
) -> tuple[str, str, str]:
    family = rng.choice(data["families"][language])
    if sole_trader:
        name = f"{rng.choice(data['first_names'][language])} {family}"
        return name, name, "EI"
    trade_name = rng.choice(catalogue()[trade]["names"][language]).format(f=family)
    form = rng.choice(_by_country(data["legal_forms"], language, country))
    prefix = country == "FR" and chance(rng, 0.3)
    return trade_name, f"{form} {trade_name}" if prefix else f"{trade_name} {form}", form


def _further_names(
    rng: Random, data: Words, language: str, country: str, trade: str, sole_trader: bool
) -> tuple[str, str, str]:
    """Names as `_names` gives them, and brands, names without a legal form, legal names unlike the trade name."""
    trade_name, name, form = _names(rng, data, language, country, trade, sole_trader)
    family, brand = rng.choice(data["families"][language]), rng.choice(data["brands"][language])
    match weighted(rng, {"usual": 50, "brand": 25, "legal": 15, "plain": 10}):
        case "brand":
            return brand, f"{brand} {form}", form
        case "legal":
            return brand, f"{family} {data['and_sons'][language]} {form}", form
        case "plain":
            return trade_name, trade_name, form
    return trade_name, name, form


def _party(rng: Random, data: Words, language: str, country: str, name: str, sole_trader: bool) -> Party:
    postcode, city = rng.choice(_by_country(data["cities"], language, country))
    street, house = rng.choice(data["streets"][language]), rng.randrange(1, 180)
    siren = make_siren(rng) if country == "FR" else None
    vat_id = None if sole_trader else make_vat_id(rng, country, siren)
    if vat_id and country == "CH" and language == "fr":
        vat_id = vat_id.replace("MWST", "TVA")
    return Party(
        name=name,
        vat_id=vat_id,
        siren=siren,
        siret=make_siret(rng, siren) if siren else None,
        street=_street(language, street, house),
        postcode=postcode,
        city=city,
        country=country,
    )


def _street(language: str, street: str, house: int) -> str:
    match language:
        case "de" | "it" | "nl":
            return f"{street} {house}"
        case "es":
            return f"{street}, {house}"
    return street if "–" in street or "Park" in street else f"{house} {street}"


def _by_country(table: dict[str, Any], language: str, country: str) -> Any:
    return table.get(f"{country}-{language}") or table[country]


def _phone(rng: Random, country: str) -> str:
    return "".join(str(rng.randrange(1, 10)) if sign == "#" else sign for sign in _PHONES[country])


def _slug(name: str) -> str:
    plain = name.lower().translate(str.maketrans("éèêëàâîïôöûüçäœß", "eeeeaaiioouucaos"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())
