"""Finds the supplier of an invoice among those that are known, with the reason; contradictory keys find nobody."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rapidfuzz import fuzz, process

from pipeline.extract.candidates import Sheet
from pipeline.extract.labels import plain as lowered
from pipeline.extract.name_words import legal_form
from pipeline.extract.views import Proposals
from pipeline.suppliers.model import Supplier, UnknownSupplier
from pipeline.validate.identifiers import plain, siren_in_vat_id, valid_vat_id
from schemas import FieldName, Record
from schemas.base import Value

SAME_NAME = 92.0
"""From this likeness on, of 100, two names are one (rapidfuzz token_sort_ratio on names without legal form)."""
CLEAR_LEAD = 3.0
"""The second most like name must be so much less like, or the name names nobody."""
LEAST_LETTERS = 4
"""A shorter name ("SFR") must be the same to the letter."""


class Key(StrEnum):
    """By what a supplier is known, surest first."""

    VAT_ID = "VAT id"
    SIREN = "SIREN"
    SIRET = "SIRET"
    IBAN = "IBAN"
    NAME = "name"


class Match(Value):
    """A known supplier and what showed that it is this one."""

    supplier: Supplier
    key: Key
    reason: str

    is_exact: bool = True
    """Whether the key is the same to the letter; a name may be merely alike."""

    @property
    def said(self) -> str:
        """The match in words."""
        return f"{self.reason} is of {self.supplier.name}"

    @property
    def is_sure(self) -> bool:
        """Whether an identifier showed it, not the name alone."""
        return self.key is not Key.NAME


class Contradiction(Value):
    """Keys of one invoice that belong to different suppliers."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Master:
    """All known suppliers, ready to be looked up. An account or name that several share names none of them."""

    suppliers: tuple[Supplier, ...]

    @cached_property
    def by_key(self) -> Mapping[str, Supplier]:
        """Suppliers by their own key."""
        return {supplier.key: supplier for supplier in self.suppliers}

    @cached_property
    def by_vat_id(self) -> Mapping[str, tuple[Supplier, ...]]:
        """Suppliers by VAT id; branches of one company may share it."""
        return _index((s.vat_id, s) for s in self.suppliers if s.vat_id)

    @cached_property
    def by_siren(self) -> Mapping[str, tuple[Supplier, ...]]:
        """Suppliers by SIREN, also of their SIRET or French VAT id."""
        pairs = ((s.company or siren_in_vat_id(s.vat_id), s) for s in self.suppliers)
        return _index((siren, s) for siren, s in pairs if siren)

    @cached_property
    def by_siret(self) -> Mapping[str, tuple[Supplier, ...]]:
        """Suppliers by establishment."""
        return _index((s.siret, s) for s in self.suppliers if s.siret)

    @cached_property
    def by_iban(self) -> Mapping[str, tuple[Supplier, ...]]:
        """Suppliers by account; a factor's account belongs to several."""
        return _index((iban, s) for s in self.suppliers for iban in s.ibans)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Supplier, ...]]:
        """Suppliers by the bare form of name and aliases."""
        pairs = ((bare(name), s) for s in self.suppliers for name in (s.name, *s.aliases))
        return _index((name, s) for name, s in pairs if name)

    @cached_property
    def names(self) -> list[str]:
        """All bare names, for the fuzzy search."""
        return list(self.by_name)


def find_supplier(record: Record, master: Master) -> Match | Contradiction | None:
    """The supplier of a record by VAT id, SIREN or SIRET, IBAN, then by its name.

    A contradiction when identifiers belong to different suppliers; None when the supplier is not known.
    """
    values = {name: record.value(name) for name in _KEY_FIELDS if record.value(name)}
    return find_by(values, master)


def find_by(values: Mapping[FieldName, str], master: Master) -> Match | Contradiction | None:
    """As `find_supplier`, from the values of the seller's fields alone.

    An account or a name is the weaker key: with another VAT id or SIREN than its supplier's it is a contradiction.
    """
    name = values.get(FieldName.SELLER_NAME)
    named = by_name(name, master) if name else None
    sure = _agreeing(tuple(_by_identifiers(values, master)))
    if isinstance(sure, Contradiction):
        return sure
    if sure and named and named.is_exact and named.supplier.key != sure.supplier.key:
        return Contradiction(reasons=(sure.said, named.said))
    match = sure or named
    other = _other_identity(match, values) if match and match.key in (Key.IBAN, Key.NAME) else ""
    return Contradiction(reasons=(match.said, other)) if match and other else match


def find_on(sheet: Sheet, proposals: Proposals, master: Master) -> Match | None:
    """The supplier of a sheet before anything is chosen; None when in doubt.

    The best candidates first; when they name nobody surely, any right identifier on the pages but the buyer's.
    """
    best = {name: options[0].value for name in _KEY_FIELDS if (options := proposals.get(name, ()))}
    found = find_by(best, master)
    if isinstance(found, Match) and found.is_sure:
        return found
    buyer = {option.value for option in proposals.get(FieldName.BUYER_VAT_ID, ())}
    printed = [{name: value} for name, value in _identifiers(sheet) if value not in buyer]
    any_of_them = _agreeing(tuple(match for one in printed for match in _by_identifiers(one, master)))
    if isinstance(any_of_them, Match):
        return any_of_them
    if found is None and (name := _printed_name(sheet, proposals, master)):
        found = find_by({**best, FieldName.SELLER_NAME: name}, master)
    return found if isinstance(found, Match) else None


def _printed_name(sheet: Sheet, proposals: Proposals, master: Master) -> str | None:
    """The only known name, to the letter, that stands alone on the pages and is not the buyer's."""
    buyers = {bare(option.value) for option in proposals.get(FieldName.BUYER_NAME, ())[:1]}
    texts = {bare(segment.text): segment.text for line in sheet.lines for segment in line.segments}
    known = [text for name, text in texts.items() if name in master.by_name and name not in buyers]
    return known[0] if len(known) == 1 else None


def _identifiers(sheet: Sheet) -> Iterator[tuple[FieldName, str]]:
    for name in _KEY_FIELDS[:4]:
        yield from ((name, str(span.value)) for span in sheet.spans_of(name.removeprefix("seller_")) if span.valid)


def by_name(name: str, master: Master) -> Match | None:
    """The supplier with this name or one most like it; None when two are equally like."""
    wanted = bare(name)
    if not wanted:
        return None
    if wanted in master.by_name:
        same = master.by_name[wanted]
        return Match(supplier=same[0], key=Key.NAME, reason=f"name '{name}'") if len(same) == 1 else None
    if len(wanted) <= LEAST_LETTERS:
        return None
    best = process.extract(wanted, master.names, scorer=fuzz.token_sort_ratio, score_cutoff=SAME_NAME, limit=8)
    found = {supplier.key: (supplier, score) for text, score, _ in reversed(best) for supplier in master.by_name[text]}
    ranked = sorted(found.values(), key=lambda pair: -pair[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < CLEAR_LEAD):
        return None
    supplier, score = ranked[0]
    reason = f"name '{name}', {score:.0f} % like '{supplier.name}',"
    return Match(supplier=supplier, key=Key.NAME, reason=reason, is_exact=False)


def named(name: str, suppliers: Iterable[Supplier]) -> Supplier:
    """The one supplier with this key, VAT id, SIREN, SIRET or whole name. Raises UnknownSupplier, also for several."""
    wanted, known = plain(name), tuple(suppliers)
    exact = [one for one in known if one.key == name]
    found = exact or [
        one
        for one in known
        if wanted in {one.vat_id, one.siren, one.siret} or bare(name) in map(bare, (one.name, *one.aliases))
    ]
    if len(found) != 1:
        raise UnknownSupplier(f"{'Several suppliers are' if found else 'No supplier is'} called {name}.")
    return found[0]


def bare(name: str) -> str:
    """A name for comparing: lower case, without accents, punctuation and legal form."""
    plain_name = lowered(legal_form().sub(" ", name))
    return " ".join("".join(char if char.isalnum() else " " for char in plain_name).split())


_KEY_FIELDS = (
    FieldName.SELLER_VAT_ID,
    FieldName.SELLER_SIREN,
    FieldName.SELLER_SIRET,
    FieldName.IBAN,
    FieldName.SELLER_NAME,
)


def _by_identifiers(values: Mapping[FieldName, str], master: Master) -> Iterator[tuple[Match, ...]]:
    """For each identifier that is known: the suppliers that have it."""
    for key, value, index in (
        (Key.VAT_ID, _vat_id(values), master.by_vat_id),
        (Key.SIREN, _siren(values), master.by_siren),
        (Key.SIRET, plain(values.get(FieldName.SELLER_SIRET)), master.by_siret),
        (Key.IBAN, plain(values.get(FieldName.IBAN)), master.by_iban),
    ):
        if found := index.get(value, ()):
            said = mask_iban(value) if key is Key.IBAN else value
            yield tuple(Match(supplier=supplier, key=key, reason=f"{key} {said}") for supplier in found)


def _agreeing(groups: tuple[tuple[Match, ...], ...]) -> Match | Contradiction | None:
    """The one supplier that all keys can mean, by the surest key; a contradiction when there is none."""
    if not groups:
        return None
    common = set.intersection(*({match.supplier.key for match in group} for group in groups))
    if not common:
        by_supplier = {group[0].supplier.key: group[0].said for group in reversed(groups)}
        return Contradiction(reasons=tuple(reversed(by_supplier.values())))
    return next((match for match in groups[0] if match.supplier.key in common), None) if len(common) == 1 else None


def _other_identity(match: Match, values: Mapping[FieldName, str]) -> str:
    """What the invoice says that its supplier is not, when account or name alone led there; empty when nothing."""
    known, said = match.supplier, _siren(values)
    if known.company and said:
        return f"the SIREN {said} is not its {known.company}" if plain(known.company) != said else ""
    vat_id = _vat_id(values)
    differs = known.vat_id and vat_id and plain(known.vat_id) != vat_id
    return f"the VAT id {vat_id} is not its {known.vat_id}" if differs else ""


def _vat_id(values: Mapping[FieldName, str]) -> str:
    """The VAT id; empty when its check digits are wrong, for then it is nobody's."""
    vat_id = values.get(FieldName.SELLER_VAT_ID)
    return plain(vat_id) if vat_id and valid_vat_id(vat_id) is not False else ""


def _siren(values: Mapping[FieldName, str]) -> str:
    siret = plain(values.get(FieldName.SELLER_SIRET))
    return plain(values.get(FieldName.SELLER_SIREN)) or siret[:9] or siren_in_vat_id(_vat_id(values)) or ""


def mask_iban(iban: str) -> str:
    """An account as is usual to show it: country, check digits and bank, and the last four: "FR76 3000 … 0189"."""
    compact = plain(iban)
    return f"{compact[:4]} {compact[4:8]} … {compact[-4:]}"


def _index(pairs: Iterable[tuple[str, Supplier]]) -> dict[str, tuple[Supplier, ...]]:
    found: dict[str, dict[str, Supplier]] = {}
    for value, supplier in pairs:
        found.setdefault(value, {})[supplier.key] = supplier
    return {value: tuple(suppliers.values()) for value, suppliers in found.items()}
