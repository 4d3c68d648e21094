"""All that is known, as one value without a database: for the child processes and for the rules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from rapidfuzz import fuzz

from pipeline.extract.candidates import Sheet
from pipeline.extract.views import Proposals
from pipeline.suppliers.apply import recall
from pipeline.suppliers.contents import Contents, header_of
from pipeline.suppliers.master import SAME_NAME, Master, Match, bare, find_on
from pipeline.suppliers.model import PurchaseOrder, Rules, Supplier
from pipeline.validate.identifiers import plain
from schemas import Candidate, Evidence, EvidenceKind, FieldName

KEPT = 8
"""Snapshots that a child process holds in memory, one a client."""
NAME_BY_KEY = 0.75
"""Score of a seller's name that the master tells by an identifier; the page may print it as a picture only."""


@dataclass(frozen=True, eq=False)
class Known:
    """Supplier master, live rules as JSON text by supplier key, and purchase orders by plain number."""

    master: Master = field(default_factory=lambda: Master(()))
    rule_texts: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, PurchaseOrder] = field(default_factory=dict)
    version: str = ""

    @classmethod
    def load(cls, path: Path) -> Self:
        """What a file of `snapshot.write_snapshot` says, read anew only when its version changed.

        Without a file nothing is known. Raises ValueError for a file that is not a snapshot.
        """
        version = header_of(path).get("version")
        if version is None:
            return cls()
        cached = _loaded.get(path)
        if not isinstance(cached, cls) or cached.version != version:
            cached = cls._read(path)
            while len(_loaded) >= KEPT:
                del _loaded[next(iter(_loaded))]
            _loaded[path] = cached
        return cached

    @classmethod
    def _read(cls, path: Path) -> Self:
        header, _, body = path.read_bytes().partition(b"\n")
        contents = Contents.model_validate_json(body)
        orders = {plain(order.number): order for order in contents.orders}
        return cls(Master(contents.suppliers), contents.rules, orders, json.loads(header)["version"])

    def rules(self, key: str) -> Rules | None:
        """The live rules of a supplier; read only when asked for, for there may be many thousands."""
        text = self.rule_texts.get(key)
        return Rules.model_validate_json(text) if text else None

    def order(self, number: str) -> PurchaseOrder | None:
        """The order with this number, without regard to spaces and punctuation."""
        return self.orders.get(plain(number))

    def recall(self, proposals: Proposals, sheet: Sheet) -> Proposals:
        """The proposals in the light of what is known of their seller; as they are when it is unknown.

        They may be those of some fields only, so that fields can be proposed one after the other.
        """
        match = find_on(sheet, proposals, self.master)
        if match is None:
            return proposals
        remembered = recall(proposals, sheet, _with_master(self.rules(match.supplier.key), match.supplier))
        return _with_name(remembered, match) if match.is_sure else remembered


_loaded: dict[Path, Known] = {}
"""The last version read of the files of the last clients; a child process serves one home."""


def _with_master(rules: Rules | None, supplier: Supplier) -> Rules:
    """The rules with the accounts and the currency that the master knows."""
    learned = rules or Rules(supplier=supplier.key)
    currency = (supplier.currency,) if supplier.currency else ()
    currencies = tuple(dict.fromkeys((*learned.currencies, *currency)))
    return learned.model_copy(update={"ibans": supplier.ibans, "currencies": currencies})


def _with_name(proposals: Proposals, match: Match) -> Proposals:
    """With the name of the master where an identifier showed the seller; a candidate among others."""
    if FieldName.SELLER_NAME not in proposals:
        return proposals
    options = proposals[FieldName.SELLER_NAME]
    if any(_is_name_of(match.supplier, option) for option in options):
        marked = tuple(_marked(one, match) if _is_name_of(match.supplier, one) else one for one in options)
        return {**proposals, FieldName.SELLER_NAME: tuple(sorted(marked, key=lambda one: -one.score))}
    named = Candidate(name=FieldName.SELLER_NAME, value=match.supplier.name, score=NAME_BY_KEY)
    ranked = sorted((*options, _marked(named, match)), key=lambda one: -one.score)
    return {**proposals, FieldName.SELLER_NAME: tuple(ranked)}


def _is_name_of(supplier: Supplier, option: Candidate) -> bool:
    said = bare(str(option.value))
    names = (bare(name) for name in (supplier.name, *supplier.aliases))
    return any(fuzz.token_set_ratio(said, name) >= SAME_NAME for name in names)


def _marked(option: Candidate, match: Match) -> Candidate:
    witness = Evidence(kind=EvidenceKind.SUPPLIER_MEMORY, detail=f"{match.reason} is in the supplier master")
    score = max(option.score, NAME_BY_KEY)
    return option.model_copy(update={"score": score, "evidence": (*option.evidence, witness)})
