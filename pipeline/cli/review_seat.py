"""Where a command of `backoffice review` acts: the desk, and who sits at it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from pipeline.cli.review_shown import print_item, print_json, why

if TYPE_CHECKING:
    from pipeline.review.desk import Desk
    from pipeline.review.items import Hold, Item
    from pipeline.settings import Settings
    from schemas.people import Actor


class Seat(NamedTuple):
    """Somebody at the desk."""

    desk: "Desk"
    actor: "Actor"
    settings: "Settings"

    def show(self, item_id: int, as_json: bool) -> None:
        """Print an item, with its accounts where the client posts somewhere."""
        from pipeline.bootstrap import bookkeepers_of

        item = self.desk.item(self.actor, item_id)
        books = None if item.blind else bookkeepers_of(self.desk.database, self.settings).of(item.row.client_id)
        record = item.final.record if item.final and item.final.record else item.record
        place = (item.row.document_id, item.row.part)
        print_item(item, books.show(record, *place, item.coding) if books else None, as_json)

    @contextmanager
    def holding(self, item: int) -> "Iterator[Hold]":
        """The item in his hands; given back on an error, unless he held it before."""
        from pipeline.review.errors import DeskError

        was_mine = self.desk.item(self.actor, item).row.holder == self.actor.user
        hold = self.desk.claim(self.actor, item)
        try:
            yield hold
        except Exception:
            if not was_mine:
                with suppress(DeskError):
                    self.desk.release(self.actor, hold)
            raise

    def finish(self, done: "Item", as_json: bool, learn: bool) -> None:
        """Tell what became of the item, and learn from it."""
        from pipeline.bootstrap import learn_from_decisions
        from pipeline.review.show import row_json

        if learn and done.final is not None:
            learn_from_decisions(self.settings)
        if as_json:
            print_json(row_json(done.row))
        else:
            typer.echo(f"Item {done.row.item_id} is {done.row.state}{why(done.row)}.")


@contextmanager
def at_the_desk(home: Path | None, user: str) -> Iterator[Seat]:
    """Somebody at the desk of an installation. Raises StoreError, EnvironmentFault, NotAllowed."""
    from pipeline.bootstrap import load_settings, open_the_desk
    from pipeline.review.terminal import terminal_actor

    settings = load_settings(home)
    with open_the_desk(settings) as desk:
        yield Seat(desk, terminal_actor(desk.database, user), settings)
