"""The words that tell a name from other texts; kept as data in `words.yaml`."""

import re
from functools import cache

from babel import Locale

from pipeline.extract.data import load_data
from pipeline.extract.labels import plain
from pipeline.extract.parsing import LANGUAGES


def _words() -> dict[str, list[str]]:
    return load_data("words.yaml")  # type: ignore[no-any-return]


@cache
def legal_form() -> re.Pattern[str]:
    """The legal forms of companies, as they stand beside a name, also in capitals."""
    usual = _words()["legal_forms"]
    forms = sorted({*usual, *map(str.upper, usual)} - {"CO."}, key=len, reverse=True)
    return re.compile(r"(?<![\w&.])(?:" + "|".join(map(re.escape, forms)) + r")(?![\w&])")


def is_legal_form(text: str) -> bool:
    """Whether a text is a legal form and nothing else: "Sarl" of "Sarl au capital de…" is nobody's name."""
    return bool(legal_form().fullmatch(text.strip().upper()))


@cache
def not_a_name() -> re.Pattern[str]:
    """Words that begin a title, a caption or a greeting; matched against plain text."""
    return re.compile("(?:" + "|".join(map(re.escape, _words()["not_a_name"])) + r")\b")


@cache
def street() -> re.Pattern[str]:
    """A street's word, also as the end of a German or Dutch one ("Bahnhofstrasse")."""
    words = "|".join(map(re.escape, _words()["street_words"]))
    return re.compile(rf"\b(?:{words})\b|stra(?:ss|ß)e\b|straat\b|str\.")


def is_caption(text: str) -> bool:
    """Whether a text announces a name: "Name:", "Raison sociale :"."""
    return text.rstrip().endswith(":") and plain(text).strip(" :") in _words()["name_captions"]


@cache
def bank() -> re.Pattern[str]:
    """Words of banks, also as the end of one ("Handelsbank"); matched against plain text."""
    return re.compile(r"\b(?:\w*bank|" + "|".join(map(re.escape, _words()["banks"])) + r")\b")


@cache
def payer_account() -> re.Pattern[str]:
    """What says of an account that it is the customer's; matched against plain text."""
    return re.compile("|".join(map(re.escape, _words()["payer_account"])))


@cache
def countries() -> frozenset[str]:
    """The names of countries in the known languages, plain; the last line of an address is none of a party."""
    return frozenset(plain(name) for language in LANGUAGES for name in Locale(language).territories.values())


@cache
def mail_hosts() -> frozenset[str]:
    """Providers whose domain names nobody."""
    return frozenset(_words()["mail_hosts"])
