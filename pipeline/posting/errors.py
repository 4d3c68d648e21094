"""What the outbox refuses, and why a job needs a person before anything is sent.

BackofficeError
├── JobNotFound          no such job, or not one of yours
├── WrongJobState        a job in that state cannot be retried or closed
└── PostingError
    └── TargetRefused
        ├── CodingDoubtful   nobody is sure enough where it is booked
        ├── CodingWrong      what is booked is not the total of the invoice
        └── VoucherDiffers   the target holds it with other values
"""

from pipeline.errors import BackofficeError, TargetRefused


class JobNotFound(BackofficeError):
    """There is no such job among those the person may see."""

    code = "posting-not-found"
    remedy = "`backoffice postings list` shows them."


class WrongJobState(BackofficeError):
    """The job is not in a state that allows it."""

    code = "posting-wrong-state"
    remedy = "Look at the job again: somebody else may have dealt with it."


class CodingDoubtful(TargetRefused):
    """The coding is less sure than `posting.least_confidence`."""

    code = "coding-doubtful"
    remedy = "Look at the accounts: post it as coded, or mend the rule and try again."


class CodingWrong(TargetRefused):
    """Lines and taxes of the coding are not the total with VAT."""

    code = "coding-wrong"
    remedy = "Mend the coding rule of that supplier, then `backoffice postings retry`."


class VoucherDiffers(TargetRefused):
    """The target holds the invoice, but with other values than were cleared."""

    code = "voucher-differs"
    remedy = "Correct the voucher in the accounting system, then `backoffice postings retry`: it is found there."
