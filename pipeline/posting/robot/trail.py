"""What is kept of an attempt: pictures of each part, how long each step took, never a secret."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from time import perf_counter

from playwright.sync_api import Locator, Page

from pipeline.posting.robot.faults import BrowserError

PASSWORDS = "input[type=password]"
MASK = "#5b6472"
_PICTURE_MILLISECONDS = 15_000
_BLOT = "•••"


class Trail:
    """The evidence of one attempt, in a folder of its own: 01-supplier.jpg, …, steps.jsonl."""

    def __init__(self, home: Path, folder: Path, secrets: Sequence[str]) -> None:
        self._home = home
        self._secrets = [secret for secret in secrets if secret]
        self._folder = folder
        self._steps: list[dict[str, object]] = []
        self.seconds: dict[str, float] = {}
        self.pictures: list[str] = []
        self.masked: list[Locator] = []
        self._part = ""

    @cached_property
    def folder(self) -> Path:
        """The attempt's own folder, made when something is to be kept."""
        return _numbered(self._folder)

    def keep(self) -> tuple[str, ...]:
        """Write down the steps; the files of the attempt, relative to the home."""
        notes = self.folder / "steps.jsonl"
        notes.write_text("".join(json.dumps(step, ensure_ascii=False) + "\n" for step in self._steps), "utf-8")
        return (*self.pictures, str(notes.relative_to(self._home)))

    @contextmanager
    def part(self, name: str, page: Page | None = None) -> Iterator[None]:
        """Time a part; where a page is given, photograph its end unless a filled screen of it was photographed."""
        self._part, begin, taken = name, perf_counter(), len(self.pictures)
        try:
            yield
            if page is not None and len(self.pictures) == taken:
                self.photograph(page)
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - begin

    @contextmanager
    def step(self, said: str) -> Iterator[None]:
        """Note a step, as the script says it, with its time and whether it came to its end."""
        begin, done = perf_counter(), False
        try:
            yield
            done = True
        finally:
            seconds = round(perf_counter() - begin, 4)
            self._steps.append({"part": self._part, "step": said, "seconds": seconds, "done": done})

    def photograph(self, page: Page, name: str = "") -> str:
        """A picture of the page with its secrets masked; its path relative to the home, or none when it fails.

        Without a name it is called after the part.
        """
        path = self.folder / f"{len(self.pictures) + 1:02}-{name or self._part}.jpg"
        try:
            page.screenshot(
                path=path,
                type="jpeg",
                quality=60,
                animations="disabled",
                mask=[page.locator(PASSWORDS), *self.masked],
                mask_color=MASK,
                timeout=_PICTURE_MILLISECONDS,
            )
        except BrowserError:  # the page is gone; the error that made it so is told, not this one
            return ""
        self.pictures.append(str(path.relative_to(self._home)))
        return self.pictures[-1]

    def clean(self, text: str) -> str:
        """A text without the secrets that may stand in it."""
        for secret in self._secrets:
            text = text.replace(secret, _BLOT)
        return text


def _numbered(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    number = sum(1 for _ in folder.iterdir())
    while True:
        number += 1
        try:
            (attempt := folder / f"{number:02}").mkdir()
        except FileExistsError:  # another process was first
            continue
        return attempt
