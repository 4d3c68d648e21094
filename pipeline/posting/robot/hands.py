"""Does the steps of a script on a page."""

import re
from collections.abc import Iterable
from functools import partial, singledispatchmethod
from math import inf
from mimetypes import guess_type
from pathlib import Path
from time import monotonic
from typing import Any

from playwright.sync_api import Dialog, FilePayload, Locator, Page

from pipeline.posting.robot import faults
from pipeline.posting.robot.eyes import Eyes, shown
from pipeline.posting.robot.faults import BrowserError, TooLate
from pipeline.posting.robot.keyed import Keyed, Memory
from pipeline.posting.robot.language import (
    Click,
    Either,
    Expect,
    Fill,
    ForEach,
    GoTo,
    Pick,
    Place,
    Press,
    Read,
    ReadBack,
    Select,
    Step,
    Steps,
    Submit,
    Tick,
    Upload,
    While,
    said,
)  # fmt: skip
from pipeline.posting.robot.script import Interruption, Script
from pipeline.posting.robot.trail import Trail
from pipeline.posting.robot.words import Words

_NO = ("", "False", "None")


class Hands:
    """Works on one page, for one order after the other. After the submit step `submitted` is True, come what may."""

    def __init__(self, page: Page, script: Script, words: Words, trail: Trail) -> None:
        self.page = page
        self.script = script
        self.eyes = Eyes(page, script)
        self.begin(words, trail)
        page.on("dialog", self._answer)
        for interruption in script.interruptions:
            self._expect_interruption(interruption)

    def begin(self, words: Words, trail: Trail, until: float = inf) -> None:
        """Turn to an order: nothing is keyed, read or posted yet. After `until` (monotonic) nothing more is begun."""
        self.trail = trail
        self.until = until
        self.read: dict[str, str] = {}
        self.words = words.but(read=self.read)
        self.submitted = False
        self._memory = Memory(self.script.glance, lambda: self.eyes.settle(self.words))
        self._answer_yes = False
        self._row: Locator | None = None

    def do(self, steps: Steps) -> None:
        """The steps, one after the other. Raises SessionExpired, TargetDown, TargetRefused."""
        for step in steps:
            if step.when is not None and self.words.text(step.when) in _NO:
                continue
            if monotonic() > self.until and not self.submitted:
                raise faults.down("an invoice takes longer than a poster may have it")
            self.eyes.forget()
            with self.trail.step(said(step)):
                self._guarded(step)

    def _guarded(self, step: Step) -> None:
        try:
            self._do(step)
        except TooLate:
            self.eyes.judge(self.words, said(step))
        except BrowserError as error:
            message = self.trail.clean(error.message.splitlines()[0])
            raise (faults.down if faults.is_gone(error) else faults.changed)(f"{said(step)}: {message}") from None

    @singledispatchmethod
    def _do(self, step: Step) -> None:
        raise NotImplementedError(type(step).__name__)

    @_do.register
    def _(self, step: GoTo) -> None:
        self._memory.forget()
        answer = self.page.goto(self.words.text(step.goto), wait_until="domcontentloaded")
        if answer is not None and answer.status >= 500:
            raise faults.down(f"status {answer.status}")
        self.eyes.look_for_trouble(self.words)

    @_do.register
    def _(self, step: Click) -> None:
        place = self._wait(step.click)
        self._answer_yes = step.accept
        try:
            place.dblclick() if step.double else place.click()
            if step.until is not None:
                self._wait(step.until)
        finally:
            self._answer_yes = False

    @_do.register
    def _(self, step: Fill) -> None:
        field, text = self._wait(step.fill), self.words.text(step.with_)
        if step.is_secret:
            self.trail.masked.append(field)
        shows = None if step.is_secret else self._pattern(step, text)
        into = None if step.into is None else self._locate(step.into)
        self._memory.key(Keyed(str(step.fill), field, partial(_fill, field, into, text, step), shows))

    @_do.register
    def _(self, step: Select) -> None:
        field, text = self._wait(step.select), self.words.text(step.with_)
        chosen = field.select_option(text)[0]
        shows = re.compile(f"^{re.escape(chosen)}$")
        self._memory.key(Keyed(str(step.select), field, partial(field.select_option, text), shows))

    @_do.register
    def _(self, step: Pick) -> None:
        field, text = self._wait(step.pick), self.words.text(step.with_)
        ways = [step.option, *([step.none] if step.none else [])]

        def choose() -> None:
            field.fill(text) if step.at_once else _key_until_shown(field, text)
            self.eyes.settle(self.words)  # what is proposed for the first letters does not count
            found = self.eyes.wait_any(ways, self.words, self._row)
            if not self._locate(step.option).count():
                self.do(step.otherwise)
            else:
                found.click()

        self._memory.key(Keyed(str(step.pick), field, choose, self._pattern(step, text)))

    @_do.register
    def _(self, step: Tick) -> None:
        self._wait(step.tick).set_checked(step.on)

    @_do.register
    def _(self, step: Upload) -> None:
        place, file = self._wait(step.upload), self._file(Path(self.words.text(step.with_)))
        if step.chooser:
            with self.page.expect_file_chooser() as asked:
                place.click()
            asked.value.set_files(file)
        else:
            place.set_input_files(file)

    @_do.register
    def _(self, step: Press) -> None:
        key = self.words.text(step.press)
        self._wait(step.at).press(key) if step.at else self.page.keyboard.press(key)

    @_do.register
    def _(self, step: Expect) -> None:
        if step.gone:
            self.eyes.wait_gone(step.expect, self.words, self._row)
            return
        place = self._wait(step.expect)
        if step.shows is None:
            return
        wanted = self._pattern(step, "")
        field = Keyed(str(step.expect), place, lambda: None, wanted)
        if not field.stands(self.script.glance):
            self.eyes.settle(self.words)  # a slow target may still be at work on it
        if not field.stands(self.script.glance):
            raise faults.differs(f"{step.expect} shows {shown(place)!r}, not {self.words.text(step.shows)!r}")

    @_do.register
    def _(self, step: Read) -> None:
        self.read[step.into] = self.eyes.text(step.read, self.words, self._row)

    @_do.register
    def _(self, step: ForEach) -> None:
        words, row = self.words, self._row
        try:
            for index, value in enumerate(self._each(step.for_each)):
                self.words, self._row = words.but(**{step.for_each: value, "index": index}), row
                self.do(step.before)
                if step.row is not None:
                    self._row = self._wait(step.row)
                self.do(step.do)
        finally:
            self.words, self._row = words, row

    @_do.register
    def _(self, step: While) -> None:
        for _ in range(step.most):
            if not self._locate(step.while_).count():
                return
            self.do(step.do)
            self.eyes.settle(self.words)
        if self._locate(step.while_).count():
            raise faults.changed(f"{step.while_} is still there after {step.most} times")

    @_do.register
    def _(self, step: Either) -> None:
        seen = None
        while seen is None:  # what was waited for may be gone again at the second look
            self.eyes.wait_any([branch.see for branch in step.either], self.words, self._row)
            seen = next((branch for branch in step.either if self._locate(branch.see).count()), None)
        self.do(seen.do)

    @_do.register
    def _(self, _step: ReadBack) -> None:
        self._memory.read_back()
        self.trail.photograph(self.page)

    @_do.register
    def _(self, step: Submit) -> None:
        place = self._wait(step.submit)
        self.eyes.settle(self.words)
        place.click(trial=True)  # it can be clicked: from here on only the target knows
        self.submitted = True
        place.click()

    def _file(self, path: Path) -> FilePayload:
        """The file under the name that it came with; the archive knows it by its hash only."""
        name = self.words.text("{{ file_name }}")
        kind = guess_type(name)[0] or "application/octet-stream"
        return FilePayload(name=name, mimeType=kind, buffer=path.read_bytes())

    def _wait(self, place: Place) -> Locator:
        return self.eyes.wait(place, self.words, self._row)

    def _locate(self, place: Place) -> Locator:
        return self.eyes.locate(place, self.words, self._row)

    def _pattern(self, step: Fill | Pick | Expect, keyed: str) -> re.Pattern[str]:
        if isinstance(step, Fill | Pick) and step.begins is not None:
            return re.compile(rf"^(?=\s*\S)\s*{re.escape(self.words.text(step.begins))}")
        return self.words.notation.pattern(keyed if step.shows is None else self.words.text(step.shows))

    def _each(self, what: str) -> Iterable[Any]:
        coding, invoice = self.words.value("coding"), self.words.value("invoice")
        rows: Iterable[Any] = {"line": coding.lines, "tax": coding.taxes, "item": invoice.lines}[what]
        return rows

    def _expect_interruption(self, interruption: Interruption) -> None:
        def send_away() -> None:
            self.eyes.locate(interruption.click, self.words).first.click()

        self.page.add_locator_handler(self.eyes.locate(interruption.see, self.words).first, send_away)

    def _answer(self, dialog: Dialog) -> None:
        """Leaving a page is what the script said; all else is said no to unless the step says yes."""
        if self._answer_yes or dialog.type == "beforeunload":
            dialog.accept()
        else:
            dialog.dismiss()


def _fill(field: Locator, into: Locator | None, text: str, step: Fill) -> None:
    if into is not None:
        field.click()
        field = into
    if step.keys:
        _key_by_key(field, text)
    else:
        field.fill(text)
    if step.leave:
        field.press("Tab")


def _key_until_shown(field: Locator, text: str) -> None:
    """Keys go where the focus is: what a window took meanwhile is keyed once more, before a choice is waited for."""
    _key_by_key(field, text)
    if shown(field) != text:
        _key_by_key(field, text)


def _key_by_key(field: Locator, text: str) -> None:
    field.clear()
    field.press_sequentially(text)
