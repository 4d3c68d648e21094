"""What is known as one file under the home, for the child processes, which have no database.

The first line is a small JSON object with `version`, the SHA-256 of the rest, and `revision`, the state of the
database it was made from. The file is replaced at once (rename), so a reader sees the old or the new one, never half.
"""

import hashlib
import json
import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from pipeline.suppliers.book import Book
from pipeline.suppliers.contents import Contents, header_of

FILE_NAME = "known.json"


def write_snapshot(book: Book, home: Path) -> Path:
    """Bring the file up to date and give its path; costs one query when nothing changed.

    Raises StoreError; OSError when the home cannot be written.
    """
    path, revision = home / FILE_NAME, book.revision()
    if header_of(path).get("revision") == [book.identity, revision]:
        return path
    contents = Contents(suppliers=book.suppliers.all(), rules=book.rules.live(), orders=book.orders.all())
    body = contents.model_dump_json().encode()
    header = {"version": hashlib.sha256(body).hexdigest(), "revision": [book.identity, revision]}
    home.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=home, prefix=".known-", delete=False) as file:
        file.write(json.dumps(header).encode() + b"\n" + body)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
    return path
