"""The words of a row become tokens: numbers with their sign, currency, percent sign or unit, and single words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pipeline.extract.layout import TextLine, union
from pipeline.extract.line_items.labels import is_unit, squeeze
from pipeline.extract.parsing import CURRENCY_CODES, CURRENCY_SIGNS, parse_amount
from schemas import Box, TextSource, Word

_RULES = "|¦[]{}_"
"""What OCR makes of the rules of a table."""
_NEAR_DIGITS = 1.2
"""Groups of one number are at most this many character widths apart: a space is half a width, in Courier a whole."""
_NEAR_SIGN = 2.6
"""So far may a currency, a percent sign or a unit stand from its number, in character widths."""
_MISREAD = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "S": "5", "B": "8"})
_LONGEST = 6
_WIDE = 3.5
"""A gap of so many character widths sets cells or texts apart."""


@dataclass(frozen=True)
class Number:
    """A printed number: its value, whether a percent sign follows, the unit that follows, its decimals."""

    value: Decimal
    percent: bool = False
    unit: str = ""
    decimals: int = 0
    currency: bool = False


@dataclass(frozen=True)
class Token:
    """A number (of one or several words) or a single other word."""

    words: tuple[Word, ...]
    number: Number | None = None

    @cached_property
    def box(self) -> Box:
        """The box around its words, in points."""
        return union(word.box for word in self.words)

    @cached_property
    def text(self) -> str:
        """Its words joined by spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def from_pixels(self) -> bool:
        """Whether OCR read it."""
        return self.words[0].source is not TextSource.TEXT_LAYER

    @property
    def char_width(self) -> float:
        """The mean width of a character in points."""
        return self.box.width / max(len(self.text), 1)


@dataclass(frozen=True)
class Row:
    """A text line as tokens, left to right."""

    line: TextLine
    tokens: tuple[Token, ...]

    @cached_property
    def numbers(self) -> tuple[Token, ...]:
        """The tokens that are numbers."""
        return tuple(token for token in self.tokens if token.number)

    @cached_property
    def amounts(self) -> tuple[Token, ...]:
        """The numbers without a percent sign."""
        return tuple(token for token in self.numbers if token.number and not token.number.percent)

    @cached_property
    def text(self) -> str:
        """The tokens joined by spaces."""
        return " ".join(token.text for token in self.tokens)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The tokens that are no numbers."""
        return tuple(token.text for token in self.tokens if token.number is None)

    @cached_property
    def cells(self) -> tuple["Row", ...]:
        """The parts that wide gaps set apart, as rows."""
        parts: list[list[Token]] = []
        for before, token in zip((None, *self.tokens), self.tokens, strict=False):
            if before is None or gap_in_characters(before, token) > _WIDE:
                parts.append([])
            parts[-1].append(token)
        return tuple(Row(self.line, tuple(part)) for part in parts)

    @cached_property
    def runs(self) -> tuple[str, ...]:
        """The texts that wide gaps or numbers set apart."""
        runs: list[list[Token]] = []
        for before, token in zip((None, *self.tokens), self.tokens, strict=False):
            if token.number:
                continue
            if before is None or before.number or gap_in_characters(before, token) > _WIDE:
                runs.append([])
            runs[-1].append(token)
        return tuple(" ".join(token.text for token in run) for run in runs)


def gap_in_characters(before: Token, after: Token) -> float:
    """The space between two tokens in widths of a character."""
    width = (before.char_width + after.char_width) / 2
    return (after.box.x0 - before.box.x1) / max(width, 0.1)


def row_of(line: TextLine, decimal_mark: str | None) -> Row:
    """A text line as tokens; table rules that OCR read as characters are dropped."""
    words = [clean for word in line.words if (clean := _cleaned(word))]
    tokens: list[Token] = []
    index = 0
    while index < len(words):
        size, number = _longest_number(words[index : index + _LONGEST], decimal_mark)
        tokens.append(Token(tuple(words[index : index + size]), number))
        index += size
    return Row(line, tuple(tokens))


def _cleaned(word: Word) -> Word | None:
    """The word without table rules; None when nothing else is left."""
    text = word.text.strip(_RULES)
    if word.source is not TextSource.TEXT_LAYER:
        # a faint comma or point is read as a colon; times of day do not stand in columns of amounts
        text = re.sub(r"^(\D?\d+)[:;](\d\d)$", r"\1.\2", text)
    if not re.search(r"\w|[%€$£#]", text) and text not in ("-", "−", "–"):
        return None
    return word if text == word.text else word.model_copy(update={"text": text})


def _longest_number(words: Sequence[Word], decimal_mark: str | None) -> tuple[int, Number | None]:
    """How many of the words make one number from the first on, and that number."""
    reach = 1
    while reach < len(words) and _may_join(words[reach - 1], words[reach]):
        reach += 1
    for size in range(reach, 0, -1):
        if number := read_number([word.text for word in words[:size]], decimal_mark):
            return size, number
    return 1, None


def _may_join(before: Word, after: Word) -> bool:
    width = (before.box.width + after.box.width) / max(len(before.text) + len(after.text), 1)
    near = _NEAR_DIGITS if before.text[-1].isdigit() and after.text[0].isdigit() else _NEAR_SIGN
    return after.box.x0 - before.box.x1 <= near * width


def read_number(texts: Sequence[str], decimal_mark: str | None = None) -> Number | None:
    """The number that words make together, with what belongs to it, or None when other words are among them."""
    if not any(char.isdigit() for text in texts for char in text):
        return None
    joined = _without_specks(" ".join(texts))
    if "%" in joined:
        joined = joined.strip("()[]: ")
    body, unit = _split_unit(joined)
    percent = body.endswith("%")
    body = body.removesuffix("%").strip() if percent else body
    value = parse_amount(body, decimal_mark)
    if value is None and len(texts) == 1:
        body = _repaired(body)
        value = parse_amount(body, decimal_mark)
    if value is None or abs(value) >= 10**11:
        return None
    return Number(value, percent, unit, _decimals(body, value), _has_currency(body))


def _without_specks(text: str) -> str:
    """The text without quotes and points that OCR sees around numbers, and without spaces beside a mark."""
    text = text.strip("'’‘`\"“”;:~*")
    text = re.sub(r"(?<=[.,]\d\d)[.,]$", "", text)
    return re.sub(r"(?<=\d[.,]) (?=\d\d$|\d{3}(?!\d))|(?<=\d) (?=[.,]\d)", "", text)


def _split_unit(text: str) -> tuple[str, str]:
    """A number and the unit after it: "2,00 pce", "1.5kg", "3x"; also "x 3"."""
    if match := re.fullmatch(r"[x×]\s*(\d.*)", text):
        return match[1], ""
    if (match := re.fullmatch(r"(.*\d[.,]?)\s*([^\W\d].*|x|×)", text)) and is_unit(match[2]):
        return match[1], match[2]
    return text, ""


def _repaired(text: str) -> str:
    """Letters that OCR reads for digits, put right where most characters are digits."""
    digits = sum(char.isdigit() for char in text)
    if digits < 2 or digits < sum(char in "OoIlSB" for char in text) * 2 or not re.search(r"\d[.,]|[.,]\d", text):
        return text
    return text.translate(_MISREAD) if re.fullmatch(r"[-+]?[\dOoIlSB.,']+", text) else text


def _decimals(text: str, value: Decimal) -> int:
    match = re.search(r"[.,](\d+)\D*$", text)
    if match is None or (len(match[1]) == 3 and value == value.to_integral_value()):
        return 0
    return len(match[1])


def _has_currency(text: str) -> bool:
    words = set(re.findall(r"[A-Z]{3}", text))
    return bool(words & CURRENCY_CODES) or any(sign in text for sign in CURRENCY_SIGNS if not sign.isalpha())


def has_letters(text: str, count: int = 2) -> bool:
    """Whether a text has at least so many letters."""
    return sum(char.isalpha() for char in squeeze(text)) >= count
