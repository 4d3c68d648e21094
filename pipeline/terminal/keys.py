"""The keys of the session. Those with Alt are the web page's."""

from typing import NamedTuple

from rich.text import Text

from pipeline.web.texts import translate


class Act(NamedTuple):
    """A key and what it does. `shown`: how the key is written; empty where it needs no telling."""

    key: str
    action: str
    shown: str = ""
    said: str = ""
    others: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The action's name without its arguments."""
        return self.action.partition("(")[0]


ACTIONS = (
    Act("enter", "on", "Enter", "keep it and go on; at the end of a table, a new row", ("tab",)),
    Act("shift+tab", "previous", "Shift+Tab", "the field or cell before"),
    Act("down", "down", "↓ ↑", "the field or row below, above"),
    Act("up", "up"),
    Act("pagedown", "page_down"),
    Act("pageup", "page_up"),
    Act("f2", "choose(1)", "F2 F3 F4", "take another reading", ("alt+1",)),
    Act("f3", "choose(2)", others=("alt+2",)),
    Act("f4", "choose(3)", others=("alt+3",)),
    Act("ctrl+x", "empty", "Ctrl+X", "the page does not have it"),
    Act("escape", "restore", "Esc", "drop what was typed here"),
    Act("ctrl+z", "undo", "Ctrl+Z", "undo", ("alt+u",)),
    Act("ctrl+l", "table('lines')", "Ctrl+L", "the lines, and back"),
    Act("ctrl+v", "table('taxes')", "Ctrl+V", "the VAT rows, and back"),
    Act("ctrl+g", "table('coding')", "Ctrl+G", "the accounts, and back", ("alt+i",)),
    Act("ctrl+y", "code_all", "Ctrl+Y", "this account for all lines", ("alt+a",)),
    Act("ctrl+b", "add", "Ctrl+B", "a new row below", ("alt+l",)),
    Act("ctrl+d", "remove", "Ctrl+D", "remove the row", ("alt+delete",)),
    Act("ctrl+o", "page", "Ctrl+O", "the whole page"),
    Act("ctrl+s", "approve", "Ctrl+S", "approve, with what was typed", ("ctrl+enter",)),
    Act("ctrl+r", "reject", "Ctrl+R", "reject", ("alt+r",)),
    Act("ctrl+p", "postpone", "Ctrl+P", "postpone", ("alt+p",)),
    Act("ctrl+e", "escalate", "Ctrl+E", "ask a supervisor", ("alt+q",)),
    Act("ctrl+n", "note", "Ctrl+N", "add a note", ("alt+m",)),
    Act("ctrl+k", "skip", "Ctrl+K", "leave it undecided and take the next one", ("alt+s",)),
    Act("ctrl+t", "take_again", "Ctrl+T", "take a lost item again"),
    Act("question_mark", "keys", "? F1", "these keys", ("f1",)),
    Act("ctrl+q", "quit", "Ctrl+Q", "give it back and leave"),
)

IN_LINE = {
    "?": "keys",
    "^S": "approve",
    "^R": "reject",
    "^P": "postpone",
    "^E": "ask",
    "^N": "note",
    "^Z": "undo",
    "^L": "lines",
    "^V": "VAT",
    "^G": "coding",
    "^O": "page",
}
"""The most needed keys, for the line at the bottom."""


def keys_line(language: str) -> Text:
    """The most needed keys in one line."""
    line = Text(no_wrap=True)
    for key, word in IN_LINE.items():
        line.append(key, "bold").append(f" {translate(language, word)} ")
    return line


def keys_sheet(language: str) -> Text:
    """All keys."""
    sheet = Text(translate(language, "Type to replace what stands there, ← or End to change it.") + "\n", "italic")
    for one in ACTIONS:
        if one.shown:
            sheet.append(f"{one.shown:>10}  ", "bold").append(f"{translate(language, one.said)}\n")
    sheet.rstrip()
    return sheet
