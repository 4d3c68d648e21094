"""An accounting system in a folder, for posters in processes of their own; and such a poster."""

import os
import random
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.errors import OutcomeUnknown
from pipeline.ports import Posted
from pipeline.settings import Settings
from schemas import PostingKey, PostingOrder, Voucher
from tests.posting.fakes import voucher_of
from tests.posting.plain_coding import plain_coding

LOST = 0.3
"""The share of postings whose reply gets lost after the commit."""


class FolderTarget:
    """Every posting is a file of its own, so that a second one of the same invoice would be seen.

    Each step is a line in `steps`, with the process that took it.
    """

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def find(self, key: PostingKey) -> Voucher | None:
        self._step("find")
        found = sorted(self.folder.glob(f"{key.reference}-*.json"))
        return Voucher.model_validate_json(found[0].read_text()) if found else None

    def post(self, order: PostingOrder, original: Path) -> Posted:
        assert original.is_file()
        name = f"{order.key.reference}-{uuid.uuid4().hex}"
        voucher = voucher_of(order, name)
        draft = self.folder / f"{name}.draft"
        draft.write_text(voucher.model_dump_json())
        self._step("draft")
        draft.rename(draft.with_suffix(".json"))
        self._step("commit")
        if random.random() < LOST:
            raise OutcomeUnknown("The reply was dropped.")
        self._step("reply")
        return Posted(voucher)

    def vouchers(self) -> Iterator[Voucher]:
        for path in sorted(self.folder.glob("*.json")):
            yield Voucher.model_validate_json(path.read_text())

    def _step(self, name: str) -> None:
        with (self.folder / "steps").open("a") as file:
            file.write(f"{os.getpid()} {name}\n")


def make(settings: Settings, client_id: str) -> FolderTarget:
    """The factory that the settings name."""
    return FolderTarget(settings.home / "books" / client_id)


def post_until_done(home: str, count: int) -> None:
    """In a process of its own: post until so many jobs are posted."""
    from pipeline.bootstrap import open_the_posting
    from pipeline.settings import PostingSettings

    posting = PostingSettings(
        target="tests.posting.on_disk:make", doubt_seconds=0.05, retry_seconds=0.05,
        most_unknown=50, most_failures=50,
    )  # fmt: skip
    with open_the_posting(Settings(home=Path(home), posting=posting)) as opened:
        world = replace(opened, code=lambda record, client, *_: plain_coding(record, client))
        while world.postings.counts()["posted"] < count:
            list(world.post())
            world.stop.wait(0.05)
