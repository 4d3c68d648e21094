"""A batch: what becomes of the files of a folder and of the inbox."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.batch import (
    ALREADY_RECEIVED,
    FileResult,
    Source,
    Tally,
    answered,
    chunks,
    left_in_inbox,
    list_sources,
    process_sources,
    take_inbox,
)
from pipeline.bootstrap import SystemClock, load_settings, open_the_ledger, open_world
from pipeline.child_processes import ChildProcesses
from pipeline.intake.archive import Archive
from pipeline.settings import Settings
from pipeline.world import World
from schemas import Outcome, Reason, Rejected, Review


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = load_settings(tmp_path / "home", workers=1)
    return found.model_copy(update={"settle_seconds": 0.0, "incomplete_after_seconds": 0.0})


class Inline:
    """Does the work in this process: what a child process adds is tested with the sandbox and the command line."""

    def map_unordered(self, function, items, _timeout_of):
        yield from ((item, function(item)) for item in items)


@contextmanager
def opened(settings: Settings) -> Iterator[World]:
    with open_the_ledger(settings) as ledger:
        archive = Archive(settings.archive)
        yield World(settings, ledger, archive, ChildProcesses(Inline(), archive, settings), SystemClock())


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    with opened(settings) as built:
        yield built


def pdf(path: Path, content: str) -> Path:
    """A file that is taken in as a PDF but cannot be read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(f"%PDF-1.4\n{content}\n%%EOF\n".encode())
    return path


def codes(result: FileResult) -> list[str]:
    return [reason.code for outcome in result.outcomes for reason in outcome.decision.reasons]


def names(sources: list[Source]) -> list[str]:
    return [source.name for source in sources]


def test_a_folder_is_listed_with_all_that_is_in_it_in_order(tmp_path: Path) -> None:
    """Hidden files, links and special files count too: every one of them is owed an answer."""
    for name in ("b.pdf", "a.pdf", "sub/.hidden", "sub/deep/c.pdf"):
        pdf(tmp_path / name, name)
    (tmp_path / "link.pdf").symlink_to("nowhere")
    os.mkfifo(tmp_path / "sub/pipe")
    assert names(list_sources([tmp_path, tmp_path / "a.pdf"])) == [
        *("a.pdf", "b.pdf", "link.pdf", "sub/.hidden", "sub/deep/c.pdf", "sub/pipe"),
        "a.pdf",
    ]


def test_our_own_files_inside_a_folder_are_left_out(tmp_path: Path) -> None:
    """The home and the output may lie in the folder that is read."""
    for name in ("a.pdf", "var/backoffice.db", "out.jsonl"):
        pdf(tmp_path / name, name)
    assert names(list_sources([tmp_path], leave_out=[tmp_path / "var", tmp_path / "out.jsonl", None])) == ["a.pdf"]


def test_every_file_gets_an_answer_in_order_and_the_same_bytes_are_read_once(tmp_path: Path, world: World) -> None:
    """Whatever the files are: broken, empty, unknown, special, twice there."""
    folder = tmp_path / "in"
    for name in ("b.pdf", "c.pdf", "d/b.pdf"):
        pdf(folder / name, "the same bytes")
    (folder / "a.txt").write_text("hello")
    (folder / "empty.pdf").touch()
    (folder / "gone.pdf").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    results = list(process_sources(list_sources([folder]), world))
    assert [(result.file, codes(result)[0]) for result in results if result.file != "b.pdf"] == [
        ("a.txt", "unknown-format"),
        ("c.pdf", ALREADY_RECEIVED),
        ("d/b.pdf", ALREADY_RECEIVED),
        ("empty.pdf", "empty"),
        ("gone.pdf", "unreadable"),
        ("pipe", "unreadable"),
    ]
    assert "b.pdf" in results[2].outcomes[0].decision.reasons[0].message
    assert not isinstance(results[1].outcomes[0].decision, Review)
    assert all(path.exists() for path in (folder / "b.pdf", folder / "a.txt"))


def test_the_same_again_gives_the_stored_outcomes_without_reading_again(tmp_path: Path, world: World) -> None:
    """The ledger remembers: nothing is read twice, so nothing can be posted twice."""
    folder = tmp_path / "in"
    pdf(folder / "one.pdf", "1")
    pdf(folder / "two.pdf", "2")
    first = list(process_sources(list_sources([folder]), world))
    begun = [event.kind for event in world.ledger.events()].count("begun")
    assert list(process_sources(list_sources([folder]), world)) == first
    assert [event.kind for event in world.ledger.events()].count("begun") == begun == 2


def test_bytes_that_came_in_under_another_name_are_refused_with_that_name(tmp_path: Path, world: World) -> None:
    """Also in a later run, and also when the new name comes first in the folder."""
    list(process_sources(list_sources([pdf(tmp_path / "in/original.pdf", "1")]), world))
    pdf(tmp_path / "in/copy.pdf", "1")
    copy, original = process_sources(list_sources([tmp_path / "in"]), world)
    assert codes(copy) == [ALREADY_RECEIVED]
    assert "original.pdf" in copy.outcomes[0].decision.reasons[0].message
    assert ALREADY_RECEIVED not in codes(original)


def test_the_inbox_gives_new_documents_and_answers_for_the_rest(world: World) -> None:
    """A duplicate and a broken file have their answer at once; what a crash left waiting is there too."""
    inbox = world.settings.inbox
    pdf(inbox / "a.pdf", "1")
    pdf(inbox / "b.pdf", "1")
    (inbox / "c.txt").write_text("hello")
    works = take_inbox(world)
    assert [(work.file, codes(work)) for work in works if isinstance(work, FileResult)] == [
        ("b.pdf", [ALREADY_RECEIVED]),
        ("c.txt", ["unknown-format"]),
    ]
    assert [work.file for work in works if not isinstance(work, FileResult)] == ["a.pdf"]
    assert left_in_inbox(world) == 0
    assert [work.file for work in take_inbox(world)] == ["a.pdf"]
    assert answered([], world.ledger) == []


def test_a_file_that_is_still_written_stays_and_is_counted(settings: Settings) -> None:
    """It is neither taken half-written nor forgotten."""
    patient = settings.model_copy(update={"incomplete_after_seconds": 60.0})
    with opened(patient) as world:
        patient.inbox.mkdir()
        (patient.inbox / "a.pdf").write_bytes(b"%PDF-1.4\nhalf of it")
        assert take_inbox(world) == []
        assert left_in_inbox(world) == 1


def test_an_inbox_that_is_not_waited_for_gives_what_is_there(settings: Settings) -> None:
    """What was dropped a moment ago is left for the next run, as it may take an hour to come to rest."""
    slow = settings.model_copy(update={"settle_seconds": 3600.0, "closed_seconds": 3600.0})
    with opened(slow) as world:
        pdf(slow.inbox / "a.pdf", "1")
        assert take_inbox(world, wait=False) == []
        assert left_in_inbox(world) == 1


def test_a_document_that_a_dead_worker_held_is_read_when_its_lease_is_over(tmp_path: Path, world: World) -> None:
    """A crash delays a document, it does not lose it."""
    path = pdf(tmp_path / "in/a.pdf", "1")
    (work,) = take_inbox_of(path, world)
    assert world.ledger.begin(work, "dead worker", timedelta(seconds=0.5))
    (result,) = process_sources(list_sources([path]), world)
    assert result.outcomes == world.ledger.outcomes(work)


def test_what_is_not_done_when_the_work_is_stopped_can_be_begun_at_once(tmp_path: Path, world: World) -> None:
    """Ctrl-C, and the same command again: nobody waits for a lease."""
    paths = [pdf(tmp_path / f"in/{name}.pdf", name) for name in "abc"]
    results = process_sources(list_sources(paths), world)
    next(results)
    results.close()
    assert world.ledger.status().documents == {"received": 2, "done": 1}
    assert len(list(process_sources(list_sources(paths), world))) == 3


def test_what_a_killed_worker_held_is_taken_back_at_the_next_start(settings: Settings, tmp_path: Path) -> None:
    """The lease is long, for documents may be; a process that is no more does not need it."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with opened(settings) as world:
        (document_id,) = take_inbox_of(pdf(tmp_path / "in/a.pdf", "1"), world)
        world.ledger.begin(document_id, f"{socket.gethostname()}:{dead.pid}:abcd", timedelta(hours=1))
        assert not world.ledger.pending()
    with open_world(settings) as world:
        assert [document.document_id for document in world.ledger.pending()] == [document_id]


def take_inbox_of(path: Path, world: World) -> list[str]:
    """Ids of the documents after dropping a file into the inbox."""
    world.settings.inbox.mkdir(exist_ok=True)
    (world.settings.inbox / path.name).write_bytes(path.read_bytes())
    take_inbox(world)
    return [document.document_id for document in world.ledger.pending()]


def test_a_tally_counts_files_invoices_and_each_reason_once_an_invoice() -> None:
    """The summary is about invoices; two doubtful fields of one invoice are one doubtful invoice."""
    doubt = Reason(code="low-confidence", message="Unsure.")
    again = Outcome(decision=Rejected(reasons=(Reason(code=ALREADY_RECEIVED, message="Twice."),)))
    tally = Tally.of(
        [
            FileResult(
                "a", (Outcome(decision=Review(reasons=(doubt, doubt))), Outcome(decision=Review(reasons=(doubt,))))
            ),
            FileResult("b", (again,)),
        ]
    )
    assert (tally.files, tally.invoices, tally.reasons["low-confidence"]) == (2, 3, 2)
    assert not tally.has_rejected, "the same file twice is nobody's fault"
    tally.add(FileResult("c", (Outcome(decision=Rejected(reasons=(doubt,))),)))
    assert tally.has_rejected
    assert tally.as_dict()["decisions"] == {"review": 2, "rejected": 2}


def test_chunks_keep_the_order_and_lose_nothing() -> None:
    """Also where the last one is not full."""
    assert [list(chunk) for chunk in chunks("abcde", 2)] == [["a", "b"], ["c", "d"], ["e"]]


def test_the_same_file_of_two_clients_is_read_for_each(settings: Settings, tmp_path: Path) -> None:
    """Neither is told that the other had it; the same again under another name is told so to its own client."""
    paths = [pdf(tmp_path / "in/one.pdf", "1"), pdf(tmp_path / "in/two.pdf", "1")]
    with opened(settings) as world:
        world.clients.add("ACME", "Acme", "root")
        acme = replace(world, settings=settings.model_copy(update={"client": "ACME"}))
        (main,) = process_sources(list_sources(paths[:1]), world)
        (first,) = process_sources(list_sources(paths[1:]), acme)
        (again,) = process_sources(list_sources(paths[:1]), acme)
    assert ALREADY_RECEIVED not in codes(main) + codes(first)
    assert codes(again) == [ALREADY_RECEIVED]
    assert "two.pdf" in again.outcomes[0].decision.reasons[0].message
