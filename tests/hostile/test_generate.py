"""The generator of hostile files."""

import zlib
from collections import Counter

import pytest

from tests.hostile.generate import SEED, all_samples
from tests.hostile.odd_names import NAMES
from tests.hostile.packing import packed


def test_there_are_enough_of_every_family() -> None:
    """More than 300 files, each with a name of its own, and more than 70 names besides what is no file."""
    samples = list(all_samples())
    assert len(samples) >= 300
    assert max(Counter(sample.name for sample in samples).values()) == 1
    assert min(Counter(sample.family for sample in samples).values()) >= 10
    assert all(sample.what for sample in samples)
    assert len(set(NAMES)) == len(NAMES) > 70


def test_the_same_seed_gives_the_same_bytes() -> None:
    """And another seed gives other changes and noise."""
    chosen = (
        "flip-03.pdf",
        "flip-07.jpg",
        "noise.pdf",
        "lie-layer.pdf",
        "says-sql.pdf",
        "amount-comma.xml",
        "frames.png",
    )
    first, again, other = (
        {sample.name: sample.make() for sample in all_samples(seed) if sample.name in chosen}
        for seed in (SEED, SEED, SEED + 1)
    )
    assert first == again
    assert {name for name in chosen if first[name] != other[name]} == {"flip-03.pdf", "flip-07.jpg", "noise.pdf"}


@pytest.mark.parametrize(("block", "times"), [(b"spaces  ", 1), (b"a", 70_000), (bytes(range(256)) * 300, 7)])
def test_packed_data_is_right(block: bytes, times: int) -> None:
    """The stream unpacks to the repeated block, its checksum included."""
    assert zlib.decompress(packed(block, times)) == block * times
