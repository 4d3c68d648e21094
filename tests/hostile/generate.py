"""python -m tests.hostile.generate OUT [--seed N]: write the hostile files, one folder a family, and what they are.

The same seed gives the same files, but for the two that are locked: their keys are drawn by chance.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.families import active, bombs, broken_pdf, flips, odd_pages, pictures, spoken, xml_files
from tests.hostile.odd_names import lay_out
from tests.hostile.sample import Family, Sample

SEED = 20261127
FAMILIES: tuple[Family, ...] = (
    broken_pdf.samples,
    odd_pages.samples,
    bombs.samples,
    active.samples,
    spoken.samples,
    pictures.samples,
    xml_files.samples,
    flips.samples,
)


def all_samples(seed: int = SEED) -> Iterator[Sample]:
    """Every sample of every family."""
    for family in FAMILIES:
        yield from family(seed)


def write(samples: Iterator[Sample], folder: Path) -> list[Path]:
    """Make the files, each in the folder of its family."""
    paths = []
    for sample in samples:
        path = folder / sample.family / sample.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sample.make())
        paths.append(path)
    return paths


def main() -> int:
    """Write all files, the odd names, and `what.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    samples = list(all_samples(given.seed))
    write(iter(samples), given.out / "files")
    told = {sample.name: {"family": sample.family, "what": sample.what} for sample in samples}
    (given.out / "what.json").write_text(json.dumps(told, indent=1))
    names = lay_out(given.out / "names")
    print(f"{len(samples)} files, {names} names")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
