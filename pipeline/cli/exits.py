"""What the exit codes mean, and how an error becomes one."""

import os
import sys
import traceback
from enum import IntEnum

from rich.console import Console

from pipeline.errors import BackofficeError, EnvironmentFault, StoreError


class Exit(IntEnum):
    """The exit codes of `backoffice`. A document in review is no error."""

    OK = 0
    REJECTED = 1
    USAGE = 2
    ENVIRONMENT = 3
    STORE = 4
    FAULT = 5
    WORSE = 6


HELP = (
    "Exit codes: 0 all right (documents in review included), 1 a document was rejected or the command failed, "
    "2 wrong usage, 3 this machine lacks something (see `backoffice doctor`), "
    "4 the database or the archive did not take it (try again), 5 an unexpected fault, "
    "6 an evaluation is worse than the one it was compared with."
)


def show_error(error: Exception) -> Exit:
    """Print code, message and remedy, without a traceback; BACKOFFICE_DEBUG=1 shows that too."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    if os.environ.get("BACKOFFICE_DEBUG"):
        traceback.print_exception(error, file=sys.stderr)
    code, message, remedy = _words(error)
    console.print(f"[bold red]{code}[/]", end=": ")
    console.print(message, markup=False)
    if remedy:
        console.print(f"What to do: {remedy}", markup=False)
    return _exit_of(error)


def _words(error: Exception) -> tuple[str, str, str]:
    if isinstance(error, BackofficeError):
        return error.specific_code, error.message, error.specific_remedy
    remedy = "Run it again with BACKOFFICE_DEBUG=1 and report what it prints."
    return "unexpected-fault", f"{type(error).__name__}: {error}", remedy


def _exit_of(error: Exception) -> Exit:
    if isinstance(error, EnvironmentFault):
        return Exit.ENVIRONMENT
    if isinstance(error, StoreError):
        return Exit.STORE
    return Exit.REJECTED if isinstance(error, BackofficeError) else Exit.FAULT
