"""The acts on an item: each asks for what it needs, is carried out, and opens the next item."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from rich.text import Text
from textual.app import App
from textual.widgets import Static

from pipeline.errors import BackofficeError
from pipeline.review.errors import ErrorsLeft, ItemTaken
from pipeline.review.reasons import PostponeReason, RejectReason, wording
from pipeline.terminal.ask import Answer, Ask
from pipeline.terminal.session import Session
from pipeline.web import texts
from pipeline.web.review_said import said

POSTPONE_DAYS = "1"
WHY = ("The page says so", "The supplier confirmed it", "The buyer confirmed it", "Another reason")
"""Why a record is right though a rule speaks against it; a note says more."""


class Deciding(App[None]):
    """The part of the session that decides. What shows items, `open` and `show`, comes from `Work`."""

    def __init__(
        self, session: Session, clock: Callable[[], datetime], learn: Callable[[], object] | None = None
    ) -> None:
        super().__init__()
        self.session, self.clock = session, clock
        self._learn = learn

    def open(self, act: Callable[[], bool]) -> None:
        """Take up an item and show it."""
        raise NotImplementedError

    def show(self) -> None:
        """Show how things stand."""
        raise NotImplementedError

    def t(self, text: str, **values: object) -> str:
        """A text in the person's language."""
        return texts.translate(self.session.language, text, **values)

    def action_approve(self) -> None:
        """It is right as it stands."""
        self.decide(self.session.approve, self._ask_why)

    def _ask_why(self, error: ErrorsLeft) -> None:
        question = self.t("A rule speaks against it. Say why it is right as it is:")
        told = (said(self.session.language, one) for one in str(error).splitlines())
        reasons = {why: self.t(why) for why in WHY}
        self.ask("\n".join((question, *told)), reasons, ((self.t("Note"), ""),), self._approve_because)

    def _approve_because(self, answer: Answer) -> None:
        why = "" if answer.code == WHY[-1] else self.t(answer.code)
        note = ". ".join(part for part in (why, answer.texts[0].strip()) if part)
        self.decide(partial(self.session.approve, note), self._ask_why)

    def action_reject(self) -> None:
        """It will not be posted."""
        reasons = {one.value: wording(one, self.session.language) for one in RejectReason}
        self.ask(self.t("Reject"), reasons, ((self.t("Note"), ""),), self._reject)

    def _reject(self, answer: Answer) -> None:
        self.decide(partial(self.session.reject, RejectReason(answer.code), answer.texts[0]))

    def action_postpone(self) -> None:
        """Put it off."""
        reasons = {one.value: wording(one, self.session.language) for one in PostponeReason}
        lines = ((self.t("Days"), POSTPONE_DAYS), (self.t("Note"), ""))
        self.ask(self.t("Postpone"), reasons, lines, self._postpone)

    def _postpone(self, answer: Answer) -> None:
        days, note = answer.texts
        try:
            until = self.clock() + timedelta(days=float(days.replace(",", ".")))
        except (ValueError, OverflowError):
            self.alarm(self.t("%(days)s is no number of days.", days=days))
            return
        self.decide(partial(self.session.postpone, PostponeReason(answer.code), until, note))

    def action_escalate(self) -> None:
        """Ask a supervisor."""
        lines = ((self.t("What is the supervisor to decide?"), ""),)
        self.ask(
            self.t("Ask a supervisor"), None, lines, lambda a: self.decide(partial(self.session.escalate, a.texts[0]))
        )

    def action_note(self) -> None:
        """Add a remark."""
        self.ask(self.t("Add a note"), None, ((self.t("Note"), ""),), self._note)

    def _note(self, answer: Answer) -> None:
        with self.told_errors():
            self.session.note(answer.texts[0])
            self.show()

    def decide(self, act: Callable[[], None], on_errors_left: Callable[[ErrorsLeft], None] | None = None) -> None:
        """Carry an act out and open the next item, or tell what stands against it."""
        if self.session.item is None:
            return
        try:
            act()
        except ErrorsLeft as error:
            if on_errors_left is None:
                self.alarm(self.worded(error))
            else:
                on_errors_left(error)
        except ItemTaken as error:
            self.conflict(error)
        except BackofficeError as error:
            self.alarm(self.worded(error))
        else:
            self.open(self.session.open_next)
            if self._learn is not None:
                self.run_worker(self._learn_now(), group="learn", exclusive=False)

    def ask(
        self,
        question: str,
        reasons: dict[str, str] | None,
        lines: tuple[tuple[str, str], ...],
        then: Callable[[Answer], None],
    ) -> None:
        """Ask for a reason and some lines of text; nothing happens when the person leaves."""
        if self.session.item is not None:
            self.push_screen(Ask(question, reasons, lines), lambda answer: then(answer) if answer else None)

    async def _learn_now(self) -> None:
        try:
            await asyncio.to_thread(self._learn or (lambda: None))
        except BackofficeError as error:
            self.alarm(self.worded(error))

    # --- telling

    def tell(self, text: str) -> None:
        """A message in the line above the keys."""
        status = self.query_one("#status", Static)
        status.set_class(False, "alarm")
        status.update(Text(text, no_wrap=True))

    def alarm(self, text: str) -> None:
        """What went wrong."""
        status = self.query_one("#status", Static)
        status.set_class(True, "alarm")
        status.update(Text(text, no_wrap=True))
        self.bell()

    def conflict(self, error: ItemTaken) -> None:
        """The item went into other hands; what was typed stays on the screen and in the draft."""
        kept = self.t("What you typed is kept. Ctrl+T takes it again, Ctrl+K the next one.")
        self.alarm(f"{said(self.session.language, str(error))} {kept}")

    def worded(self, error: BackofficeError) -> str:
        """An error and its remedy."""
        words = (*str(error).splitlines(), error.remedy)
        return " ".join(said(self.session.language, one) for one in words if one)

    @contextmanager
    def told_errors(self) -> Iterator[None]:
        """Tell an error instead of ending the session."""
        try:
            yield
        except ItemTaken as error:
            self.conflict(error)
        except BackofficeError as error:
            self.alarm(self.worded(error))
