"""Finds what could be a value: dates, amounts, bank and tax identifiers, numbers of documents."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from statistics import fmean

import stdnum.bic
import stdnum.eu.vat
import stdnum.fr.siren
import stdnum.fr.siret
import stdnum.gb.vat
import stdnum.iban

from pipeline.extract.labels import Label
from pipeline.extract.layout import TextLine, union
from pipeline.extract.parsing import find_dates, parse_amount
from schemas import Box, TextSource

CELL_GAP = 1.6
"""Groups of an identifier stand within this many line heights ("FR76 3000 4000")."""
NUMBER_GAP = 0.55
"""Groups of digits nearer than this many line heights are one number ("1 234,56")."""
FEWEST_OF_PITCH = 3
PITCH_ERROR = 0.04
"""Words of a fixed-pitch font, three at least on a row, are all as wide a character, but for so much."""

IDENTIFIER = re.compile(
    r"(?<![\w.,/-])(?:[A-Z]{1,4}[ ](?=\d))?(?=[\w./-]*\d)[A-Za-z0-9](?:[\w./#-]*[A-Za-z0-9])?(?![\w-])"
)


@dataclass(frozen=True, eq=False)
class Span:
    """A value and where it stands: words `first` to `last` (half open) of a text line."""

    kind: str
    value: Decimal | date | str
    line: TextLine
    first: int
    last: int
    valid: bool = True
    """Whether a check digit, where the kind has one, is right."""
    start_share: float = 0.0
    """Where the value begins within its first word, from 0 to 1 (a label may be glued to it)."""

    @cached_property
    def box(self) -> Box:
        """The box around the value in points."""
        whole = union(word.box for word in self.line.words[self.first : self.last])
        head = self.line.words[self.first].box
        return whole.model_copy(update={"x0": head.x0 + self.start_share * head.width})

    @property
    def raw(self) -> str:
        """The words as printed."""
        return " ".join(word.text for word in self.line.words[self.first : self.last])

    @property
    def page(self) -> int:
        """The page's number."""
        return self.line.page

    @property
    def confidence(self) -> float:
        """The reader's own mean confidence in the words, 0 to 1."""
        return fmean(word.confidence for word in self.line.words[self.first : self.last])


def find_spans(
    line: TextLine, labels: Sequence[Label] = (), decimal_mark: str | None = None, month_first: bool = False
) -> list[Span]:
    """All values on a line; a word may belong to several kinds, the labels decide later.

    `labels` are those of the line's segments: "No.123" is a label with a value glued to it, not an identifier.
    """
    return [
        *_dates(line, month_first),
        *_amounts(line, decimal_mark),
        *_ibans(line),
        *_vat_ids(line),
        *_french_identifiers(line),
        *_bics(line),
        *_identifiers(line, labels),
    ]


def _dates(line: TextLine, month_first: bool) -> Iterator[Span]:
    for value, start, end in find_dates(line.text, month_first):
        yield _span("date", value, line, start, end)


def _span(kind: str, value: Decimal | date | str, line: TextLine, start: int, end: int, valid: bool = True) -> Span:
    first, last = line.words_between(start, end)
    share = max(0, start - line.offsets[first]) / max(1, len(line.words[first].text))
    return Span(kind, value, line, first, last, valid, share)


_SIGN_BEFORE = re.compile(r"^[(\-−–]?(?:€|\$|£|US\$|EUR|USD|GBP|CHF|RM|CA\$|-€|-)$")


def _amounts(line: TextLine, decimal_mark: str | None) -> Iterator[Span]:
    """Numbers with their sign and currency; groups of thousands set apart by a narrow gap are joined."""
    at = 0
    while at < len(line.words):
        last = _number_end(line, at)
        if last is None:
            at += 1
            continue
        first = at
        if first and _SIGN_BEFORE.match(line.words[first - 1].text) and _near(line, first - 1, 2.0):
            first -= 1
        text = " ".join(word.text for word in line.words[first:last])
        value = parse_amount(text, decimal_mark)
        if value is not None:
            yield Span("amount", value, line, first, last)
        at = last


def _number_end(line: TextLine, at: int) -> int | None:
    """The end of the number that begins at a word, or None when none does."""
    text = line.words[at].text
    if parse_amount(text) is None:
        return None
    end = at + 1
    while end < len(line.words) and re.fullmatch(r"[(\-−–€$£]*\d{1,3}", line.words[at].text):
        follower = line.words[end].text
        before = line.words[end - 1].text
        if not re.fullmatch(r"\d{3}(?:[.,]\d{1,4})?(?:\D{0,4})", follower) or not re.search(r"\d$", before):
            break
        if not _is_group_space(line, end - 1) or parse_amount(_joined(line, at, end + 1)) is None:
            break
        end += 1
    return end


def _joined(line: TextLine, first: int, last: int) -> str:
    return " ".join(word.text for word in line.words[first:last])


def _is_group_space(line: TextLine, index: int) -> bool:
    """Whether the space to the next word may part thousands: a narrow one, or one character of a fixed-pitch font."""
    if _near(line, index, NUMBER_GAP):
        return True
    widths = [word.box.width / len(word.text) for word in line.words]
    gap = line.words[index + 1].box.x0 - line.words[index].box.x1
    pitch = fmean(widths)
    return len(widths) >= FEWEST_OF_PITCH and max(abs(w - pitch) for w in (*widths, gap)) < PITCH_ERROR * pitch


def _near(line: TextLine, index: int, heights: float) -> bool:
    """Whether the next word stands within so many line heights."""
    before, after = line.words[index].box, line.words[index + 1].box
    return after.x0 - before.x1 <= heights * line.height


def _windows(line: TextLine, begins: re.Pattern[str], most: int) -> Iterator[tuple[int, int, str]]:
    """Runs of words that begin with a pattern, longest first, with their text without white space."""
    for first, word in enumerate(line.words):
        if begins.match(word.text):
            for last in range(_cell_end(line, first, first + most), first, -1):
                yield first, last, "".join(w.text for w in line.words[first:last])


def _cell_end(line: TextLine, first: int, most: int) -> int:
    """Where the words that stand together with the first one end, `most` at the latest."""
    last = first + 1
    while last < min(len(line.words), most) and _near(line, last - 1, CELL_GAP):
        last += 1
    return last


def _runs(
    line: TextLine,
    kind: str,
    begins: re.Pattern[str],
    most: int,
    shape: re.Pattern[str],
    is_valid: Callable[[str], bool],
) -> Iterator[Span]:
    """Identifiers of one kind: the longest valid run of words; where none is valid, the longest of the shape."""
    taken = 0
    fallback: dict[int, Span] = {}
    for first, last, text in _windows(line, begins, most):
        if first < taken:
            continue
        compact = re.sub(r"[^0-9A-Za-z]", "", text).upper()
        match = shape.search(compact)
        value = _valid_form(compact, line.words[first].source, shape, is_valid)
        if value is not None:
            fallback.pop(first, None)
            taken = last
            yield Span(kind, value, line, first, last)
        elif match is None:
            continue
        elif first not in fallback and shape.fullmatch(compact) and _is_mostly_digits(compact):
            fallback[first] = Span(kind, compact, line, first, last, valid=False)
    yield from (span for first, span in fallback.items() if first >= taken or not taken)


_MISREAD = str.maketrans("OQDIL", "00011")
"""Letters that OCR reads for digits; a text layer has no such slips."""


def _valid_form(
    compact: str, source: TextSource, shape: re.Pattern[str], is_valid: Callable[[str], bool]
) -> str | None:
    """The identifier in a text, if its check digits are right; of OCR also with look-alike letters read as digits."""
    mended = compact[:2] + compact[2:].translate(_MISREAD)
    for text in (compact,) if source is TextSource.TEXT_LAYER else (compact, mended):
        match = shape.search(text)
        if match and is_valid(match[0]):
            return match[0]
    return None


def _is_mostly_digits(text: str) -> bool:
    """Words behind a name ("BA13 hydrofuge 472081", "FR94… SIRET 978…") are no misread account or VAT id."""
    return 2 * sum(char.isdigit() for char in text) > len(text) and not re.search(r"[A-Z]{4}", text[BANK_CODE_END:])


_IBAN_BEGINS = re.compile(r"^\W*(?:IBAN\W*)?[A-Z]{2}\s?\d{2}|^\W*[A-Z]{2}$")
_IBAN_SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{2,30}")
BANK_CODE_END = 8
"""Four letters may stand in an IBAN only as its bank code (GB, IE, NL), right behind country and check digits."""


def _ibans(line: TextLine) -> Iterator[Span]:
    if not re.search(r"[A-Z]{2}\s?\d{2}", line.text):
        return
    yield from _runs(line, "iban", _IBAN_BEGINS, 10, _IBAN_SHAPE, is_iban)


def is_iban(text: str) -> bool:
    """Whether country, length and check digits of an account are right (python-stdnum)."""
    return bool(stdnum.iban.is_valid(text))


VAT_BEGINS = re.compile(r"^\W*(?:[A-Za-z]*:)?(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI|CHE|NO)(?=[\W\dA-Z]{2,}|$)")  # fmt: skip  # noqa: E501
_VAT_SHAPE = re.compile(
    r"(?:ATU\d{8}|BE[01]?\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE\d{9}|DK\d{8}|EE\d{9}|EL\d{9}|ES[A-Z0-9]\d{7}[A-Z0-9]"
    r"|FI\d{8}|FR[A-Z0-9]{2}\d{9}|GB\d{9}(?:\d{3})?|HR\d{11}|HU\d{8}|IE\d[A-Z0-9+*]\d{5}[A-Z]{1,2}|IT\d{11}"
    r"|LT(?:\d{12}|\d{9})|LU\d{8}|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}|PL\d{10}|PT\d{9}|RO\d{2,10}|SE\d{12}|SI\d{8}|SK\d{10}"
    r"|XI\d{9}|CHE\d{9}(?:MWST|TVA|IVA)?|NO\d{9}(?:MVA)?)$"
)


def _vat_ids(line: TextLine) -> Iterator[Span]:
    yield from _runs(line, "vat_id", VAT_BEGINS, 6, _VAT_SHAPE, is_vat_id)


def is_vat_id(text: str) -> bool:
    """Whether a VAT identification number of Europe is valid (python-stdnum); Swiss and Norwegian ones by shape."""
    if text.startswith(("GB", "XI")):
        return bool(stdnum.gb.vat.is_valid(text))
    if text.startswith(("CHE", "NO")):
        return True
    return bool(stdnum.eu.vat.is_valid(text))


def _french_identifiers(line: TextLine) -> Iterator[Span]:
    """SIREN and SIRET by their check digit."""
    for match in re.finditer(r"(?<![\d.,])\d{3}[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{5}|[ .]?\d{3}[ .]?\d{2})?(?![\d,]|\.\d)", line.text):  # fmt: skip  # noqa: E501
        digits = re.sub(r"\D", "", match[0])
        if len(digits) == 14 and stdnum.fr.siret.is_valid(digits):
            yield _span("siret", digits, line, match.start(), match.end())
        elif len(digits) == 9 and stdnum.fr.siren.is_valid(digits):
            yield _span("siren", digits, line, match.start(), match.end())


def _bics(line: TextLine) -> Iterator[Span]:
    for match in re.finditer(r"\b[A-Z]{4}[ ]?[A-Z]{2}[ ]?[A-Z0-9]{2}(?:[ ]?[A-Z0-9]{3})?\b", line.text):
        compact = match[0].replace(" ", "")
        if stdnum.bic.is_valid(compact):
            yield _span("bic", compact, line, match.start(), match.end())


def _identifiers(line: TextLine, labels: Sequence[Label]) -> Iterator[Span]:
    """Anything with a digit that could number a document."""
    position = 0
    for segment in line.segments:
        text = segment.text
        for label in labels:
            if label.segment is segment:
                text = text[: label.start] + " " * (label.end - label.start) + text[label.end :]
        # the mark after a label belongs to it: "N°: 12", "No.12"
        text = re.sub(r"(?<= )[.:°#-](?=\S)", " ", text)
        for match in IDENTIFIER.finditer(text):
            yield _span("identifier", match[0], line, position + match.start(), position + match.end())
        position += len(segment.text) + 1
