"""The drop folder: each file has exactly one outcome, whatever happens on the way."""

import hashlib
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.errors import StoreError
from pipeline.house.clients import Clients
from pipeline.intake.arrival import Received, Refused
from pipeline.intake.files import nobody_writes
from pipeline.intake.inbox import Inbox, collect
from pipeline.settings import Limits
from schemas import MediaType


@pytest.fixture
def drop(settings):
    """Put a file into the drop folder."""

    def drop(name, content):
        path = settings.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    settings.inbox.mkdir(parents=True)
    return drop


@pytest.fixture
def take_in(settings, sqlite_ledger, clock):
    """Collect now, or after so many seconds of quiet."""

    def take_in(after=0.0):
        clock.advance(after)
        return collect(settings, sqlite_ledger, clock)

    return take_in


SETTLED, GIVEN_UP = 30, 120  # a busy machine may take seconds between the clock and the file


def left(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


def reasons(settings):
    return [json.loads(path.read_text()) for path in sorted(settings.rejected.glob("*.reason.json"))]


def test_a_file_at_rest_is_taken_in(settings, sqlite_ledger, drop, take_in, pdf):
    """A whole file at rest is archived with its bytes, registered with its name, and gone from the folder."""
    drop("sub/Facture n°1.pdf", pdf())
    (arrival,) = take_in(SETTLED)
    assert isinstance(arrival, Received)
    assert arrival.is_new
    document = arrival.document
    assert (document.file_name, document.size) == ("Facture n°1.pdf", len(pdf()))
    assert (settings.archive / document.sha256[:2] / document.sha256).read_bytes() == pdf()
    assert sqlite_ledger.pending() == (document,)
    assert left(settings.inbox) == left(settings.claimed) == left(settings.rejected) == []


def test_a_fresh_file_is_left_alone(settings, drop, take_in, pdf):
    """A file that changed a moment ago may still be written to."""
    drop("a.pdf", pdf())
    assert take_in() == ()
    assert left(settings.inbox) == ["a.pdf"]


def test_a_slow_writer_is_waited_for(settings, sqlite_ledger, clock, drop, pdf):
    """A file written in bursts with pauses is taken once, whole, and only when its end is there."""
    inbox, content = Inbox(settings, sqlite_ledger, clock), pdf()
    arrivals = []
    for end in range(0, len(content) + 1000, 1000):
        drop("slow.pdf", content[:end])
        arrivals += inbox.collect()
        clock.advance(8)  # a pause longer than the settling time
        arrivals += inbox.collect()
    (arrival,) = arrivals
    assert arrival.document.sha256 == hashlib.sha256(content).hexdigest()
    assert left(settings.rejected) == []


@pytest.fixture
def inbox(settings, sqlite_ledger, clock):
    """A drop folder that saw each file a second ago, which is less than the settling time."""
    inbox = Inbox(settings, sqlite_ledger, clock)

    def collect_a_second_later():
        assert inbox.collect() == ()
        clock.advance(1)
        return inbox.collect()

    return collect_a_second_later


def test_a_whole_file_that_nobody_writes_to_is_taken_soon(drop, inbox, pdf):
    """A moment of quiet is enough once the kernel knows that no program has it open for writing."""
    drop("a.pdf", pdf())
    assert len(inbox()) == 1


def test_a_whole_file_that_somebody_has_open_is_left_until_it_is_at_rest(settings, drop, take_in, inbox, pdf):
    """Its writer may go on, though what is there looks whole; one that never closes it is not waited for for ever."""
    with drop("a.pdf", pdf()).open("ab"):
        assert inbox() == ()
        assert left(settings.inbox) == ["a.pdf"]
        assert len(take_in(SETTLED)) == 1


def test_a_whole_file_is_left_until_it_is_at_rest_where_nobody_knows_who_writes(drop, take_in, inbox, pdf, monkeypatch):
    """As on a network share, or when it belongs to somebody else."""

    def no_leases(*_):
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr("fcntl.fcntl", no_leases)
    drop("a.pdf", pdf())
    assert inbox() == ()
    assert len(take_in(SETTLED)) == 1


def test_a_tiff_is_left_until_it_is_at_rest(drop, take_in, inbox, whole_file):
    """A program that scans closes it after each page, and opens it again for the next one."""
    drop("a.tif", whole_file(MediaType.TIFF))
    assert inbox() == ()
    assert len(take_in(SETTLED)) == 1


def test_a_writer_that_comes_while_we_look_is_not_disturbed(drop, pdf):
    """To ask who writes to a file neither fails its next writer nor ends us by a signal."""
    path = drop("a.pdf", pdf())
    stop = threading.Event()

    def write():
        while not stop.is_set():
            with path.open("ab") as file:
                file.write(b"%")

    writer = threading.Thread(target=write)
    writer.start()
    answers = {nobody_writes(path) for _ in range(2000)}
    stop.set()
    writer.join()
    assert answers
    assert nobody_writes(path)


def test_a_wrong_clock_on_the_share_does_not_stop_a_file(settings, sqlite_ledger, clock, drop, pdf):
    """A file whose times lie in the future is taken when it was seen unchanged for long enough."""
    drop("future.pdf", pdf())
    clock.advance(-3600)
    inbox = Inbox(settings, sqlite_ledger, clock)
    assert inbox.collect() == ()
    clock.advance(SETTLED)
    assert len(inbox.collect()) == 1


def test_modification_times_are_not_trusted(drop, take_in, pdf):
    """A copy that keeps the old modification time is not taken before it is at rest, nor one from 2096 never."""
    for name, when in (("old.pdf", -1e9), ("new.pdf", 4e9)):
        os.utime(drop(name, pdf()), (when, when))
    assert take_in() == ()
    assert len(take_in(SETTLED)) == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"hello", "unknown-format"),
        (b"%PDF-1.7 cut o", "incomplete"),
        (b"%PDF-1.7" + bytes(9000), "incomplete"),
    ],
)
def test_what_stays_broken_is_rejected_with_its_reason(settings, sqlite_ledger, drop, take_in, content, code):
    """A file that never becomes whole goes to `rejected`, bytes untouched, with what is wrong and what to do."""
    drop("bad.pdf", content)
    assert take_in(SETTLED) == ()
    (arrival,) = take_in(GIVEN_UP)
    assert isinstance(arrival, Refused)
    (reason,) = reasons(settings)
    assert (reason["code"], reason["file_name"]) == (code, "bad.pdf")
    assert reason["message"]
    assert reason["remedy"]
    assert reason["sha256"] == hashlib.sha256(content).hexdigest()
    (rejected,) = (path for path in settings.rejected.iterdir() if path.suffix == ".pdf")
    assert rejected.read_bytes() == content
    assert left(settings.inbox) == left(settings.claimed) == []
    assert [event.kind for event in sqlite_ledger.events()] == ["rejected"]


def test_a_file_over_the_limit_is_rejected_and_known_by_its_hash(settings, sqlite_ledger, clock, drop, pdf):
    """It stays out of the archive, but the ledger tells which bytes they were."""
    small = settings.model_copy(update={"limits": Limits(file_bytes=100)})
    drop("huge.pdf", pdf())
    clock.advance(SETTLED)
    (arrival,) = collect(small, sqlite_ledger, clock)
    sha256 = hashlib.sha256(pdf()).hexdigest()
    assert (arrival.reason.code, arrival.sha256) == ("too-large", sha256)
    (event,) = sqlite_ledger.events(kind="rejected")
    assert event.data["sha256"] == sha256
    assert left(settings.archive) == []


def test_a_huge_file_is_hashed_without_being_held_in_memory(settings, sqlite_ledger, clock):
    """A sparse gigabyte costs seconds, not a gigabyte."""
    settings.inbox.mkdir(parents=True, exist_ok=True)
    with (settings.inbox / "huge.pdf").open("wb") as file:
        file.truncate(2**30)
    clock.advance(SETTLED)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (arrival,) = collect(settings, sqlite_ledger, clock)
    assert arrival.sha256 == "49bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 2**10, "KiB"


def test_the_same_bytes_again_are_linked(sqlite_ledger, drop, take_in, pdf):
    """Bytes that were there before make no second document, but an event with their new name."""
    drop("first.pdf", pdf())
    (first,) = take_in(SETTLED)
    drop("second.pdf", pdf())
    drop("third.pdf", pdf())
    again = take_in(SETTLED)
    assert [arrival.is_new for arrival in (first, *again)] == [True, False, False]
    assert sqlite_ledger.pending() == (first.document,)
    names = [event.data["file_name"] for event in sqlite_ledger.events(first.document.document_id)]
    assert (names[0], set(names[1:])) == ("first.pdf", {"second.pdf", "third.pdf"})  # claimed at the same moment


def test_ignored_files_are_not_touched(settings, drop, take_in, pdf):
    """Hidden and half-written files, links, FIFOs and sockets stay as they are, however long."""
    for name in (".hidden.pdf", "a.pdf.part", "~$a.pdf", "Thumbs.db", ".folder/a.pdf"):
        drop(name, pdf())
    (settings.inbox / "link.pdf").symlink_to("/etc/hostname")
    (settings.inbox / "up").symlink_to("..")
    os.mkfifo(settings.inbox / "fifo.pdf")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(settings.inbox / "sock"))
    before = sorted(settings.inbox.rglob("*"))
    assert take_in(GIVEN_UP) == take_in(GIVEN_UP) == ()
    assert sorted(settings.inbox.rglob("*")) == before


HOSTILE_NAMES = [
    b"-rf.pdf",
    b"in\nvoice.pdf",
    b"\x1b[31mred\x1b[0m.pdf",
    b" .pdf",
    b"a.pdf ",
    b"n" * 251 + b".pdf",
    "é".encode() * 125 + b".pdf",
    "a\u202efdp.exe".encode(),
    "/".join(["請求書.pdf"]).encode(),
    b"inv\xff\xfe.pdf",
    b"\xed\xa0\x80.pdf",
    b"..%2f..%2fetc%2fpasswd.pdf",
    b"..\\..\\windows\\a.pdf",
    b"...pdf",
    b"$(touch pwned).pdf",
    b"a\r\nINFO approved.pdf",
    b"';DROP TABLE documents;--.pdf",
    b"%s%n{0}.pdf",
    b"x.json",
    b"x.file",
    b"0",
]


@pytest.mark.parametrize("is_good", [True, False])
def test_hostile_names_do_no_harm(settings, sqlite_ledger, drop, take_in, pdf, is_good):
    """Whatever a name holds, its file has one outcome, in our folders under a name of ours."""
    for number, name in enumerate(HOSTILE_NAMES):
        drop(os.fsdecode(name), pdf(number) if is_good else b"no invoice %d" % number)
    arrivals = take_in(GIVEN_UP)
    assert len(arrivals) == len(HOSTILE_NAMES)
    assert all(isinstance(arrival, Received if is_good else Refused) for arrival in arrivals)
    assert left(settings.inbox) == left(settings.claimed) == []
    assert len(left(settings.rejected)) == (0 if is_good else 2 * len(HOSTILE_NAMES))
    shown = [event.data["file_name"] for event in sqlite_ledger.events()]
    assert len(set(shown)) == len(HOSTILE_NAMES)
    assert all(name.isprintable() for name in shown)
    assert {path.name for path in settings.home.parent.iterdir()} == {"home"}


def test_a_deep_folder_is_searched(settings, drop, take_in, pdf):
    """A file sixty folders down is found."""
    drop("/".join(["d" * 50] * 60) + "/deep.pdf", pdf())
    assert len(take_in(SETTLED)) == 1


def test_an_unreadable_file_is_set_aside(settings, sqlite_ledger, clock, drop, take_in, pdf, monkeypatch):
    """A file that we may not read is rejected as unreadable, and the others are taken in."""
    drop("secret.pdf", pdf(1))
    drop("open.pdf", pdf(2))
    real_open = os.open
    secret = (settings.inbox / "secret.pdf").stat().st_ino

    def guarded_open(path, *arguments, **more):  # root may read everything, so the permission is played here
        if Path(path).is_file() and Path(path).stat().st_ino == secret:
            raise PermissionError(13, "Permission denied")
        return real_open(path, *arguments, **more)

    monkeypatch.setattr("os.open", guarded_open)
    arrivals = take_in(GIVEN_UP)
    assert sorted(type(arrival).__name__ for arrival in arrivals) == ["Received", "Refused"]
    assert [reason["code"] for reason in reasons(settings)] == ["unreadable"]


CRASHES = [
    "pipeline.intake.inbox:move",  # labelled, not claimed
    "pipeline.intake.archive:Archive.put",  # claimed, not archived
    "pipeline.store.ledger:Ledger.register",  # archived, not registered
    "pipeline.intake.inbox:_Claim.remove",  # registered, not removed
]

CRASHING_RUN = """
import importlib, os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from pipeline.intake import inbox
from pipeline.settings import Settings
from pipeline.store.ledger import open_ledger

home, where = sys.argv[1:]
module, _, step = where.partition(":")
*owner, method = step.split(".")
place = importlib.import_module(module)
setattr(getattr(place, owner[0]) if owner else place, method, lambda *_: os._exit(99))
clock = SimpleNamespace(now=lambda: datetime.now(UTC) + timedelta(seconds=60))
settings = Settings(home=Path(home), workers=1)
inbox.collect(settings, open_ledger(settings.url, clock), clock)
"""


@pytest.mark.parametrize("where", CRASHES)
def test_a_crash_loses_nothing_and_doubles_nothing(settings, sqlite_ledger, drop, take_in, pdf, where):
    """A process that dies between any two steps leaves the file to the next run, as one document with its name."""
    drop("Facture.pdf", pdf())
    command = [sys.executable, "-c", CRASHING_RUN, str(settings.home), where]
    root = Path(__file__).parents[2]
    assert subprocess.run(command, cwd=root, check=False).returncode == 99
    assert sqlite_ledger.status().documents == ({"received": 1} if where.endswith("remove") else {})
    (arrival,) = take_in(SETTLED)
    assert (arrival.is_new, arrival.document.file_name) == (True, "Facture.pdf")
    assert [event.kind for event in sqlite_ledger.events()] == ["received"]
    assert left(settings.inbox) == left(settings.claimed) == []
    assert take_in(SETTLED) == ()


def test_a_ledger_that_fails_keeps_the_file(settings, sqlite_ledger, drop, take_in, pdf, monkeypatch):
    """While the database is away, claimed files wait; when it is back, they are taken in."""
    drop("a.pdf", pdf())

    def away(*_):
        raise StoreError("away")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.store.ledger.Ledger.register", away)
        with pytest.raises(StoreError):
            take_in(SETTLED)
    assert len(left(settings.claimed)) == 2
    (arrival,) = take_in()
    assert arrival.is_new


def test_a_label_lost_in_a_power_cut_costs_only_the_name(settings, drop, take_in, pdf):
    """A claimed file without a readable label is taken in under the name of its claim."""
    settings.claimed.mkdir(parents=True)
    (settings.claimed / "20260101-x.file").write_bytes(pdf())
    (settings.claimed / "20260101-x.json").write_bytes(b"")
    (arrival,) = take_in()
    assert arrival.document.file_name == "20260101-x"


def test_two_collectors_at_once_share_the_folder(settings, sqlite_ledger, clock, drop, pdf):
    """Two processes that look at the same moment take each file once between them."""
    for number in range(30):
        drop(f"{number}.pdf", pdf(number))
    clock.advance(SETTLED)
    found = []
    threads = [threading.Thread(target=lambda: found.extend(collect(settings, sqlite_ledger, clock))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(arrival.document.file_name for arrival in found) == sorted(f"{n}.pdf" for n in range(30))
    assert {event.kind for event in sqlite_ledger.events()} == {"received"}


def test_two_hundred_files_have_one_outcome_each(settings, sqlite_ledger, clock, drop, pdf):
    """Of two hundred files, some slow, double, cut or empty, each is taken in or rejected, exactly once."""
    for number in range(196):
        drop(f"{number}.pdf", pdf(number))
    drop("double.pdf", pdf(0))
    drop("cut.pdf", pdf(997)[:500])
    drop("empty.pdf", b"")
    slow, content = drop("slow.pdf", b""), pdf(998)
    inbox, arrivals = Inbox(settings, sqlite_ledger, clock), []
    begun = time.monotonic()
    for end in (1000, 2000, len(content)):
        slow.write_bytes(content[:end])
        clock.advance(4)
        arrivals += inbox.collect()
    clock.advance(GIVEN_UP)
    arrivals += inbox.collect()
    assert time.monotonic() - begun < 60
    status = sqlite_ledger.status()
    assert len(arrivals) == 200
    assert (status.documents, status.seen_again, status.refused) == ({"received": 197}, 1, 2)
    assert left(settings.inbox) == left(settings.claimed) == []


@pytest.fixture
def clients(sqlite_ledger, clock):
    """Clients beside the main one; the second is closed."""
    clients = Clients(sqlite_ledger.database, clock)
    for name in ("ACME", "Gone"):
        clients.add(name, name, "root")
    clients.set_active("Gone", False, "root")
    return clients


def test_a_folder_of_a_clients_name_is_the_clients(sqlite_ledger, drop, take_in, pdf, clients):
    """In whatever case, and whatever lies below; nothing of it is anybody else's."""
    drop("acme/2026/03/one.pdf", pdf(1))
    drop("ACME/two.pdf", pdf(2))
    drop("three.pdf", pdf(3))
    take_in(GIVEN_UP)
    assert {document.file_name for document in sqlite_ledger.of("ACME").pending()} == {"one.pdf", "two.pdf"}
    assert [document.file_name for document in sqlite_ledger.of("main").pending()] == ["three.pdf"]


def test_a_folder_that_is_no_clients_is_told_and_not_lost(sqlite_ledger, drop, take_in, pdf, clients, caplog):
    """A misspelled client: its file is of the default one, with a warning and the folder in the event."""
    drop("ACMEE/one.pdf", pdf(1))
    take_in(GIVEN_UP)
    (document,) = sqlite_ledger.of("main").pending()
    (event,) = sqlite_ledger.events(document.document_id)
    assert event.data["folder"] == "ACMEE"
    assert "No client is called ACMEE" in caplog.text


def test_the_folder_of_a_closed_client_is_left(settings, sqlite_ledger, drop, take_in, pdf, clients, caplog):
    """Its files stay, told once, and go in when it is open again."""
    path = drop("gone/one.pdf", pdf(1))
    take_in(GIVEN_UP)
    assert path.exists()
    assert "the client Gone is closed" in caplog.text
    clients.set_active("Gone", True, "root")
    take_in()
    assert [document.client_id for document in sqlite_ledger.pending()] == ["Gone"]


def test_the_same_file_of_two_clients_is_two_documents(settings, sqlite_ledger, drop, take_in, pdf, clients):
    """And one original."""
    drop("ACME/one.pdf", pdf(1))
    drop("one.pdf", pdf(1))
    arrivals = take_in(GIVEN_UP)
    assert [arrival.is_new for arrival in arrivals] == [True, True]
    assert len(sqlite_ledger.pending()) == 2
    assert len(left(settings.archive)) == 1


def test_a_refused_file_is_the_clients_too(sqlite_ledger, drop, take_in, clients):
    """Whoever sent it is told by the one it was sent to."""
    drop("ACME/broken.pdf", b"%PDF-1.7 and no end")
    take_in(GIVEN_UP)
    assert sqlite_ledger.of("ACME").status().refused == 1
    assert sqlite_ledger.of("main").status().refused == 0


def test_a_claim_of_an_earlier_version_goes_on(settings, sqlite_ledger, take_in, pdf):
    """A label that names no client is the default one's."""
    settings.claimed.mkdir(parents=True)
    (settings.claimed / "x.file").write_bytes(pdf())
    (settings.claimed / "x.json").write_text('{"file_name": "old.pdf", "received_at": "2026-03-01T08:30:00+00:00"}')
    take_in()
    assert [(one.file_name, one.client_id) for one in sqlite_ledger.pending()] == [("old.pdf", "main")]
