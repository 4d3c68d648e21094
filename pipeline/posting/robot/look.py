"""Reads vouchers from a target: as JSON, from the rows of a screen, or from the page that shows one."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from playwright.sync_api import Locator
from pydantic import ValidationError

from pipeline.posting.robot import faults
from pipeline.posting.robot.eyes import shown
from pipeline.posting.robot.faults import BrowserError
from pipeline.posting.robot.hands import Hands
from pipeline.posting.robot.script import Cell, Query, Screens
from pipeline.posting.robot.words import Notation
from schemas.posting import Voucher

_AMOUNTS = ("net", "tax", "gross")
_NO = ("", "0", "false", "no", "non", "brouillon", "draft")


def look(hands: Hands, way: Query | Screens) -> Iterator[Voucher]:
    """The vouchers that a way leads to. Raises SessionExpired, TargetDown, TargetRefused."""
    if isinstance(way, Query):
        yield from _ask(hands, way)
        return
    hands.do(way.do)
    hands.eyes.settle(hands.words)
    for row in hands.eyes.locate(way.rows, hands.words).all():
        yield _voucher({name: _cell(hands, cell, row) for name, cell in way.cells.items()}, hands.words.notation)


def prove(hands: Hands, cells: Mapping[str, Cell]) -> Voucher:
    """The voucher as the page shows it."""
    return _voucher({name: _cell(hands, cell) for name, cell in cells.items()}, hands.words.notation)


def _ask(hands: Hands, query: Query) -> Iterator[Voucher]:
    address = hands.words.text(query.get)
    try:
        answer = hands.page.context.request.get(address, max_redirects=0, timeout=hands.script.patience * 1000)
    except BrowserError as error:
        raise faults.down(f"{query.get}: {hands.trail.clean(error.message.splitlines()[0])}") from None
    if answer.status in (301, 302, 303, 307, 401, 403):
        raise faults.SessionExpired
    if answer.status >= 500:
        raise faults.down(f"{query.get}: status {answer.status}")
    try:
        rows = answer.json()[query.rows]
        yield from (Voucher(**{name: row[key] for name, key in query.cells.items()}) for row in rows)
    except (ValueError, KeyError, TypeError) as error:
        raise faults.changed(f"{query.get} does not answer with vouchers: {type(error).__name__}") from error


def _cell(hands: Hands, cell: Cell, row: Locator | None = None) -> str:
    if cell.value is not None:
        return hands.words.text(cell.value)
    if row is None:
        text = hands.eyes.text(cell, hands.words, attribute=cell.attribute)
    else:
        text = shown(hands.eyes.locate(cell, hands.words, row), cell.attribute)
    if cell.pattern is not None:
        text = found[1] if (found := cell.pattern.search(text)) else ""
    return hands.script.tables[cell.table].get(text, text) if cell.table else text


def _voucher(texts: Mapping[str, str], notation: Notation) -> Voucher:
    try:
        return Voucher(**{name: _typed(name, text.strip(), notation) for name, text in texts.items()})
    except (ValueError, ValidationError) as error:
        raise faults.changed(f"the voucher on the screen cannot be read: {error}") from error


def _typed(name: str, text: str, notation: Notation) -> Any:
    typed: Decimal | date | str | bool | None = text
    if name in _AMOUNTS:
        typed = notation.amount(text)
    elif name == "issue_date":
        typed = notation.day(text)
    elif name == "is_posted":
        typed = text.lower() not in _NO
    return typed or None if name == "reference" else typed
