"""One attempt at posting an invoice through the screens, and what is done when it stops on the way."""

from math import inf

from pipeline.errors import OutcomeUnknown, PostingError, TargetRefused
from pipeline.ports import Posted
from pipeline.posting.robot.faults import BrowserError, SessionExpired
from pipeline.posting.robot.hands import Hands
from pipeline.posting.robot.look import look, prove
from schemas.posting import PostingKey, Voucher


def post(hands: Hands, key: PostingKey) -> Posted:
    """Remove what an attempt left behind, look once more, key, submit and read back.

    The second look is for a submit whose reply was late: once its draft is gone it can no more be posted, and if it
    was posted it is found. Raises SessionExpired, TargetDown, TargetRefused, OutcomeUnknown.
    """
    script, trail = hands.script, hands.trail
    with trail.part("clean"):
        hands.do(script.clean)
    with trail.part("find"):
        voucher = find(hands, key)
    if voucher is None:
        try:
            voucher = signed(_key_and_submit(hands), key)
        except (PostingError, BrowserError) as error:
            voucher = _after(error, hands, key)
    return Posted(voucher, trail.keep(), dict(trail.seconds))


def find(hands: Hands, key: PostingKey) -> Voucher | None:
    """The posted voucher of a key."""
    found = (one for one in look(hands, hands.script.find) if one.reference == key.reference and one.is_posted)
    return next((signed(one, key) for one in found), None)


def signed(voucher: Voucher, key: PostingKey) -> Voucher:
    """With the sign of the key: one program writes credit notes with a minus, the other does not."""
    if voucher.gross != -key.gross:
        return voucher
    return voucher.model_copy(update={name: -getattr(voucher, name) for name in ("net", "tax", "gross")})


def _key_and_submit(hands: Hands) -> Voucher:
    for part in hands.script.post:
        with hands.trail.part(part.part, hands.page):
            hands.do(part.do)
    with hands.trail.part("read-back"):
        return prove(hands, hands.script.proof)


def _after(error: PostingError | BrowserError, hands: Hands, key: PostingKey) -> Voucher:
    """Take back what can be taken back, and say what is known.

    A refusal of the target itself after the submit is believed when the target does not have the voucher.
    """
    hands.trail.photograph(hands.page, "stopped")
    hands.until = inf  # what is left of the job's lease is for taking back
    is_refusal = isinstance(error, TargetRefused) and error.specific_code == TargetRefused.code
    if hands.submitted and not is_refusal:
        raise OutcomeUnknown(f"It stopped after the submit: {hands.trail.clean(str(error))}") from error
    try:
        if hands.submitted and (voucher := find(hands, key)):
            return voucher
        hands.do(hands.script.clean)
    except (PostingError, BrowserError, SessionExpired) as later:
        if hands.submitted:
            raise OutcomeUnknown("It was refused, and the target does not say whether it has it.") from later
    # what could not be removed now is removed before the next attempt
    raise error
