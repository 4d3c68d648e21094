import json
from pathlib import Path

import pytest

import samples
from samples.build_set import ENTRIES, build_entry

SET = Path(samples.__file__).parent / "set"


@pytest.fixture(scope="module")
def truths() -> dict[str, dict[str, object]]:
    lines = (SET / "truth.jsonl").read_text("utf-8").splitlines()
    return {Path(truth["file"]).stem: truth for truth in map(json.loads, lines)}


def test_the_set_is_complete_and_small(truths: dict[str, dict[str, object]]) -> None:
    """Every document of the plan is there with its truth, and all of them weigh less than 4 MB."""
    assert list(truths) == [entry.name for entry in ENTRIES]
    files = [SET / str(truth["file"]) for truth in truths.values()]
    assert set(files) == set(SET.iterdir()) - {SET / "truth.jsonl"}
    assert sum(file.stat().st_size for file in files) < 4 * 2**20


@pytest.mark.parametrize("name", ["ubl-fr", "cii-de", "sums-fr", "truncated-fr", "credit-note-fr"])
def test_building_again_gives_the_committed_truth(truths: dict[str, dict[str, object]], name: str) -> None:
    """The committed set is what the program makes."""
    number, entry = next((number, entry) for number, entry in enumerate(ENTRIES) if entry.name == name)
    sample = build_entry(number, entry)
    assert sample.truth == truths[name]
    if sample.file.endswith(".xml"):
        assert sample.content == (SET / sample.file).read_bytes()
