"""The words of a table row find their columns: description, item number, unit, date."""

from collections.abc import Mapping, Sequence

from pipeline.extract.layout import union
from pipeline.extract.line_items.columns import NumberColumn
from pipeline.extract.line_items.header import HeaderColumn
from pipeline.extract.line_items.labels import Role, is_unit
from pipeline.extract.line_items.tokens import Token, gap_in_characters, has_letters
from schemas import Box

_CELL_GAP = 1.9
"""Words of one cell are less than this many character widths apart."""


def text_cells(
    tokens: Sequence[Token], headers: Sequence[HeaderColumn], columns: Sequence[NumberColumn]
) -> Mapping[Role, str]:
    """The text of each role on a row; words under no other text column are description."""
    homes = _text_columns(headers, columns)
    described = any(home.roles[:1] == (Role.DESCRIPTION,) for home in homes)
    found: dict[Role, list[str]] = {}
    for run in _runs(tokens, homes):
        text = " ".join(token.text for token in run)
        role = _role(text, union(token.box for token in run), homes, columns)
        if role is None and not described:
            role = Role.DESCRIPTION
        if role is not None:
            found.setdefault(role, []).append(text)
    if Role.DESCRIPTION not in found and has_letters(" ".join(found.get(Role.ITEM_ID, ())), 5):
        found[Role.DESCRIPTION] = found[Role.ITEM_ID]
    return {role: " ".join(texts) for role, texts in found.items()}


def _text_columns(headers: Sequence[HeaderColumn], columns: Sequence[NumberColumn]) -> tuple[HeaderColumn, ...]:
    """The header columns that hold words: those without a column of numbers under them."""
    numeric = {id(column.header) for column in columns if column.header}
    return tuple(header for header in headers if id(header) not in numeric)


def _runs(tokens: Sequence[Token], homes: Sequence[HeaderColumn]) -> list[list[Token]]:
    """Tokens that stand together, cut where a gap is wide or where a new column of words begins."""
    runs: list[list[Token]] = []
    for token in tokens:
        before = runs[-1][-1] if runs else None
        new = before is None or gap_in_characters(before, token) > _CELL_GAP
        if not new and before is not None:
            new = any(_begins_at(token.box, home.box) for home in homes if home.box.x0 > runs[-1][0].box.x1 - 1)
            new = new and gap_in_characters(before, token) > 0.8
        if new:
            runs.append([])
        runs[-1].append(token)
    return runs


def _begins_at(box: Box, home: Box) -> bool:
    return abs(box.x0 - home.x0) < 2.0


def _role(text: str, box: Box, homes: Sequence[HeaderColumn], columns: Sequence[NumberColumn]) -> Role | None:
    over = [home for home in homes if min(box.x1, home.box.x1) > max(box.x0, home.box.x0)]
    if len(over) > 1:
        started = [home for home in over if home.box.x0 <= box.x0 + box.height]
        over = (started or over)[-1:] if started else over[:1]
    if not over and homes:
        over = [min(homes, key=lambda home: max(home.box.x0 - box.x1, box.x0 - home.box.x1))]
    role = over[0].roles[0] if over and over[0].roles else (None if over else Role.DESCRIPTION)
    if role is Role.UNIT and not has_letters(text, 1):
        return None
    if is_unit(text) and columns and box.x0 > columns[0].x0 and role is not Role.ITEM_ID:
        return Role.UNIT
    if not over and not has_letters(text, 1):
        return None
    return role
