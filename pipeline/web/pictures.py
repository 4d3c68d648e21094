"""Pages for the browser: our own PNG renderings and their words, made in child processes and kept in the home.

The original never reaches the browser. What is kept can be made again at any time, and the least used of it goes when
the folder is full.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pipeline.errors import BackofficeError
from pipeline.intake.archive import Archive
from pipeline.reading.kept import Sheet, keep, place_of, sheet_name
from pipeline.sandbox import Sandbox
from pipeline.settings import Settings
from schemas import Box, Document, MediaType, Page

Result = TypeVar("Result")

DPIS = (72, 110, 160, 220)
"""The resolutions at which pages are drawn: whole pages on a small screen up to small print, enlarged."""
CROP_DPI = 140
KEPT_BYTES = 512 * 2**20
TRIM_EVERY = 50
_LOCKS = 64


class Pictures:
    """Pages, pictures and words of documents; safe to share between threads.

    All methods raise BackofficeError when the page cannot be read or drawn.
    """

    def __init__(self, sandbox: Sandbox, archive: Archive, settings: Settings, kept_bytes: int = KEPT_BYTES) -> None:
        self._sandbox = sandbox
        self._archive = archive
        self._settings = settings
        self._folder = settings.pages
        self._kept_bytes = kept_bytes
        # a picture is made while its page is read, so the two never share a lock
        self._locks = {kind: [threading.Lock() for _ in range(_LOCKS)] for kind in (".json", ".png")}
        self._written = 0
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="pictures")

    def close(self) -> None:
        """Drop what was to be made ahead; the sandbox is somebody else's."""
        self._ahead.shutdown(wait=True, cancel_futures=True)

    def sheet(self, document: Document, number: int) -> Sheet:
        """Page `number` (from 1) with its words."""
        made = self._kept(sheet_name(document.sha256, number), lambda: self._read(document, number))
        return Sheet.model_validate_json(made)

    def picture(self, document: Document, number: int, dpi: int) -> bytes:
        """A page as PNG, at the next of `DPIS`."""
        dpi = next((one for one in DPIS if one >= dpi), DPIS[-1])
        name = f"{document.sha256}-{number}-{dpi}.png"
        return self._kept(name, lambda: self._draw(document, number, dpi, None))

    def crop(self, document: Document, number: int, box: Box) -> bytes:
        """The part of a page in a box (points) as PNG."""
        corners = "-".join(str(round(side)) for side in (box.x0, box.y0, box.x1, box.y1))
        name = f"{document.sha256}-{number}-{corners}.png"
        return self._kept(name, lambda: self._draw(document, number, CROP_DPI, box))

    def read(self, document: Document, number: int, box: Box) -> str:
        """What OCR reads inside a box (points) of a page."""
        page = self.sheet(document, number).page.model_copy(update={"words": ()})
        return self._run(_read_box, document, page, box)

    def make_ahead(self, document: Document, dpi: int) -> None:
        """Make the first page of a document that will be wanted soon, when nothing else is being made ahead."""
        if document.media_type is not MediaType.XML:
            self._ahead.submit(self._make_ahead, document, dpi)

    def _make_ahead(self, document: Document, dpi: int) -> None:
        with suppress(BackofficeError):  # told when it is wanted
            self.picture(document, 1, dpi)

    def _read(self, document: Document, number: int) -> bytes:
        page, count = self._run(_read_page, document, number)
        return Sheet(page=page, page_count=count).model_dump_json().encode()

    def _draw(self, document: Document, number: int, dpi: int, box: Box | None) -> bytes:
        page = self.sheet(document, number).page.model_copy(update={"words": ()})
        return self._run(_draw_png, document, page, dpi, box)

    def _run(self, function: Callable[..., Result], document: Document, *args: object) -> Result:
        path, seconds = self._archive.path(document.sha256), 2 * self._settings.limits.page_seconds
        job = self._sandbox.submit(function, path, document.media_type, self._settings, *args, timeout=seconds)
        return job.result()

    def _kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The content kept under a name, made at most once at a time."""
        path = place_of(self._folder, name)
        with self._locks[path.suffix][hash(name) % _LOCKS]:
            with suppress(FileNotFoundError):
                content = path.read_bytes()
                path.touch()
                return content
            content = make()
            self._keep(path, content)
            return content

    def _keep(self, path: Path, content: bytes) -> None:
        keep(path, content)
        self._written += 1
        if self._written % TRIM_EVERY == 0:
            trim(self._folder, self._kept_bytes)


def trim(folder: Path, kept_bytes: int) -> None:
    """Delete the files that were not used for the longest, until the rest is small enough."""
    files = sorted(((path.stat(), path) for path in folder.glob("*/*")), key=lambda one: one[0].st_mtime_ns)
    surplus = sum(status.st_size for status, _ in files) - kept_bytes
    for status, path in files:
        if surplus <= 0:
            return
        path.unlink(missing_ok=True)
        surplus -= status.st_size


# Run in a child, which alone imports the readers.


def _read_page(path: Path, media_type: MediaType, settings: Settings, number: int) -> tuple[Page, int]:
    from pipeline.reading.show import read_page  # noqa: PLC0415

    return read_page(path, media_type, number, settings)


def _draw_png(path: Path, media_type: MediaType, settings: Settings, page: Page, dpi: float, box: Box | None) -> bytes:
    from pipeline.reading.show import draw_png  # noqa: PLC0415

    return draw_png(path, media_type, page, dpi, settings, box)


def _read_box(path: Path, media_type: MediaType, settings: Settings, page: Page, box: Box) -> str:
    from pipeline.reading.show import read_box  # noqa: PLC0415

    return read_box(path, media_type, page, box, settings)
