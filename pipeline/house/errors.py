"""What the house refuses.

BackofficeError
├── UnknownClient      no client has this id
├── UnknownUser        no user has this name
├── NotAllowed         the values of a client or user are not possible
└── SignInRefused      name and password do not fit, or the user is switched off
    └── TooManyAttempts
"""

from pipeline.errors import BackofficeError


class UnknownClient(BackofficeError):
    """No client has this id, or it is closed."""

    code = "unknown-client"
    remedy = "`backoffice clients list` shows them; `backoffice clients add` makes one."


class UnknownUser(BackofficeError):
    """No user has this name."""

    code = "unknown-user"
    remedy = "`backoffice users list` shows them."


class NotAllowed(BackofficeError):
    """A client or user cannot be like that."""

    code = "not-allowed"
    remedy = "Give another value."


class SignInRefused(BackofficeError):
    """Name and password do not fit. It never says which."""

    code = "sign-in-refused"
    remedy = "Check name and password; an admin can set a new one with `backoffice users password`."


class TooManyAttempts(SignInRefused):
    """Too many failed attempts under this name or from this address."""

    code = "too-many-attempts"
    retryable = True
    remedy = "Wait a quarter of an hour."
