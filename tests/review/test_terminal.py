"""Who acts from a terminal."""

from datetime import UTC, datetime

import pytest

from pipeline.review.errors import NotAllowed
from pipeline.review.terminal import terminal_actor
from pipeline.store.database import Database
from pipeline.store.house_tables import RightRow, UserRow


def test_without_users_the_system_user_reviews_for_all_clients(database_url, ledger):
    """A new installation works at once, second looks included; users are not administered so."""
    actor = terminal_actor(Database(database_url), "root")
    assert [actor.may(right, "any") for right in ("review", "approve_second", "administer")] == [True, True, False]


def test_where_there_are_users_the_terminal_has_their_rights(database_url, ledger):
    """Nobody else acts, and nobody who was switched off."""
    database = Database(database_url)
    with database.writing() as session:
        for number, (name, active) in enumerate((("anne", True), ("ben", False)), start=1):
            row = UserRow(id=number, name=name, password="x", active=active, must_change_password=False)
            row.created_at = datetime(2026, 3, 1, tzinfo=UTC)
            session.add(row)
            session.flush()
            session.add(RightRow(user_id=number, client_id="main", role="operator"))
    actor = terminal_actor(database, "anne")
    assert [actor.may("review", client) for client in ("main", "other")] == [True, False]
    for name in ("ben", "root"):
        with pytest.raises(NotAllowed):
            terminal_actor(database, name)
