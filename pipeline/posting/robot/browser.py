"""The one home of Chromium: started when it is needed, kept between invoices, with a session that outlives it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, sync_playwright

from pipeline.errors import EnvironmentFault
from pipeline.posting.robot.faults import BrowserError
from pipeline.posting.robot.scratch import Scratch

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio")
VIEW = ViewportSize(width=1280, height=900)


class Window:
    """A browser window of one target. What it remembers (cookies, local storage) is kept in the file `session`."""

    def __init__(self, session: Path, patience: float, locale: str = "fr-FR") -> None:
        self._session = session
        self._milliseconds = patience * 1000
        self._locale = locale
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._context: BrowserContext | None = None
        self._page: Page | None = None
        self._scratch: Scratch | None = None

    def page(self) -> Page:
        """The page to work on; a new one with the kept session after `forget` or a crash. Raises EnvironmentFault."""
        if self._page is None or self._page.is_closed():
            self._context = self._new_context()
            self._context.set_default_timeout(self._milliseconds)
            self._page = self._context.new_page()
        return self._page

    def keep_session(self) -> None:
        """Write down what makes the session, readable for nobody else."""
        if self._context is None:
            return
        self._session.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._session.with_suffix(".new")
        fresh.touch(mode=0o600)
        self._context.storage_state(path=fresh)
        fresh.replace(self._session)

    def drop_session(self) -> None:
        """Forget the session, also on disk."""
        self._session.unlink(missing_ok=True)
        self.forget()

    def forget(self) -> None:
        """Close the page; the next one begins anew, with the kept session."""
        context, self._context, self._page = self._context, None, None
        if context is not None:
            _quietly(context.close)

    def close(self) -> None:
        """Close the browser."""
        self.forget()
        browser, self._browser = self._browser, None
        playwright, self._playwright = self._playwright, None
        if browser is not None:
            _quietly(browser.close)
        if playwright is not None:
            _quietly(playwright.stop)
        scratch, self._scratch = self._scratch, None
        if scratch is not None:
            scratch.close()

    def _new_context(self) -> BrowserContext:
        known = self._session if self._session.exists() else None
        try:
            return self._running().new_context(storage_state=known, viewport=VIEW, locale=self._locale)
        except (BrowserError, ValueError) as error:  # a session that was cut off, or a browser that died
            self._session.unlink(missing_ok=True)
            if known is None:
                self.close()
                raise EnvironmentFault(f"Chromium does not open a window: {error}") from error
            return self._new_context()

    def _running(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            self.close()
            self._scratch = Scratch()
            with self._scratch.for_children():
                self._playwright = sync_playwright().start()
            # root, as in a container, has no sandbox to give
            self._browser = self._playwright.chromium.launch(
                executable_path=find_chromium(), args=list(QUIET), chromium_sandbox=os.getuid() != 0
            )
        return self._browser


def find_chromium() -> str:
    """The browser's program. Raises EnvironmentFault."""
    if found := next(filter(None, map(shutil.which, PROGRAMS)), None):
        return found
    raise EnvironmentFault("Chromium is missing.", remedy="apt-get install chromium")


def _quietly(close: Callable[[], None]) -> None:
    """What is broken already cannot be closed in order."""
    try:
        close()
    except BrowserError:
        return
