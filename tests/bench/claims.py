"""Ten thousand files dropped at once, and several processes that claim them: each file once, by one of them.

    python -m tests.bench.claims [--files 10000] [--claimers 2] [--postgresql URL]

The files are small e-invoices that differ in their number, so this measures intake alone: claim, archive, ledger. One
half is there when the claimers start, the other comes while they work. Prints the time and what each process got, and
fails when a file is missing, doubled, damaged or left behind.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from pipeline.bootstrap import SystemClock, load_settings, open_the_ledger
from pipeline.intake.archive import hash_file
from pipeline.intake.inbox import collect
from pipeline.settings import Settings
from samples.generate import generate

ALL_THERE = "all-there"
CLAIMER = "from tests.bench.claims import claim; claim()"


def main() -> None:
    """Drop, claim, count."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.claims", description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--claimers", type=int, default=2)
    parser.add_argument("--postgresql", default="", help="URL of an empty database; default: SQLite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backoffice-claims-") as scratch:
        settings = load_settings(home=Path(scratch)).model_copy(update={"database_url": given.postgresql})
        half = given.files // 2
        drop(settings.inbox, range(half))
        with open_the_ledger(settings):
            pass
        began = time.monotonic()
        arguments = [sys.executable, "-c", CLAIMER, scratch, given.postgresql]
        processes = [subprocess.Popen(arguments, stdout=subprocess.PIPE) for _ in range(given.claimers)]
        drop(settings.inbox, range(half, given.files))
        (settings.home / ALL_THERE).touch()
        taken = [json.loads(process.communicate()[0]) for process in processes]
        report(settings, given.files, taken, time.monotonic() - began)


def drop(inbox: Path, numbers: range) -> None:
    """One e-invoice, each time with another number."""
    inbox.mkdir(parents=True, exist_ok=True)
    (paper,) = generate(2026, 1, kinds=("ubl",))
    number = paper.truth["fields"]["invoice_number"].encode()
    for index in numbers:
        content = paper.content.replace(number, b"CLAIM-%06d" % index)
        (inbox / f"{index:06}.xml").write_bytes(content)


def claim() -> None:
    """Collect until the inbox is empty; prints the hashes of what this process took in."""
    settings = load_settings(home=Path(sys.argv[1])).model_copy(
        update={"database_url": sys.argv[2], "settle_seconds": 0.0}
    )
    taken: list[str] = []
    with open_the_ledger(settings) as ledger:
        while not (settings.home / ALL_THERE).exists() or any(settings.inbox.iterdir()):
            taken += [arrival.document.sha256 for arrival in collect(settings, ledger, SystemClock())]
    print(json.dumps(taken))  # noqa: T201


def report(settings: Settings, count: int, taken: list[list[str]], seconds: float) -> None:
    """Print the counts; fail when they do not come out."""
    with open_the_ledger(settings) as ledger:
        received = Counter(event.data["sha256"] for event in ledger.events(kind="received"))
        status = ledger.status()
    originals = list(settings.archive.glob("??/*"))
    shares = " + ".join(str(len(one)) for one in taken)
    print(f"{count} files claimed in {seconds:.1f} s, {count / seconds:.0f} a second; by process: {shares}")  # noqa: T201
    assert sum(map(len, taken)) == len(set().union(*taken)) == count, "each by one process, once"
    assert set(received.values()) == {1}
    assert len(received) == count
    assert (status.seen_again, status.refused) == (0, 0)
    assert sorted(path.name for path in originals) == sorted(received)
    assert all(hash_file(path) == path.name for path in originals)
    assert not any(settings.inbox.iterdir())
    assert [path.name for path in settings.claimed.iterdir()] == [".lock"]


if __name__ == "__main__":
    main()
