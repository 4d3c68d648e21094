"""What is known for a client as one file under the home, for the child processes, which have no database.

The first line is a small JSON object with `version`, the SHA-256 of the rest, and `revision`, the state of the
database it was made from. The file is replaced at once (rename), so a reader sees the old or the new one, never half.
"""

import hashlib
import json
from pathlib import Path

from pipeline.durable import make_folder, move, part_in, write_file
from pipeline.errors import StoreError
from pipeline.suppliers.book import Book
from pipeline.suppliers.contents import Contents, header_of

FOLDER = "known"


def snapshot_path(home: Path, client_id: str) -> Path:
    """Where the file of a client is, or would be."""
    return home / FOLDER / f"{client_id}.json"


def write_snapshots(book: Book, home: Path) -> None:
    """Bring the files of all clients up to date; as `write_snapshot`."""
    for client_id in book.clients():
        write_snapshot(book.of(client_id), home)


def write_snapshot(book: Book, home: Path) -> Path:
    """Bring the file up to date and give its path; costs one query when nothing changed.

    Raises StoreError, also when the home cannot be written.
    """
    path, revision = snapshot_path(home, book.client_id), book.revision()
    if header_of(path).get("revision") == [book.identity, revision]:
        return path
    contents = Contents(suppliers=book.suppliers.all(), rules=book.rules.live(), orders=book.orders.all())
    body = contents.model_dump_json().encode()
    header = {"version": hashlib.sha256(body).hexdigest(), "revision": [book.identity, revision]}
    try:
        make_folder(path.parent)
        with part_in(path.parent) as part:
            write_file(part, json.dumps(header).encode() + b"\n" + body)
            move(part, path)
    except OSError as error:
        raise StoreError(f"{path} could not be written: {error}") from error
    return path
