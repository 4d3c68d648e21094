"""Finding the header of a table: one or two text lines whose phrases name columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract.layout import TextLine, union
from pipeline.extract.line_items.labels import ColumnLabel, Role, column_labels, header_words, squeeze
from pipeline.extract.line_items.tokens import Row
from schemas import Box, Word

_LONGEST_LABEL = 6
_WIDE_GAP = 0.85
"""Words of one label are not further apart than this many line heights."""
_NEXT_LINE = 1.7
"""The second line of a header begins within this many line heights of the first."""

MONEY = frozenset({Role.NET_AMOUNT, Role.GROSS_AMOUNT, Role.UNIT_PRICE, Role.GROSS_UNIT_PRICE})
_TELLING = MONEY | {Role.QUANTITY, Role.DESCRIPTION}
_WHAT = frozenset({Role.DESCRIPTION, Role.ITEM_ID, Role.QUANTITY, Role.UNIT_PRICE, Role.DATE})


@dataclass(frozen=True)
class HeaderColumn:
    """A column as its header names it: the roles it may have, best first, and where the label stands."""

    labels: tuple[ColumnLabel, ...]
    box: Box
    text: str

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that the label may stand for."""
        return tuple(label.role for label in self.labels)


@dataclass(frozen=True)
class Header:
    """The columns of a table, left to right, and the rows of its page that the header takes."""

    columns: tuple[HeaderColumn, ...]
    first_row: int
    last_row: int

    @property
    def named(self) -> int:
        """How many columns have a known label."""
        return sum(bool(column.labels) for column in self.columns)


@dataclass(frozen=True)
class _Phrase:
    words: tuple[Word, ...]
    labels: tuple[ColumnLabel, ...]

    @property
    def box(self) -> Box:
        return union(word.box for word in self.words)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def find_headers(rows: Sequence[Row]) -> tuple[Header, ...]:
    """All headers among the rows of one page, top to bottom."""
    headers: list[Header] = []
    for index, row in enumerate(rows):
        if headers and index <= headers[-1].last_row:
            continue
        if _may_head(row) and (header := _header_around(rows, index)):
            headers.append(header)
    return tuple(headers)


def _may_head(row: Row) -> bool:
    """Whether a line alone looks like the main line of a header."""
    keys = [squeeze(word.text) for word in row.line.words]
    known = sum(key in header_words() for key in keys)
    if known < 0.3 * len(keys) or any(sum(char.isdigit() for char in key) > 2 for key in keys):
        return False
    phrases = _phrases(row.line)
    named = [phrase for phrase in phrases if phrase.labels]
    roles = {label.role for phrase in named for label in phrase.labels}
    words = sum(len(phrase.words) for phrase in phrases)
    covered = sum(len(phrase.words) for phrase in named)
    return len(named) >= 2 and len(roles) >= 2 and bool(roles & _TELLING) and covered >= 0.5 * words


def _header_around(rows: Sequence[Row], index: int) -> Header | None:
    """The header whose main line is `index`, with the lines just above and below that belong to it."""
    first = last = index
    while last + 1 < len(rows) and _belongs(rows, index, last, last + 1):
        last += 1
    while first > 0 and _belongs(rows, index, first, first - 1):
        first -= 1
    best = _columns_of([row.line for row in rows[first : last + 1]])
    alone = _columns_of([rows[index].line])
    if _worth(alone) > _worth(best):
        best, first, last = alone, index, index
    return Header(best, first, last) if _is_header(best) else None


def _belongs(rows: Sequence[Row], main: int, edge: int, other: int) -> bool:
    """Whether the line `other` next to `edge` is part of the header: near, all header words, no numbers."""
    line, beside = rows[other].line, rows[edge].line
    if abs(other - main) > 2 or abs(line.box.y_mid - beside.box.y_mid) > _NEXT_LINE * beside.height:
        return False
    if rows[other].numbers:
        return False
    words = [key for word in line.words if (key := squeeze(word.text))]
    known = sum(word in header_words() for word in words)
    if not words or not known:
        return False
    named = any(phrase.labels for phrase in _phrases(line))
    return known >= (0.4 if named else 0.75) * len(words)


def _is_header(columns: Sequence[HeaderColumn]) -> bool:
    roles = {role for column in columns for role in column.roles}
    best = {column.roles[0] for column in columns if column.roles}
    return bool(roles & MONEY) and bool(roles & _WHAT) and len(best) >= 2


def _worth(columns: Sequence[HeaderColumn]) -> float:
    return sum(column.labels[0].score if column.labels else -0.5 for column in columns)


def _columns_of(lines: Sequence[TextLine]) -> tuple[HeaderColumn, ...]:
    """Phrases of all header lines, gathered by horizontal overlap, as columns."""
    groups: list[list[_Phrase]] = []
    for line in lines:
        for phrase in _phrases(line):
            group = max(groups, key=lambda g: _overlap(g, phrase), default=None)
            if group is not None and _overlap(group, phrase) > 0 and _other_line(group, phrase):
                group.append(phrase)
            else:
                groups.append([phrase])
    columns = [_column(group) for group in groups]
    return tuple(sorted(columns, key=lambda column: column.box.x0))


def _other_line(group: Sequence[_Phrase], phrase: _Phrase) -> bool:
    return all(abs(member.box.y_mid - phrase.box.y_mid) > 0.5 * member.box.height for member in group)


def _overlap(group: Sequence[_Phrase], phrase: _Phrase) -> float:
    box = union(member.box for member in group)
    return min(box.x1, phrase.box.x1) - max(box.x0, phrase.box.x0)


def _column(group: Sequence[_Phrase]) -> HeaderColumn:
    text = " ".join(phrase.text for phrase in group)
    labels = column_labels(text)
    if not labels:
        labels = max((phrase.labels for phrase in group), key=lambda found: found[0].score if found else 0.0)
    return HeaderColumn(labels, union(phrase.box for phrase in group), text)


def _phrases(line: TextLine) -> tuple[_Phrase, ...]:
    """The words of a line cut into labels and other phrases so that labels cover as much as they can."""
    words = [word for word in line.words if squeeze(word.text) or word.text in "#%"]
    best: list[tuple[float, tuple[_Phrase, ...]]] = [(0.0, ())]
    for end in range(1, len(words) + 1):
        options = []
        for start in range(end - 1, max(-1, end - 1 - _LONGEST_LABEL), -1):
            if start < end - 1 and _gap(words[start], words[start + 1]) > _WIDE_GAP * line.height:
                break
            phrase = _phrase(words[start:end])
            gain = len(phrase.words) * phrase.labels[0].score ** 2 - 0.05 if phrase.labels else -0.1
            options.append((best[start][0] + gain, (*best[start][1], phrase)))
        best.append(max(options, key=lambda option: option[0]))
    return best[-1][1]


def _phrase(words: Sequence[Word]) -> _Phrase:
    return _Phrase(tuple(words), column_labels(" ".join(word.text for word in words)))


def _gap(before: Word, after: Word) -> float:
    return after.box.x0 - before.box.x1
