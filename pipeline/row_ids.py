"""The number of a row, as an address or a command gives it."""

from typing import Annotated

from annotated_types import Interval

LARGEST = 2**63 - 1
"""SQLite and PostgreSQL have no larger integer; one that is larger cannot even be asked for."""

RowId = Annotated[int, Interval(ge=0, le=LARGEST)]
"""Anything else is refused before a database is asked."""
