"""What tells one posting from all others."""

from datetime import date
from decimal import Decimal

from pipeline.validate.duplicates import business_key
from schemas import PostingKey, Record


def posting_key(client_id: str, record: Record) -> PostingKey | None:
    """The key of a client's invoice, the same after every crash; None when a part of it is unknown."""
    key = business_key(record)
    if key is None:
        return None
    return PostingKey(
        client_id=client_id,
        seller=key.seller,
        number=key.number,
        issue_date=date.fromisoformat(key.issue_date),
        gross=Decimal(key.gross),
    )
