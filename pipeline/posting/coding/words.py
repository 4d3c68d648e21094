"""The words of a description that tell what was bought."""

import re
from functools import lru_cache

from pipeline.extract.labels import plain

LEAST_LETTERS = 4
ALIKE = 0.5
"""From this share of the shorter one's words in common on, two descriptions are of the same thing."""
WHOLE = 4
"""A word of a rule with no more letters must stand as a whole, or with the s of the plural ("vol" is no "volume")."""
_WORD = re.compile(rf"[a-z]{{{LEAST_LETTERS},}}")
_EMPTY = frozenset(
    "avec pour dans sans les des une the and with for from und mit fur von der die das janvier fevrier mars avril juin "
    "juillet aout septembre octobre novembre decembre january february march april june july august september october "
    "november december januar februar marz juni juli oktober dezember mois jour month year monat jahr periode period "
    "boite paquet carton piece pieces unite unites lot reference article description".split()
)


@lru_cache(maxsize=20_000)
def words_of(text: str) -> frozenset[str]:
    """Words of at least four letters, in lower case without accents; months, units and little words left out."""
    return frozenset(_WORD.findall(plain(text))) - _EMPTY


def are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two descriptions share half of the words of the shorter one."""
    return bool(one and other) and len(one & other) >= ALIKE * min(len(one), len(other))


def holds(text: str, wanted: tuple[str, ...]) -> str | None:
    """The first of the words that a text has, as the beginning of a word of it, without regard to case and accents."""
    said = _spaced(text)
    return next((one for one in wanted if _pattern(one).search(said)), None)


@lru_cache(maxsize=20_000)
def _pattern(word: str) -> re.Pattern[str]:
    said = _spaced(word)
    end = "s?(?!\\S)" if len(said) <= WHOLE else ""
    return re.compile(rf"(?<!\S){re.escape(said)}{end}")


@lru_cache(maxsize=20_000)
def _spaced(text: str) -> str:
    return re.sub(r"[^0-9a-z]+", " ", plain(text).replace("œ", "oe")).strip()
