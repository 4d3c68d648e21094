"""Pages as they were read, kept for whoever looks at them; what is not kept can be read again from the original."""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.durable import make_folder, part_in
from pipeline.effects import effect
from schemas import Page
from schemas.base import Value

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Sheet(Value):
    """A page of a document, and how many there are."""

    page: Page
    page_count: int


def place_of(folder: Path, name: str) -> Path:
    """Where something of that name is kept, or would be."""
    return folder / name[:2] / name


def sheet_name(sha256: str, number: int) -> str:
    """The name under which page `number` (from 1) of a document is kept."""
    return f"{sha256}-{number}.json"


def keep(path: Path, content: bytes) -> None:
    """Write a file that is there as a whole or not at all; without room on the disk it is made again when wanted."""
    with suppress(OSError):
        make_folder(path.parent)
        with part_in(path.parent) as part:
            with effect("file.write", part):
                part.write_bytes(content)
            with effect("file.rename", path):
                part.replace(path)


def keep_pages(folder: Path, sha256: str, pages: Sequence[Page]) -> None:
    """Keep the pages of a document of the archive, which is named by its hash; nothing for any other."""
    if _SHA256.fullmatch(sha256):
        for page in pages:
            sheet = Sheet(page=page, page_count=len(pages))
            keep(place_of(folder, sheet_name(sha256, page.number)), sheet.model_dump_json().encode())
