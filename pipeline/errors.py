"""Errors that know their code, whether trying again helps, and the remedy.

BackofficeError
├── InputError            the document is at fault; trying again does not help
│   ├── UnknownFormat     not a kind of file we read
│   ├── BrokenFile        truncated, damaged, encrypted or empty
│   ├── TooLarge          over a limit
│   └── Forbidden         content we refuse, such as a DOCTYPE
├── ReaderError           a reader died, hung or answered nonsense
├── EnvironmentFault      this machine lacks something; the remedy says what to install
├── PostingError          the accounting system did not take it
│   ├── TargetDown        it cannot be reached, nothing was posted; trying again helps
│   ├── TargetRefused     it does not take this record as it is, or its screens changed
│   └── OutcomeUnknown    the reply got lost: whether it was posted has to be asked
└── StoreError            the database or the archive did not take it; trying again may help
    └── LeaseLost         another worker has the document, or it is done; nothing to do
"""

from typing import ClassVar

from schemas import Failure


class BackofficeError(Exception):
    """The root. `code` is stable; `retryable` says whether the same attempt may succeed later."""

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False
    remedy: ClassVar[str] = ""

    def __init__(self, message: str, *, code: str = "", remedy: str = "", page: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.specific_code = code or type(self).code
        self.specific_remedy = remedy or type(self).remedy
        self.page = page

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process boundaries; the default pickling would lose the keyword arguments.
        return (_rebuild, (type(self), self.message, self.specific_code, self.specific_remedy, self.page))

    def failure(self) -> Failure:
        """The error as a value that can be stored with the document."""
        return Failure(
            code=self.specific_code,
            message=self.message,
            retryable=self.retryable,
            remedy=self.specific_remedy,
            page=self.page,
        )


def _rebuild(cls: type[BackofficeError], message: str, code: str, remedy: str, page: int | None) -> BackofficeError:
    return cls(message, code=code, remedy=remedy, page=page)


class InputError(BackofficeError):
    """The document is at fault."""

    code = "input"
    remedy = "Ask the sender for the document again."


class UnknownFormat(InputError):
    """Not a kind of file we read."""

    code = "unknown-format"
    remedy = "Send a PDF, TIFF, JPEG, PNG or an XML invoice (UBL, CII)."


class BrokenFile(InputError):
    """Truncated, damaged, encrypted or empty."""

    code = "broken-file"


class TooLarge(InputError):
    """Over a limit on size, pages or pixels."""

    code = "too-large"
    remedy = "Split the file, or raise the limit in the settings."


class Forbidden(InputError):
    """Content that is refused because it is dangerous to read."""

    code = "forbidden-content"


class ReaderError(BackofficeError):
    """A reader died, hung or answered nonsense."""

    code = "reader-failed"
    retryable = True
    remedy = "Look at the document by hand; if many fail, run `backoffice doctor`."


class EnvironmentFault(BackofficeError):
    """This machine lacks a program, a language file or a model."""

    code = "environment"
    remedy = "Run `backoffice doctor`."


class StoreError(BackofficeError):
    """The database or the archive did not take it."""

    code = "store"
    retryable = True
    remedy = "Check the database and the disk, then run it again."


class LeaseLost(StoreError):
    """The document belongs to another worker by now, or it is done: what was found out must be dropped."""

    code = "lease-lost"
    retryable = False
    remedy = "Nothing to do: the other worker's outcome counts. If it happens often, lengthen the lease."


class PostingError(BackofficeError):
    """The accounting system did not take it."""

    code = "posting"
    remedy = "See `backoffice postings list`."
    evidence: tuple[str, ...] = ()
    """Pictures and files that show what happened, relative to the home; whoever raises it may set them."""


class TargetDown(PostingError):
    """The accounting system cannot be reached or is out of order; nothing was posted."""

    code = "target-down"
    retryable = True
    remedy = "It is tried again by itself. If it stays so, look whether the accounting system runs."


class TargetRefused(PostingError):
    """The accounting system does not take this record as it is, or its screens are not the known ones."""

    code = "target-refused"
    remedy = "Mend the record or the master data, then `backoffice postings retry`."


class OutcomeUnknown(PostingError):
    """The reply got lost after something was sent: the target must be asked before anything else happens."""

    code = "outcome-unknown"
    retryable = True
    remedy = "The target is asked again by itself. If it stays so, look there and use `backoffice postings retry`."
