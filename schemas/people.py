"""Who acts, and what he may do where.

| role       | see | review | approve_second | administer | audit |
|------------|-----|--------|----------------|------------|-------|
| operator   | x   | x      |                |            |       |
| supervisor | x   | x      | x              |            |       |
| auditor    | x   |        |                |            | x     |
| admin      | x   |        |                | x          | x     |

`RIGHTS` is this table. A user has any number of roles at each client. Who administers does not review: give him another
role besides, in the open, where the audit trail shows it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import Field as Constraint

from schemas.base import Value

HOUSE = "*"
"""Stands for all clients where a client is asked for: a role at all of them, an event of none of them."""

Right = Literal["see", "review", "approve_second", "administer", "audit"]


class Role(StrEnum):
    """What somebody is at a client."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "admin"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OPERATOR: frozenset({"see", "review"}),
    Role.SUPERVISOR: frozenset({"see", "review", "approve_second"}),
    Role.AUDITOR: frozenset({"see", "audit"}),
    Role.ADMIN: frozenset({"see", "administer", "audit"}),
}


class Actor(Value):
    """Who acts, with his roles by client id; `HOUSE` as the client means all of them."""

    user: str
    roles: Mapping[str, frozenset[Role]] = {}
    must_change_password: bool = Constraint(default=False, description="Then he may do nothing else.")

    def may(self, right: Right, client_id: str) -> bool:
        """Whether he has a right at a client; at `HOUSE` only when he has it at all clients."""
        if self.must_change_password:
            return False
        roles = self.roles.get(client_id, frozenset()) | self.roles.get(HOUSE, frozenset())
        return any(right in RIGHTS[role] for role in roles)


SYSTEM = Actor(user="system")
"""The machine; it writes events and asks for no right."""
