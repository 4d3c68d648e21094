"""What lists are searched by: one folded text a row, narrow enough to be part of the list's index."""

import unicodedata
from collections.abc import Iterable

MOST = 150
"""Characters of each part; a database index holds only so much."""
LONGEST = 4 * MOST
"""Characters in all: too long a row fits no index page."""


def fold(text: str) -> str:
    """Small letters without accents; "|" sets codes apart, so it is none of the text."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(kept.replace("|", " ").split())


def search_text(file_name: str, seller: str | None, number: str | None, codes: Iterable[str]) -> str:
    """The text of an item: what it is called, and the codes of its reasons as "|code|code|"."""
    said = " ".join(fold(part)[:MOST] for part in (seller or "", number or "", file_name))
    return f"{said} {code_mark('|'.join(dict.fromkeys(codes)))}"[:LONGEST]


def with_words(text: str, *parts: str | None) -> str:
    """A document's text, which begins with its file's name, and what else it is found by: sellers and numbers."""
    for part in parts:
        word = fold(part or "")[:MOST]
        text = text if word in text else f"{text} {word}".strip()[:LONGEST]
    return text


def code_mark(code: str) -> str:
    """How a code stands in the text."""
    return f"|{code}|"
