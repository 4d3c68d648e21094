"""Who acts from a terminal of the machine itself: whoever may run the program there may read its database anyway."""

from collections import defaultdict

from sqlalchemy import func, select

from pipeline.review.errors import NotAllowed
from pipeline.store.database import Database
from pipeline.store.house_tables import RightRow, UserRow
from schemas.people import HOUSE, Actor, Role


def terminal_actor(database: Database, user: str) -> Actor:
    """The person with that name: with his roles where there are users, and else a supervisor of all clients.

    Raises NotAllowed for a name that is not among the users, or is switched off.
    """
    query = select(RightRow.client_id, RightRow.role).join(UserRow, UserRow.id == RightRow.user_id)
    with database.reading() as session:
        if not session.scalar(select(func.count()).select_from(UserRow)):
            return Actor(user=user, roles={HOUSE: frozenset({Role.SUPERVISOR})})
        if session.scalar(select(UserRow.active).where(UserRow.name == user)) is not True:
            raise NotAllowed(f"There is no user {user}.", remedy="Give a user's name with --as.")
        roles: dict[str, set[Role]] = defaultdict(set)
        for client_id, role in session.execute(query.where(UserRow.name == user)):
            roles[client_id].add(Role(role))
    return Actor(user=user, roles={client_id: frozenset(own) for client_id, own in roles.items()})
