"""What may go wrong at a screen, in the words of `pipeline.errors`."""

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import TimeoutError as TooLate

from pipeline.errors import TargetDown, TargetRefused

__all__ = [
    "BrowserError",
    "SessionExpired",
    "TooLate",
    "changed",
    "differs",
    "down",
    "is_gone",
    "locked_out",
    "not_let_in",
    "refused",
]

_GONE = ("net::ERR_", "has been closed", "Target crashed", "Page crashed", "Connection closed", "NS_ERROR")


class SessionExpired(Exception):
    """The target asks for a log-in in the middle of the work. Never leaves the robot."""


def refused(said: str) -> TargetRefused:
    """The target says no."""
    return TargetRefused(f"The target says: {said}")


def changed(what: str) -> TargetRefused:
    """The screen is not the one that the script knows."""
    remedy = "Look at the picture. If the screens changed, mend the screen script, then `backoffice postings retry`."
    return TargetRefused(f"The screen is not as the script knows it: {what}", code="screen-changed", remedy=remedy)


def differs(what: str) -> TargetRefused:
    """A value was keyed twice and does not stand there."""
    return TargetRefused(f"The screen does not keep what was keyed: {what}", code="field-differs")


def not_let_in(said: str) -> TargetRefused:
    """Name or password is wrong. Trying again would lock the account."""
    remedy = "Set the robot's name and password for this target, then `backoffice postings retry`."
    return TargetRefused(f"The log-in was refused: {said}", code="log-in-refused", remedy=remedy)


def locked_out(said: str) -> TargetDown:
    """The account is locked for a time."""
    return TargetDown(f"The account is locked: {said}", code="locked-out")


def down(what: str) -> TargetDown:
    """The target cannot be reached or is out of order."""
    return TargetDown(f"The target does not answer as it should: {what}")


def is_gone(error: BrowserError) -> bool:
    """Whether the target or the browser went away, and not the script is at fault."""
    return any(sign in error.message for sign in _GONE)
