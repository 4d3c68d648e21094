"""Good files in which some bytes have changed by chance."""

from collections.abc import Iterator
from random import Random

from tests.hostile.families.pictures import coded, noise
from tests.hostile.families.xml_files import ubl
from tests.hostile.paper import paper
from tests.hostile.sample import Sample

FAMILY = "flipped"
MANY = {"pdf": 40, "png": 12, "jpg": 12, "tif": 12, "xml": 10}
CHANGED = (1, 2, 5, 20, 100)


def samples(seed: int) -> Iterator[Sample]:
    """All samples of the family."""
    for kind, count in MANY.items():
        for number in range(count):
            name = f"flip-{number:02d}.{kind}"
            yield Sample(
                name, FAMILY, "random bytes changed", lambda kind=kind, name=name: _flipped(kind, f"{seed}/{name}")
            )


def _flipped(kind: str, seed: str) -> bytes:
    rng = Random(seed)
    content = bytearray(_good(kind))
    for _ in range(rng.choice(CHANGED)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content)


def _good(kind: str) -> bytes:
    match kind:
        case "pdf":
            return paper()
        case "xml":
            return ubl()
        case "tif":
            return coded(noise(5, 120, 160), "TIFF", compression="tiff_lzw")
    return coded(noise(5, 120, 160), {"jpg": "JPEG", "png": "PNG"}[kind])
