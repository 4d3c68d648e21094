"""The batch flow against a real Prefect server."""

import json
import os
import shutil
from collections import Counter
from pathlib import Path

import httpx
import pytest
from tenacity import retry, stop_after_delay, wait_fixed

from flows.run import flow_runs, run_batch, run_in_world
from pipeline.batch import Tally
from pipeline.bootstrap import open_the_ledger
from pipeline.errors import BrokenFile, StoreError
from pipeline.settings import Settings

pytestmark = pytest.mark.usefixtures("prefect_server")

SAMPLES = Path(__file__).parents[2] / "samples" / "set"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An e-invoice and two files that cannot be read."""
    place = tmp_path / "in"
    place.mkdir()
    shutil.copy(SAMPLES / "ubl-fr.xml", place / "a.xml")
    (place / "b.pdf").write_bytes(b"%PDF-1.4\nno PDF inside\n%%EOF\n")
    (place / "c.txt").write_text("hello")
    return place


def kinds(settings: Settings) -> Counter[str]:
    """How often each kind of event happened."""
    with open_the_ledger(settings) as ledger:
        return Counter(event.kind for event in ledger.events())


def test_a_failing_document_is_isolated_and_another_run_reads_nothing_again(
    settings: Settings, folder: Path, tmp_path: Path
) -> None:
    """Two runs of the flow: the same answers, and every document was begun once."""
    first = run_batch(settings, [folder], tmp_path / "first.jsonl")
    assert (first.files, first.decisions["straight_through"], first.invoices) == (3, 1, 3)
    assert first.reasons["unknown-format"] == 1
    run_batch(settings, [folder], tmp_path / "second.jsonl")
    texts = [(tmp_path / name).read_text() for name in ("first.jsonl", "second.jsonl")]
    assert texts[0] == texts[1]
    assert [json.loads(line)["file"] for line in texts[0].splitlines()] == ["a.xml", "b.pdf", "c.txt"]
    assert kinds(settings)["begun"] == kinds(settings)["decided"] == 2


def test_runs_in_one_block_share_their_client_of_the_api(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """To make one takes as long as half a run."""
    made = []
    with flow_runs(settings) as world:
        monkeypatch.setattr("prefect.context.get_client", lambda **options: made.append(options))
        for _ in range(2):
            assert run_in_world(world, wait=False).files == 0
    assert made == []


def test_without_paths_the_inbox_is_emptied_and_the_summary_is_left_with_the_run(
    settings: Settings, folder: Path
) -> None:
    """As a table and as text that Prefect's pages show."""
    shutil.copytree(folder, settings.inbox)
    tally = run_batch(settings)
    assert tally.decisions["straight_through"] == 1
    assert [path.name for path in settings.inbox.iterdir()] == ["c.txt"], "unknown files are given more time"
    assert tally.left == 1
    (markdown,) = artifacts("batch-summary")
    (table,) = artifacts("batch-decisions")
    assert markdown["data"].startswith("**2 files, 2 invoices")
    assert {"decision": "straight_through", "invoices": 1} in json.loads(table["data"])


@retry(stop=stop_after_delay(10), wait=wait_fixed(0.2))
def artifacts(key: str) -> list[dict[str, str]]:
    """The artifacts of that name; the newest run's."""
    found = api("artifacts/latest/filter", {"artifacts": {"key": {"any_": [key]}}})
    assert found
    return found


def api(path: str, body: dict[str, object]) -> list[dict[str, str]]:
    """What Prefect's server answers."""
    answer = httpx.post(f"{os.environ['PREFECT_API_URL']}/{path}", json=body)
    answer.raise_for_status()
    return list(answer.json())


def test_a_fault_that_may_pass_is_tried_again(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that was away for a moment costs a delay, not the batch."""
    assert attempts_until_done(StoreError("The database is away."), settings, folder, monkeypatch) == 2


def test_a_fault_that_stays_is_not_tried_again(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The flow fails at once, with the error itself."""
    with pytest.raises(BrokenFile, match="for good"):
        attempts_until_done(BrokenFile("Broken for good."), settings, folder, monkeypatch)


def attempts_until_done(error: Exception, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the reading was begun when it fails with `error` the first time."""
    from flows import batch as module

    attempts = []
    honest = module.read_works

    def failing_once(*arguments: object) -> object:
        attempts.append(arguments)
        if len(attempts) == 1:
            raise error
        return honest(*arguments)

    monkeypatch.setattr(module, "read_works", failing_once)
    monkeypatch.setattr(module.read_chunk, "retry_delay_seconds", 0)
    tally: Tally = run_batch(settings, [folder / "c.txt"])
    assert tally.files == 1
    return len(attempts)
