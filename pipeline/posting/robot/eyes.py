"""Finds things on the screen, waits for them, and sees trouble while it waits."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from time import monotonic

from playwright.sync_api import Frame, FrameLocator, Locator, Page, Request, Response, expect

from pipeline.posting.robot import faults
from pipeline.posting.robot.faults import BrowserError, TooLate
from pipeline.posting.robot.language import Place
from pipeline.posting.robot.script import NET_ERROR, Script
from pipeline.posting.robot.words import Words

_LONGEST_SAID = 300
_LOOK_UP = 1.0
_QUIET_FRAMES = 3
_DRAW = """frames => new Promise(done => {
  const draw = () => frames-- ? requestAnimationFrame(draw) : done()
  draw()
})"""
_DATA = ("xhr", "fetch")
_NOT_CSS = re.compile(r"^\s*([\w:-]+=|//|\.\.|[('\"])|>>")
"""What Playwright takes for another kind of selector than CSS."""


class Eyes:
    """Looks at one page by the rules of one script. Times are seconds."""

    def __init__(self, page: Page, script: Script) -> None:
        self.page = page
        self.script = script
        self._asked: set[Request] = set()
        self._questions = 0
        self._broken: Response | None = None
        self._entering = False
        page.on("request", self._saw_request)
        page.on("requestfinished", self._saw_end)
        page.on("requestfailed", self._saw_end)
        page.on("response", self._saw_response)
        page.on("framenavigated", self._saw_navigation)

    @contextmanager
    def entering(self) -> Iterator[None]:
        """While one comes in, the form for it is no trouble, and a wrong password is."""
        self._entering = True
        try:
            yield
        finally:
            self._entering = False

    def locate(self, place: Place, words: Words, row: Locator | None = None) -> Locator:
        """The place as Playwright knows it, within a row unless the place says otherwise. Nothing is looked at yet."""
        base: Page | Locator | FrameLocator = self.page if row is None or place.page else row
        if place.frame:
            base = base.frame_locator(words.text(place.frame))
        found = _by(base, place, words, self.script.shadow)
        if place.has_text is not None:
            found = found.filter(has_text=words.text(place.has_text))
        if not place.hidden:
            found = found.filter(visible=True)
        return found if place.nth is None else found.nth(int(words.text(str(place.nth))))

    def wait(self, place: Place, words: Words, row: Locator | None = None) -> Locator:
        """Wait until the place is there. Raises SessionExpired, TargetDown, TargetRefused."""
        return self.wait_any([place], words, row)

    def wait_any(self, places: Sequence[Place], words: Words, row: Locator | None = None) -> Locator:
        """Wait until one of the places is there, and give the first of them that is."""
        found = [self.locate(place, words, row) for place in places]
        state = "attached" if places[0].hidden else "visible"
        try:
            self._await(_any(*found, self._alarms(words)).first, state)
        except TooLate:
            self.judge(words, f"{' or '.join(map(str, places))} does not appear")
        self.look_for_trouble(words)
        return found[0] if len(found) == 1 else next((one for one in found if one.count()), found[0])

    def _await(self, anything: Locator, state: str) -> None:
        """Wait, and look up now and then: a browser without windows shows nothing where a page could not be got."""
        until = monotonic() + self.script.patience
        while True:
            rest = max(0.001, min(_LOOK_UP, until - monotonic()))
            try:
                anything.wait_for(state=state, timeout=rest * 1000)  # type: ignore[arg-type]
            except TooLate:
                if self._is_cut_off or monotonic() >= until:
                    raise
            else:
                return

    @property
    def _is_cut_off(self) -> bool:
        return self.page.url.startswith("chrome-error:")

    def wait_gone(self, place: Place, words: Words, row: Locator | None = None) -> None:
        """Wait until the place is there no more."""
        try:
            expect(self.locate(place, words, row)).to_have_count(0, timeout=self.script.patience * 1000)
        except AssertionError:
            self.judge(words, f"{place} does not go away")
        self.look_for_trouble(words)

    def settle(self, words: Words) -> None:
        """Wait until the page has all the data it asked for and shows no sign of work; a glance at most for data.

        An answer may lead to the next question a moment later: it has to be quiet for some frames.
        """
        until = monotonic() + self.script.glance
        while not self._stays_quiet() and monotonic() < until:
            pass
        if self.script.busy is not None:
            self.wait_gone(self.script.busy, words)

    def _stays_quiet(self) -> bool:
        """Wait some frames, or one where an answer is out; whether none was out and nothing was asked for meanwhile."""
        is_out, questions = bool(self._asked), self._questions
        self._draw(1 if is_out else _QUIET_FRAMES)
        return not (is_out or self._asked) and self._questions == questions

    def _draw(self, frames: int) -> None:
        """Wait until the browser has drawn so often; what it has to say meanwhile comes in."""
        try:
            self.page.evaluate(_DRAW, frames)
        except BrowserError as error:
            if faults.is_gone(error):
                raise
            self.page.wait_for_load_state("domcontentloaded")  # the page went on to the next one

    def look_for_trouble(self, words: Words) -> None:
        """Raise what the screen says that is wrong, if it says so."""
        if self._is_cut_off:
            raise faults.down("the page could not be got")
        if not self._alarms(words).count():
            return
        for places, fault in self._troubles():
            for place in places:
                if said := self._said(place, words):
                    raise fault(said)

    def judge(self, words: Words, what: str) -> None:
        """Say why something did not come: trouble on the screen, a target that is slow or broken, or a new screen."""
        self.look_for_trouble(words)
        if self._broken is not None:
            raise faults.down(f"status {self._broken.status}")
        if self._asked:
            raise faults.down(f"no answer within {self.script.patience:g} s")
        raise faults.changed(what)

    def forget(self) -> None:
        """What was seen before the next step counts no more."""
        self._broken = None

    def text(self, place: Place, words: Words, row: Locator | None = None, attribute: str | None = None) -> str:
        """What stands there: the value of a field, the chosen entry of a list, or text."""
        found = self.wait(place, words, row)
        try:
            return shown(found, attribute)
        except BrowserError as error:
            raise faults.changed(f"{place} cannot be read") from error

    def _alarms(self, words: Words) -> Locator:
        places = tuple(place for places, _ in self._troubles() for place in places)
        return _any(*(self.locate(place, words) for place in _joined(places)))

    def _troubles(self) -> tuple[tuple[tuple[Place, ...], Callable[[str], Exception]], ...]:
        """What may be wrong, the worst first; being outside is no trouble for who is coming in."""
        session, trouble = self.script.session, self.script.trouble
        out_of_order = ((NET_ERROR, *trouble.down), faults.down)
        if self._entering:
            return out_of_order, (session.locked, faults.locked_out), (session.refused, faults.not_let_in)
        return out_of_order, ((session.outside,), faults.SessionExpired), (trouble.refused, faults.refused)

    def _said(self, place: Place, words: Words) -> str:
        found = self.locate(place, words)
        return " ".join(found.first.inner_text().split())[:_LONGEST_SAID] or "trouble" if found.count() else ""

    def _saw_request(self, request: Request) -> None:
        if request.resource_type in _DATA or request.is_navigation_request():
            self._asked.add(request)
            self._questions += 1

    def _saw_end(self, request: Request) -> None:
        self._asked.discard(request)

    def _saw_response(self, response: Response) -> None:
        if response.status >= 500 and response.request in self._asked:
            self._broken = response

    def _saw_navigation(self, frame: Frame) -> None:
        """A new document: what the old one asked for never comes."""
        if frame == self.page.main_frame:
            self._asked.clear()


@cache
def _joined(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """The same places, those that are CSS and no more in one: the browser looks for them all at once."""
    plain = [place for place in places if place.is_selector and not _NOT_CSS.search(place.css or "")]
    others = (place for place in places if place not in plain)
    return (Place(css=", ".join(place.css or "" for place in plain)), *others) if plain else tuple(others)


def shown(found: Locator, attribute: str | None = None) -> str:
    """What exactly one element shows."""
    if attribute is not None:
        return found.get_attribute(attribute) or ""
    kind = found.evaluate("e => e.tagName")
    if kind == "SELECT":
        return str(found.evaluate("e => e.selectedOptions[0]?.label ?? ''"))
    return found.input_value() if kind in ("INPUT", "TEXTAREA") else found.inner_text()


def _by(base: Page | Locator | FrameLocator, place: Place, words: Words, shadow: bool) -> Locator:
    if place.css is not None:
        css = words.text(place.css)
        return base.locator(css if shadow or _NOT_CSS.search(css) else f"css:light={css}")
    if place.label is not None:
        return base.get_by_label(words.text(place.label), exact=place.exact)
    if place.text is not None:
        return base.get_by_text(words.text(place.text), exact=place.exact)
    name = words.text(place.name) if place.name is not None else None
    return base.get_by_role(words.text(place.role or ""), name=name, exact=place.exact)  # type: ignore[arg-type]


def _any(*found: Locator) -> Locator:
    first, *others = found
    for other in others:
        first = first.or_(other)
    return first
