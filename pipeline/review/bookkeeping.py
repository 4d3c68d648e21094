"""What the desk asks about a client's accounts. Posting implements it: the desk knows none itself."""

from collections.abc import Callable, Sequence
from typing import Protocol

from pipeline.store.outbox import Settled
from schemas import Finding, Record
from schemas.edits import CodeText


class Bookkeeper(Protocol):
    """Knows the accounts of one client, as they stood when it was asked for. Pure."""

    rules: frozenset[str]
    """The rules whose findings it makes anew, so that those made when the document was read count no more."""

    def settle(self, record: Record, document_id: str, part: int, chosen: Sequence[CodeText]) -> Settled | None:
        """What is booked, taught and kept when a person leaves these accounts; None for a record that cannot be booked,
        which is a finding.

        Raises NotReadable (it is no account), AccountsMissing (something that was bought has none).
        """
        ...

    def findings(self, record: Record, document_id: str, part: int) -> tuple[Finding, ...]:
        """What keeps the record from being booked without a person."""
        ...


BookkeeperOf = Callable[[str], Bookkeeper | None]
"""The bookkeeper of a client; None for one whose invoices are only read. Raises StoreError."""


def nobody(_client_id: str) -> None:
    """No client posts: for an installation, or a test, that only reads."""
