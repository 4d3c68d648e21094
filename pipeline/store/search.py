"""What a queue is searched by: one folded text an item, narrow enough to be part of the queue's index."""

import unicodedata
from collections.abc import Iterable

MOST = 150
"""Characters of each part; a database index holds only so much."""


def fold(text: str) -> str:
    """Small letters without accents; "|" sets codes apart, so it is none of the text."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(kept.replace("|", " ").split())


def search_text(file_name: str, seller: str | None, number: str | None, codes: Iterable[str]) -> str:
    """The text of an item: what it is called, and the codes of its reasons as "|code|code|"."""
    said = " ".join(fold(part)[:MOST] for part in (seller or "", number or "", file_name))
    return f"{said} {code_mark('|'.join(dict.fromkeys(codes)))}"[: 4 * MOST]  # too long a row fits no index page


def code_mark(code: str) -> str:
    """How a code stands in the text."""
    return f"|{code}|"
