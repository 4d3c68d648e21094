"""What is asked before an act: a reason by one key, a note; and the sheet of keys."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

DIGITS = "1234567890"


class Answer(NamedTuple):
    """The chosen code, empty where none was asked for, and the texts."""

    code: str
    texts: tuple[str, ...]


class Ask(ModalScreen[Answer | None]):
    """Asks for one of up to ten reasons, by its digit, and then for some lines of text; Escape leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)")]
    DEFAULT_CSS = """
    Ask { align: center middle; }
    Ask > Vertical { width: 72; max-width: 100%; height: auto; padding: 0 1; background: $panel;
        border: round $primary; }
    Ask Input { border: none; height: 1; padding: 0; background: $surface; }
    """

    def __init__(
        self, question: str, reasons: Mapping[str, str] | None = None, lines: Sequence[tuple[str, str]] = ()
    ) -> None:
        """`reasons`: code -> wording; `lines`: label and the text that stands there at first."""
        super().__init__()
        self._question, self._reasons, self._wanted = question, dict(reasons or {}), tuple(lines)
        self._code = ""

    def compose(self) -> ComposeResult:
        """The question, the reasons, the lines of text."""
        with Vertical():
            yield Static(Text(self._question, "bold"))
            yield Static(self._choices(), id="reasons")
            for label, text in self._wanted:
                yield Label(Text(label))
                yield Input(text, compact=True, disabled=bool(self._reasons))

    def on_mount(self) -> None:
        """Begin where there is something to type."""
        if not self._reasons:
            self._begin_text()

    def on_key(self, event: Key) -> None:
        """A digit takes a reason."""
        if self._code or not self._reasons or event.character is None or event.character not in DIGITS:
            return
        index = DIGITS.index(event.character)
        if index < len(self._reasons):
            event.stop()
            self._code = list(self._reasons)[index]
            self.query_one("#reasons", Static).update(self._choices())
            self._begin_text()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next line; behind the last one it is the answer."""
        event.stop()
        inputs = list(self.query(Input))
        at = inputs.index(event.input) + 1
        if at < len(inputs):
            self.set_focus(inputs[at])
        else:
            self._answer()

    def _begin_text(self) -> None:
        inputs = list(self.query(Input))
        for one in inputs:
            one.disabled = False
        if inputs:
            self.set_focus(inputs[0])
        else:
            self._answer()

    def _answer(self) -> None:
        self.dismiss(Answer(self._code, tuple(one.value for one in self.query(Input))))

    def _choices(self) -> Text:
        lines = Text()
        for digit, (code, words) in zip(DIGITS, self._reasons.items(), strict=False):
            lines.append(f" {digit} ", "reverse").append(f" {words}\n", "bold" if code == self._code else "")
        lines.rstrip()
        return lines


class Sheet(ModalScreen[None]):
    """A sheet of text over the screen, such as the keys; any key leaves."""

    DEFAULT_CSS = """
    Sheet { align: center middle; }
    Sheet > Static { width: auto; max-width: 100%; height: auto; max-height: 100%; padding: 0 1; background: $panel;
        border: round $primary; }
    """

    def __init__(self, text: Text) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """The text."""
        yield Static(self._text)

    def on_key(self, event: Key) -> None:
        """Leave."""
        event.stop()
        self.dismiss(None)
