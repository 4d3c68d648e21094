"""What the desk refuses, and what to do about it.

DeskError
├── ItemNotFound    no such item, or not one of yours
├── NotAllowed      your role does not allow it
├── ItemTaken       somebody else has it, or decided it; what you typed is kept
├── SamePerson      the second pair of eyes must be another person's
├── KeysMissing     a blind field was not keyed
├── AccountsMissing something that was bought has no account
├── ErrorsLeft      a rule still speaks against it, and no note says why it is right
└── WrongMove       the item is not in a state, or the request not in a form, that allows it
"""

from pipeline.errors import BackofficeError
from schemas.edits import Edits


class DeskError(BackofficeError):
    """The root. `typed` is what the person had typed: it is kept as his draft of the item."""

    code = "review"
    typed: Edits | None = None


class ItemNotFound(DeskError):
    """There is no such item among those the person may see."""

    code = "review-not-found"
    remedy = "Look at the queue again."


class NotAllowed(DeskError):
    """The person's role does not allow it."""

    code = "review-not-allowed"
    remedy = "Ask a supervisor or an administrator."


class ItemTaken(DeskError):
    """Somebody else has the item, or it moved on."""

    code = "review-taken"
    remedy = "What you typed is kept: open the item again, or take the next one."


class SamePerson(DeskError):
    """The second pair of eyes belongs to the first person."""

    code = "review-same-person"
    remedy = "Another person has to approve it."


class KeysMissing(DeskError):
    """A field that is to be keyed blind was not keyed."""

    code = "review-keys-missing"
    remedy = "Key every field that is asked for; leave it empty where the page does not have it."


class AccountsMissing(DeskError):
    """Something that was bought has no account, though accounts were chosen."""

    code = "review-accounts-missing"
    remedy = "Look at the accounts again: the lines have changed, or nothing is posted for this client."


class ErrorsLeft(DeskError):
    """A rule still says that the record is wrong."""

    code = "review-errors-left"
    remedy = "Mend what the rules name, or say in a note why it is right as it is."


class WrongMove(DeskError):
    """The item or the request does not allow this."""

    code = "review-wrong-move"
    remedy = "Open the item again and look at its state."
