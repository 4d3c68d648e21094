"""The words that head the columns of a table and its sums, compared without case, accents, spaces or marks."""

import re
import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process

from pipeline.extract.data import load_data

_FUZZY_LENGTH = 6
_FUZZY_SCORE = 84.0


class Role(StrEnum):
    """What a column of the table holds."""

    POSITION = "position"
    ITEM_ID = "item_id"
    DATE = "date"
    DESCRIPTION = "description"
    QUANTITY = "quantity"
    UNIT = "unit"
    UNIT_PRICE = "unit_price"
    GROSS_UNIT_PRICE = "gross_unit_price"
    DISCOUNT = "discount"
    TAX_RATE = "tax_rate"
    TAX_AMOUNT = "tax_amount"
    NET_AMOUNT = "net_amount"
    GROSS_AMOUNT = "gross_amount"


class RowLabel(StrEnum):
    """What a row that is no invoice line says of itself."""

    TOTAL = "total"
    TOTAL_ALONE = "total_alone"
    SUBTOTAL = "subtotal"
    CARRY = "carry"
    INFO = "info"


class ColumnLabel(NamedTuple):
    """A role a header phrase may stand for, and how well it fits (0 to 1)."""

    role: Role
    score: float


@lru_cache(maxsize=20_000)
def squeeze(text: str) -> str:
    """Letters, digits and the signs % and # only, in lower case, without accents or spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return "".join(char for char in plain if char.isalnum() or char in "%#")


def _data() -> dict[str, Any]:
    return load_data("line_items/labels.yaml")  # type: ignore[no-any-return]


@cache
def _columns() -> dict[str, tuple[Role, ...]]:
    """Squeezed label -> the roles it may stand for, in the order of the file."""
    found: dict[str, list[Role]] = {}
    for role, languages in _data()["columns"].items():
        for label in (label for labels in languages.values() for label in labels):
            roles = found.setdefault(squeeze(str(label)), [])
            if Role(role) not in roles:
                roles.append(Role(role))
    return {label: tuple(roles) for label, roles in found.items() if label}


@cache
def _long_columns() -> tuple[str, ...]:
    return tuple(label for label in _columns() if len(label) >= _FUZZY_LENGTH)


@cache
def _qualifiers() -> frozenset[str]:
    return frozenset(squeeze(str(word)) for word in _data()["qualifiers"])


@cache
def header_words() -> frozenset[str]:
    """Every single word, squeezed, that occurs in a column label or may qualify one."""
    labels = [
        str(label) for languages in _data()["columns"].values() for labels in languages.values() for label in labels
    ]
    words = {squeeze(word) for label in labels for word in re.split(r"[\s/]+", label)}
    return frozenset(words | _qualifiers()) - {""}


@lru_cache(maxsize=8192)
def column_labels(phrase: str) -> tuple[ColumnLabel, ...]:
    """The roles that a header phrase may stand for, best first; empty when it is no label.

    "Désignation / Description" counts as either; currency words and what stands in brackets are ignored.
    """
    bare = re.sub(r"\((?:[^)]*)\)|[€$£*:]", " ", phrase)
    for variant in (phrase, bare, _without_qualifiers(bare), *re.split(r"\s*/\s*", bare)):
        if found := _match(squeeze(variant)):
            return found
    return ()


def _without_qualifiers(phrase: str) -> str:
    return " ".join(word for word in phrase.split() if squeeze(word) not in _qualifiers())


def _match(key: str) -> tuple[ColumnLabel, ...]:
    if not key:
        return ()
    if roles := _columns().get(key):
        return tuple(ColumnLabel(role, 1.0) for role in roles)
    if len(key) < _FUZZY_LENGTH:
        return ()
    best = process.extractOne(key, _long_columns(), scorer=fuzz.ratio, score_cutoff=_FUZZY_SCORE)
    if best is None:
        return ()
    return tuple(ColumnLabel(role, best[1] / 100) for role in _columns()[best[0]])


@cache
def _row_labels() -> dict[RowLabel, tuple[tuple[str, ...], ...]]:
    return {
        RowLabel(kind): tuple(
            tuple(filter(None, (squeeze(word) for word in re.split(r"[\s:./-]+", str(label)))))
            for labels in languages.values()
            for label in labels
        )
        for kind, languages in _data()["rows"].items()
    }


@cache
def _row_labels_by_initial() -> dict[str, tuple[tuple[RowLabel, tuple[str, ...]], ...]]:
    """The labels with their kinds by their first character, which no slip of a reader is allowed in."""
    found: dict[str, list[tuple[RowLabel, tuple[str, ...]]]] = {}
    for kind, labels in _row_labels().items():
        for label in labels:
            found.setdefault(label[0][0], []).append((kind, label))
    return {initial: tuple(labels) for initial, labels in found.items()}


@cache
def _connectives() -> frozenset[str]:
    words = {word for labels in _row_labels().values() for label in labels for word in label}
    return frozenset({squeeze(str(word)) for word in _data()["connectives"]} | words | _qualifiers())


@lru_cache(maxsize=8192)
def row_label(text: str) -> RowLabel | None:
    """What a run of text says its row is, by the words it begins with (longest label wins), or None.

    A word of the language of sums may stand before a label: "Prix total HT", "Montant total TTC".
    """
    unbracketed = re.sub(r"\([^)]*\)", " ", text)
    words = tuple(filter(None, (squeeze(word) for word in re.split(r"[\s:./-]+", unbracketed or text))))
    label = _label_at_start(words)
    if label is None and len(words) > 1 and (words[0] in _connectives() or words[0] in header_words()):
        behind = _label_at_start(words[1:])
        return behind if behind is RowLabel.TOTAL else None
    return label


def _label_at_start(words: tuple[str, ...]) -> RowLabel | None:
    best: tuple[int, RowLabel] | None = None
    for kind, label in _row_labels_by_initial().get(words[0][0], ()) if words else ():
        if (best is None or len(label) > best[0]) and _begins(words, label) and _may_follow(kind, words, label):
            best = (len(label), kind)
    if best is None and 1 < len(words) <= 4 and words[-1] in _sum_endings():
        return RowLabel.TOTAL
    return best[1] if best else None


@cache
def _sum_endings() -> frozenset[str]:
    return frozenset(squeeze(word) for word in _data()["sum_endings"])


def _may_follow(kind: RowLabel, words: tuple[str, ...], label: tuple[str, ...]) -> bool:
    if kind is not RowLabel.TOTAL_ALONE and not (kind is RowLabel.CARRY and len(label) == 1):
        return True
    return all(word in _connectives() or word.strip("%").isdigit() or word in ("%", "") for word in words[len(label) :])


def _begins(words: tuple[str, ...], label: tuple[str, ...]) -> bool:
    if words[: len(label)] == label:
        return True
    # OCR splits and merges words: compare whole words without spaces, with one slip in a long label
    key = "".join(label)
    if len(key) < _FUZZY_LENGTH + 2 or not words:
        return False
    heads = ("".join(words[:size]) for size in range(1, len(label) + 3))
    return any(head[:1] == key[:1] and fuzz.ratio(head, key) >= 90 for head in heads)


@cache
def _vat_words() -> frozenset[str]:
    return frozenset(squeeze(word) for word in _data()["vat"])


def names_vat(text: str) -> bool:
    """Whether a text names value added tax, also with a rate stuck to it ("TVA(20%)", "MwSt.19%")."""
    keys = (squeeze(word).strip("0123456789%") for word in re.split(r"[\s/:()@-]+", text))
    return any(_is_vat_word(key) for key in keys if len(key) > 2)


@lru_cache(maxsize=8192)
def _is_vat_word(key: str) -> bool:
    if key in _vat_words() or len(key) < _FUZZY_LENGTH:
        return key in _vat_words()
    return process.extractOne(key, _vat_words(), scorer=fuzz.ratio, score_cutoff=90) is not None


def is_row_word(text: str) -> bool:
    """Whether a word belongs to the language of sums and headers, not to a description."""
    key = squeeze(text)
    return len(key) < 3 or key in _connectives() or key in header_words() or names_vat(text)


@cache
def units() -> frozenset[str]:
    """Squeezed names of units that stand beside a quantity."""
    return frozenset(squeeze(str(unit)) for unit in _data()["units"]) - {""}


def is_unit(text: str) -> bool:
    """Whether a text is the name of a unit."""
    key = squeeze(text)
    return key in units() or key.removesuffix("s") in units()
