"""Characters as printed become characters as typed, and text is told from rubbish."""

import re
import unicodedata

_HYPHENS = dict.fromkeys(map(ord, "\u00ad\u2010\u2011\u2212"), "-")
"""The soft hyphen is among them: in WinAnsi fonts its code prints a plain hyphen."""
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\x00"), None)
_SHAPES = ("<font>", "<wide>", "<narrow>", "<initial>", "<medial>", "<final>", "<isolated>")
_LIGATURES = range(0xFB00, 0xFB50)
_REPLACEMENT = "\ufffd"
_UNDECODED = re.compile(r"\(cid:\d+\)")


def clean_text(text: str) -> str:
    """Composed characters; ligatures, wide and styled letters as plain ones; hyphens as "-"; no unseen marks.

    Not NFKC: that would turn "½" into "1⁄2" and "²" into "2", and so change quantities.
    """
    if text.isascii():
        return text.replace("\x00", "")
    plain = "".join(_plain(character) for character in text.translate(_HYPHENS).translate(_UNSEEN))
    return unicodedata.normalize("NFC", plain)


def count_rubbish(text: str) -> int:
    """How many characters of a text stand for nothing: undecoded, private, unassigned, control, replaced."""
    undecoded = _UNDECODED.findall(text)
    rest = _UNDECODED.sub("", text)
    return len(undecoded) + sum(character == _REPLACEMENT or _means_nothing(character) for character in rest)


def _plain(character: str) -> str:
    if ord(character) in _LIGATURES or unicodedata.decomposition(character).startswith(_SHAPES):
        return unicodedata.normalize("NFKC", character)
    return character


def _means_nothing(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Co", "Cn", "Cs"} and not character.isspace()
