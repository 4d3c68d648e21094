"""The policy of a client, as it is now."""

from sqlalchemy.orm import Session

from pipeline.store.tables import ClientRow
from schemas.policy import ClientPolicy


def policy_of(session: Session, client_id: str) -> ClientPolicy:
    """What the client has settled on; the defaults where it said nothing."""
    row = session.get(ClientRow, client_id)
    return ClientPolicy.model_validate((row.policy if row else {}) | {"client_id": client_id})
