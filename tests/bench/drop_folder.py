"""Two hundred files into the drop folder of a running `backoffice watch`; every one must have exactly one outcome.

    python -m tests.bench.drop_folder [COUNT]

Among them one is written slowly in bursts, one comes twice, one is truncated and one has 0 bytes. The files are
generated: UBL, CII and Factur-X, some native PDFs and scans. Prints what became of them and fails when the sums do not
come out.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from pipeline.bootstrap import load_settings, open_the_ledger
from pipeline.settings import Settings
from pipeline.store.ledger import Ledger
from samples.generate import generate

KINDS = ("ubl", "cii", "facturx", "native")
ODD_FILES = 4
BURST_PAUSE_SECONDS = 4.0
PATIENCE_SECONDS = 1800.0


def main() -> None:
    """Drop, wait, count."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory(prefix="backoffice-drop-") as scratch:
        settings = load_settings(home=Path(scratch))
        settings.inbox.mkdir(parents=True)
        papers = [(sample.file, sample.content) for sample in generate(2026, count - ODD_FILES + 1, kinds=KINDS)]
        watcher = subprocess.Popen([Path(sys.executable).parent / "backoffice", "watch", "--home", scratch])
        began = time.monotonic()
        try:
            drop(settings.inbox, papers)
            with open_the_ledger(settings) as ledger:
                wait(ledger, count)
                report(ledger, settings, papers, count, time.monotonic() - began)
        finally:
            watcher.send_signal(signal.SIGTERM)
            watcher.wait(timeout=120)


def drop(inbox: Path, papers: list[tuple[str, bytes]]) -> None:
    """All files at once, the odd ones among them; the last one slowly."""
    *regular, (slow_name, slow) = papers
    for name, content in regular:
        (inbox / name).write_bytes(content)
    name, content = next((name, content) for name, content in regular if name.endswith(".pdf"))
    (inbox / f"again-{name}").write_bytes(content)
    (inbox / "truncated.pdf").write_bytes(b"%PDF-1.7\n" + content[: len(content) // 2][9:])
    (inbox / "empty.pdf").write_bytes(b"")
    with (inbox / slow_name).open("wb") as file:
        step = len(slow) // 4 + 1
        for start in range(0, len(slow), step):
            file.write(slow[start : start + step])
            file.flush()
            time.sleep(BURST_PAUSE_SECONDS)


def answered(ledger: Ledger) -> Counter[str]:
    """How many files have which outcome: decided, seen again, refused."""
    status = ledger.status()
    return Counter(decided=status.documents.get("done", 0), seen_again=status.seen_again, refused=status.refused)


def wait(ledger: Ledger, count: int) -> None:
    """Until every file has its outcome. Raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while answered(ledger).total() < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"only {answered(ledger)} of {count}")
        time.sleep(1.0)


def report(ledger: Ledger, settings: Settings, papers: list[tuple[str, bytes]], count: int, seconds: float) -> None:
    """Print the counts; fail when a file has none, two, or the wrong kind of outcome."""
    counts = answered(ledger)
    decided = Counter(settled.document.sha256 for settled in ledger.history())
    print(f"{count} files in {seconds:.0f} s: {dict(counts)}; decisions {ledger.status().decisions}")  # noqa: T201
    left = [path.name for path in settings.inbox.rglob("*") if path.is_file()]
    assert counts == Counter(decided=count - 3, seen_again=1, refused=2), counts
    assert len(decided) == len(papers), "every complete file is decided, and the one written slowly only once whole"
    assert not left, left
    assert len(list(settings.rejected.glob("*.reason.json"))) == 2


if __name__ == "__main__":
    main()
