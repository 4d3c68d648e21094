"""Builds a terminal session and runs it."""

import locale
import os

from pipeline.bootstrap import SystemClock, bookkeepers_of, learn_from_decisions
from pipeline.intake.originals import open_archive
from pipeline.review.desk import Desk
from pipeline.review.items import Filters
from pipeline.sandbox import Sandbox
from pipeline.settings import Settings
from pipeline.terminal.app import Work
from pipeline.terminal.crop import Shots
from pipeline.terminal.pixels import best_crop
from pipeline.terminal.session import Session
from pipeline.web.pictures import Pictures
from pipeline.web.texts import choose_language
from schemas.people import Actor

WORKERS = 2
"""One child makes the picture that is looked at, one the next."""


def run(desk: Desk, actor: Actor, settings: Settings, language: str = "", clients: tuple[str, ...] = ()) -> None:
    """Let a person work through the queue until he leaves. `language`: "fr", "en", or empty for the terminal's.

    Raises StoreError, EnvironmentFault.
    """
    clock = SystemClock()
    spoken, books = choose_language(language, language_of_terminal()), bookkeepers_of(desk.database, settings)
    session = Session(desk, actor, clock, spoken, Filters(clients=clients), books.of)
    sandbox = Sandbox(settings.model_copy(update={"workers": WORKERS}))
    pictures = Pictures(sandbox, open_archive(settings), settings)
    try:
        Work(session, Shots(pictures), clock.now, lambda: learn_from_decisions(settings), best_crop()).run()
    finally:
        session.leave()
        sandbox.close(now=True)
        pictures.close()


def language_of_terminal() -> str:
    """The language that the terminal's programs speak, such as "fr_FR"; empty when it says nothing."""
    said = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return locale.normalize(said).partition(".")[0] if said not in ("", "C", "POSIX") else ""
