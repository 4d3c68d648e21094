"""What it takes to work real documents through the terminal session: keystrokes, and seconds that the person waits.

    python -m tests.bench.terminal FOLDER [--home HOME] [--ignore-xml] [--svg FILE]

FOLDER holds labelled documents and their `truth.jsonl`. They are read into a new home, or HOME has what was read of
them already; it is changed. A scripted keyboard then works every review item through the real session, with its real
pictures: it types what differs from the truth, field by field and line by line, and approves; where a rule speaks
against the truth it says that the page has it so. Values that the truth does not know stay as they are.

A wait is the time from a key until the screen has settled, the picture of the place drawn; the key that approves opens
the next item too.
"""

import argparse
import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Static

from pipeline.batch import list_sources, process_sources
from pipeline.bootstrap import SystemClock, load_settings, open_the_desk, open_world
from pipeline.intake.archive import Archive
from pipeline.measure.cases import Truth, read_truth
from pipeline.measure.normalise import normalise, same, similarity
from pipeline.review.keyed import line_text, text_of
from pipeline.review.terminal import terminal_actor
from pipeline.sandbox import Sandbox
from pipeline.settings import Settings
from pipeline.terminal.app import Work
from pipeline.terminal.ask import Ask
from pipeline.terminal.crop import Shots
from pipeline.terminal.grids import Cells, Fields
from pipeline.terminal.session import Session
from pipeline.terminal.told import CHOICE_KEYS, LINE_COLUMNS
from pipeline.web.pictures import Pictures
from schemas import FieldName, InvoiceLine
from schemas.field import typed

LANGUAGE = "fr"
SIZE = (100, 32)
COLUMNS = ("description", "quantity", "unit_price", "net_amount", "tax_rate")
SAME_DESCRIPTION = 80.0


class Worked(NamedTuple):
    """One document: its keys, the fields and cells typed, and the waits in seconds."""

    file: str
    fields: int
    cells: int
    keys: int
    line_keys: int
    waits: tuple[float, ...]
    cpu: float
    """CPU seconds of the session's process."""


class Keyboard:
    """Presses keys in a running session, and counts and times them."""

    def __init__(self, app: Work, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        self.waits: list[float] = []

    async def press(self, *keys: str) -> None:
        """Press keys, each when the screen has settled after the one before."""
        for key in keys:
            character = key if len(key) == 1 else None
            began = time.perf_counter()
            event = events.Key(_character_to_key(key) if character and not key.isalnum() else key, character)
            event.set_sender(self.app)
            self.app.post_message(event)
            await self.settle()
            self.waits.append(time.perf_counter() - began)

    async def type(self, text: str) -> None:
        """Replace what stands in the entry line."""
        await self.press(*(text or ["ctrl+x"]))

    async def settle(self) -> None:
        """Until nothing is to be drawn and no picture is on its way."""
        for _ in range(3):  # a key opens a question, which is drawn
            await self.pilot.pause(0)
        while any(one.group == "crop" and not one.is_finished for one in self.app.workers):
            await asyncio.sleep(0.002)
        await self.pilot.pause(0)


async def work_item(keyboard: Keyboard, truth: Truth) -> Worked:
    """Bring the open item to its truth and approve it."""
    app, start, cpu = keyboard.app, len(keyboard.waits), time.process_time()
    file = app.session.item.row.file_name
    fields = await mend_fields(keyboard, truth)
    before_lines = len(keyboard.waits)
    cells = await mend_lines(keyboard, truth.lines) if truth.lines else 0
    line_keys = len(keyboard.waits) - before_lines
    await approve(keyboard)
    waits = tuple(keyboard.waits[start:])
    return Worked(file, fields, cells, len(waits), line_keys, waits, time.process_time() - cpu)


async def mend_fields(keyboard: Keyboard, truth: Truth) -> int:
    """Type the header fields that differ, from top to bottom; returns how many."""
    session, grid = keyboard.app.session, keyboard.app.query_one(Fields)
    names = [FieldName(one.name) for one in (*session.form.doubtful, *session.form.others)]
    count = 0
    for row, name in enumerate(names):
        if name not in truth.fields or name in truth.hidden:
            continue
        wanted, has = normalise(name, truth.fields[name]), normalise(name, session.now().preview.record.value(name))
        if wanted == has or (wanted is not None and has is not None and same(name, wanted, has)):
            continue
        await keyboard.press(*(["down"] * (row - grid.cursor_row)))
        text = text_of(typed(name, truth.fields[name]), session.notation)
        key = next((CHOICE_KEYS[one.key] for one in session.field(name.value).choices if one.text == text), None)
        await (keyboard.press(key.lower()) if key else keyboard.type(text))
        count += 1
    return count


async def mend_lines(keyboard: Keyboard, wanted: tuple[InvoiceLine, ...]) -> int:
    """Add, remove and type what differs in the line table; returns how many cells."""
    session = keyboard.app.session
    has = session.now().preview.record.lines
    plan = list(pairs(has, wanted))
    if all(old is not None and new is not None and not list(different(old, new)) for old, new in plan):
        return 0
    await keyboard.press("ctrl+l")
    grid, row, count = keyboard.app.query_one("#lines", Cells), 0, 0
    for old, new in plan:
        if new is None:
            await go(keyboard, grid, row, grid.cursor_column)
            await keyboard.press("ctrl+d")
            continue
        columns = list(different(old, new))
        if old is None:
            if row:
                await go(keyboard, grid, row - 1, grid.cursor_column)
            await keyboard.press("ctrl+b")
        texts = line_text(new, session.notation)
        for column in columns:
            await go(keyboard, grid, row, list(LINE_COLUMNS).index(column))
            await keyboard.type(getattr(texts, column))
            count += 1
        row += 1
    return count


async def go(keyboard: Keyboard, grid: Cells, row: int, column: int) -> None:
    """Move the cursor of a table."""
    down, right = row - grid.cursor_row, column - grid.cursor_column
    await keyboard.press(*(["down" if down > 0 else "up"] * abs(down)))
    await keyboard.press(*(["tab" if right > 0 else "shift+tab"] * abs(right)))


def pairs(
    has: Iterable[InvoiceLine], wanted: Iterable[InvoiceLine]
) -> Iterator[tuple[InvoiceLine | None, InvoiceLine | None]]:
    """Which line is which, by the net amounts in their order."""
    old, new = list(has), list(wanted)
    matcher = SequenceMatcher(None, [one.net_amount for one in old], [one.net_amount for one in new], autojunk=False)
    for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        for step in range(max(old_to - old_from, new_to - new_from)):
            yield (
                old[old_from + step] if old_from + step < old_to else None,
                new[new_from + step] if new_from + step < new_to else None,
            )


def different(old: InvoiceLine | None, new: InvoiceLine) -> Iterator[str]:
    """The columns that the truth knows and that are not so."""
    for column in COLUMNS:
        value, before = getattr(new, column), getattr(old, column) if old else None
        is_same = value == before
        if column == "description" and value and before:
            is_same = similarity(value, before) >= SAME_DESCRIPTION
        if value is not None and not is_same:
            yield column


async def approve(keyboard: Keyboard) -> None:
    """Approve; with a note where a rule still speaks against it. Raises AssertionError when it does not go through."""
    app = keyboard.app
    item_id = app.session.item.row.item_id
    await keyboard.press("ctrl+s")
    if isinstance(app.screen, Ask):
        await keyboard.press("1", "enter")
    now = app.session.item
    if now is not None and now.row.item_id == item_id:
        raise AssertionError(f"item {item_id}: {app.query_one('#status', Static).visual}")


@asynccontextmanager
async def running(app: Work) -> AsyncIterator[Keyboard]:
    """The session with its first item open."""
    async with app.run_test(size=SIZE) as pilot:
        keyboard = Keyboard(app, pilot)
        await keyboard.settle()
        yield keyboard


async def work_all(app: Work, truths: dict[str, Truth], svg: Path | None) -> list[Worked]:
    """Work every item; one whose document has no truth is left aside."""
    done: list[Worked] = []
    async with running(app) as keyboard:
        while (item := app.session.item) is not None:
            if svg is not None and len(done) == 2:
                app.save_screenshot(str(svg))
            if item.row.file_name not in truths:
                raise AssertionError(f"{item.row.file_name} is not in the truth")
            done.append(await work_item(keyboard, truths[item.row.file_name]))
            said = f"{len(done):3} {done[-1].file}: {done[-1].keys} keys, {sum(done[-1].waits):.2f} s"
            Console().print(said, markup=False, highlight=False)
    return done


def read_in(folder: Path, settings: Settings) -> None:
    """Process the labelled documents of a folder."""
    files = [folder / file for file in {one.file for one in read_truth(folder / "truth.jsonl")}]
    with open_world(settings) as world:
        deque(process_sources(list_sources(files), world), maxlen=0)


def report(done: list[Worked]) -> None:
    """Medians and quartiles."""
    table = Table("a document", "median", "quartiles", "most", title=f"n = {len(done)}", title_justify="left")
    rows = {
        "fields typed": [one.fields for one in done],
        "cells of lines typed": [one.cells for one in done],
        "keystrokes": [one.keys for one in done],
        "… for header and decision": [one.keys - one.line_keys for one in done],
        "… for lines": [one.line_keys for one in done],
        "seconds of machine wait": [sum(one.waits) for one in done],
        "seconds, the longest of its waits": [max(one.waits) for one in done],
        "milliseconds a key, median": [1000 * median(one.waits) for one in done],
        "CPU seconds of the session": [one.cpu for one in done],
        "CPU milliseconds a key": [1000 * one.cpu / one.keys for one in done],
    }
    for name, values in rows.items():
        low, _, high = quantiles(values, n=4)
        table.add_row(name, f"{median(values):.3g}", f"{low:.3g} to {high:.3g}", f"{max(values):.3g}")
    Console().print(table)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--ignore-xml", action="store_true")
    parser.add_argument("--svg", type=Path)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="backoffice-terminal-") as scratch:
        settings = load_settings(home=given.home or Path(scratch), ignore_xml=given.ignore_xml)
        if given.home is None:
            read_in(given.folder, settings)
        truths = {one.file: one for one in read_truth(given.folder / "truth.jsonl")}
        with open_the_desk(settings) as desk, Sandbox(settings) as sandbox:
            pictures = Pictures(sandbox, Archive(settings.archive), settings)
            clock = SystemClock()
            session = Session(desk, terminal_actor(desk.database, "bench"), clock, LANGUAGE)
            report(asyncio.run(work_all(Work(session, Shots(pictures), clock.now), truths, given.svg)))
            pictures.close()


if __name__ == "__main__":
    main()
