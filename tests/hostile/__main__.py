"""python -m tests.hostile FOLDER --fates F.jsonl: put every file under a folder through the product.

Files that F.jsonl has already are left out, so that a run may end after --minutes and be taken up again. With --table
what is in F.jsonl is told by folder, and what does not hold.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from tests.hostile.fates import Fate, put_through, table, wrong

MOST_SECONDS = 60.0
UNFINISHED = 3
"""Exit code of a run whose minutes were over before its files."""


def main() -> int:
    """Put files through, or tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fates", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=6.0)
    parser.add_argument("--table", action="store_true")
    given = parser.parse_args()
    files = sorted(path for path in given.folder.rglob("*") if path.is_file() and path.name != "gen.json")
    known = [Fate(*json.loads(line)) for line in given.fates.open()] if given.fates.exists() else []
    if given.table:
        family_of = {path.name: str(path.parent.relative_to(given.folder)) for path in files}
        print(table(known, family_of), *wrong(known, MOST_SECONDS), sep="\n")  # noqa: T201
        return 0
    names = {fate.name for fate in known}
    left = [file for file in files if file.name not in names]
    ends = time.monotonic() + given.minutes * 60
    with tempfile.TemporaryDirectory() as folder, given.fates.open("a") as out:
        fates = put_through(left, Path(folder) / "home", ends)
        out.writelines(json.dumps(fate) + "\n" for fate in fates)
    return 0 if len(fates) == len(left) else UNFINISHED


if __name__ == "__main__":
    sys.exit(main())
