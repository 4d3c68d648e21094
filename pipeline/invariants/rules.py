"""What must hold, by code: what it means when it does not, whether it is mended, and what a person does."""

from collections.abc import Iterable, Mapping

from schemas.base import Value
from schemas.people import HOUSE


class Rule(Value):
    """An invariant. `mended`: `backoffice reconcile` repairs it, at least where nothing else is lost with it."""

    code: str
    means: str
    mended: bool
    remedy: str


class Violation(Value):
    """Something that does not hold. `subject` names one document, job, item or file, as the code's family does."""

    code: str
    subject: str
    message: str
    client_id: str = HOUSE
    document_id: str | None = None

    @property
    def rule(self) -> Rule:
        """What it breaks."""
        return RULES[self.code]


def _rules(rules: Iterable[Rule]) -> Mapping[str, Rule]:
    return {one.code: one for one in rules}


_RECONCILE = "`backoffice reconcile`."
_READ = "Run `backoffice batch` or `watch`."


def _mended(code: str, means: str, remedy: str = _RECONCILE) -> Rule:
    return Rule(code=code, means=means, mended=True, remedy=remedy)


def _told(code: str, means: str, remedy: str) -> Rule:
    return Rule(code=code, means=means, mended=False, remedy=remedy)


RULES = _rules(
    [
        # originals
        _told("original-missing", "A document has no original.", "Restore the archive from the backup."),
        _told("original-damaged", "An original has other bytes than came in.", "Restore that file from the backup."),
        _mended(
            "archive-orphan",
            "The archive holds a file that no document has: it was archived, and whoever did it died; or the database "
            "was restored from an older backup. It is taken in for the default client.",
        ),
        # leftovers
        _mended("leaked-temporary", "A file was being written when its writer died; it holds nothing that counts."),
        _mended("label-without-file", "A file was about to be claimed; it is still in the drop folder."),
        _mended("claim-left", "A claimed file was not taken in yet: no batch has run since."),
        _mended("rejected-without-reason", "A refused file has lost its reason, which the audit trail still has."),
        # balance
        _told(
            "unbalanced",
            "What came in is not what was posted, rejected and is pending.",
            "The other violations of this client say what is lost; without any, restore the database and report it.",
        ),
        _mended("done-without-record", "A document counts as read, and nothing was written of it. It is read again."),
        _told(
            "record-before-done",
            "A document that is still to be read has records already.",
            "Somebody changed the database: compare it with the backup.",
        ),
        _mended("review-item-missing", "An invoice needs a person and is not in the queue. It is put there."),
        _mended("job-missing", "A cleared invoice has no posting job. It gets one; the target is asked first."),
        _told(
            "job-uncleared",
            "An invoice that nobody cleared has a posting job.",
            "Look at the job: `backoffice postings show`. If it is not posted, close it.",
        ),
        # postings
        _told(
            "posted-twice",
            "One invoice is posted by two jobs.",
            "Cancel one voucher in the accounting system, and close its job with a note.",
        ),
        _mended("receipt-missing", "A job counts as posted without a receipt. The target is asked for it again."),
        _told(
            "voucher-missing",
            "It counts as posted, and the accounting system does not have it.",
            "If somebody deleted it there: `backoffice postings retry --again`.",
        ),
        _told("voucher-differs", "The accounting system has other values.", "Correct the voucher there."),
        _told("voucher-double", "The accounting system has an invoice twice.", "Cancel one voucher there."),
        _told(
            "voucher-unknown",
            "The accounting system has a voucher with a reference of ours that no job has.",
            "If the database was restored, drop its original again; it is found, not posted again.",
        ),
        _told(
            "voucher-unconfirmed",
            "The accounting system has it, and here it does not count as posted.",
            "`backoffice post`, which finds it; if the job is dead, `backoffice postings retry` first.",
        ),
        _told("voucher-draft", "A draft was left in the accounting system.", "Delete the draft there."),
        # deadlines
        _mended("lease-over", "Whoever was reading a document is gone. It is given back."),
        _mended("posting-lease-over", "Whoever was posting is gone. The job is given back; the target is asked first."),
        _mended("review-lease-over", "An item is kept from the queue by a time that is over. It waits again."),
        _told("inbox-silent", "A file lies in the drop folder and nobody takes it.", _READ),
        _told("document-silent", "A document waits to be read and nobody does.", _READ),
        _told("review-late", "An invoice was to be decided by now.", "Decide it: `backoffice review next`."),
        _told("posting-silent", "An invoice waits to be posted and nobody does.", "Run `backoffice post`."),
        _told(
            "posting-unattended",
            "A posting needs a person, and nobody has looked at it.",
            "`backoffice postings list --problems` says what to do.",
        ),
        # trail
        _told(
            "chain-broken",
            "The audit trail was changed.",
            "Keep the database as it is; compare with the backup and the anchors: `backoffice audit verify`.",
        ),
        _told("anchors-damaged", "The anchors cannot be read.", "Put a copy of the file in its place."),
        _told(
            "state-without-event",
            "A state is not what its last event says.",
            "Somebody changed the database: compare it with the backup.",
        ),
        _mended("tallies-differ", "The sums behind the key figures are not what the events say. They are made anew."),
    ]
)
"""Every invariant by its code."""
