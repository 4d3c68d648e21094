"""python -m tests.fuzz NAME --minutes 10 [--work DIR]: coverage-guided fuzzing of one target, and what it found.

What makes a target fail is kept in DIR/NAME/found; a case worth keeping goes to tests/fuzz/found/NAME, where
test_targets.py tries it for ever. The exit code is 1 when anything was found.
"""

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TextIO

from tests.fuzz.seeds import words_of, write_seeds

MOST_SECONDS = 30
"""An input that takes longer, by the clock of a machine that may be busy, has found a slow path."""
MOST_BYTES = {"amounts": 200, "dates": 400, "labels": 1200, "xml": 8000}
MEMORY_MB = 1500

CHILD = """
import sys
import atheris
with atheris.instrument_imports(include=["pipeline", "schemas", "babel.numbers", "babel.dates"]):
    from tests.fuzz.targets import TARGETS
atheris.Setup(sys.argv, TARGETS[{name!r}])
atheris.Fuzz()
"""


def main() -> int:
    """Fuzz one target for some minutes and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=MOST_BYTES)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--work", type=Path, default=Path("var/fuzz"))
    given = parser.parse_args()
    folder = given.work / given.name
    corpus, found = folder / "corpus", folder / "found"
    for each in (corpus, found):
        each.mkdir(parents=True, exist_ok=True)
    write_seeds(given.name, corpus)
    log = folder / "log"
    with log.open("w") as out:
        _fuzz(given.name, given.minutes, corpus, found, _dictionary(given.name, folder), out)
    said = log.read_text(errors="replace")
    print(_summary(given.name, given.minutes, said, found))  # noqa: T201
    return 1 if any(found.iterdir()) else 0


def _fuzz(name: str, minutes: float, corpus: Path, found: Path, dictionary: Path, log: TextIO) -> None:
    """Run libFuzzer again after each finding, as long as there is time."""
    ends = time.monotonic() + minutes * 60
    while (left := ends - time.monotonic()) >= 1:
        options = {
            "max_total_time": int(left),
            "timeout": MOST_SECONDS,
            "report_slow_units": MOST_SECONDS,
            "rss_limit_mb": MEMORY_MB,
            "max_len": MOST_BYTES[name],
            "dict": dictionary,
            "artifact_prefix": f"{found}/",
            "print_final_stats": 1,
        }
        command = [sys.executable, "-c", CHILD.format(name=name)]
        command += [*(f"-{key}={value}" for key, value in options.items()), str(corpus)]
        if subprocess.run(command, stdout=log, stderr=log, check=False).returncode == 0:
            return


def _dictionary(name: str, folder: Path) -> Path:
    path = folder / "dictionary"
    lines = (f'"{_escaped(word)}"' for word in words_of(name))
    path.write_text("\n".join(lines) + "\n")
    return path


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


def _summary(name: str, minutes: float, said: str, found: Path) -> str:
    runs = int(_sum(r"number_of_executed_units: +(\d+)", said))
    reached = max((int(each) for each in re.findall(r" cov: (\d+)", said)), default=0)
    names = sorted(path.name for path in found.iterdir())
    return f"{name}: {minutes:g} minutes, {runs:,} executions, {reached:,} places reached, found: {names or 'nothing'}"


def _sum(pattern: str, said: str) -> float:
    return sum(float(each) for each in re.findall(pattern, said))


if __name__ == "__main__":
    sys.exit(main())
