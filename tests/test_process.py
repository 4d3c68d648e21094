"""Many documents: each is read in a child process, decided and written down exactly once."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event, Timer

import pytest

from pipeline.bootstrap import SystemClock, anchors_of, open_the_ledger, open_world
from pipeline.child_processes import ChildProcesses
from pipeline.errors import BackofficeError, EnvironmentFault, ReaderError
from pipeline.house.anchors import read_anchors
from pipeline.house.errors import UnknownClient
from pipeline.intake.archive import Archive
from pipeline.process import LEASE_MARGIN, process_documents
from pipeline.route import decide
from pipeline.settings import Limits, Settings
from pipeline.suppliers.book import book_in
from pipeline.suppliers.model import Supplier
from pipeline.suppliers.snapshot import write_snapshots
from pipeline.validate.duplicates import business_key
from pipeline.world import World
from schemas import (
    Document,
    Draft,
    Failure,
    FieldName,
    MediaType,
    Outcome,
)

SAMPLES = Path(__file__).parents[1] / "samples" / "set"
TRUTH = {line["file"]: line for line in map(json.loads, (SAMPLES / "truth.jsonl").read_text("utf-8").splitlines())}

NATIVE = SAMPLES / "native-fr-1.pdf"
SCAN = SAMPLES / "scan-fr.pdf"
TRUNCATED = SAMPLES / "truncated-fr.pdf"
UBL = SAMPLES / "ubl-fr.xml"

DIED = ReaderError("It died.", code="reader-died")
ATTEMPTS = 2
"""How often a document is tried whose reader died or hung."""


class Inline:
    """Does the work in this process, where what a child process adds does not matter."""

    def map_unordered(self, function, items, _timeout_of):
        yield from ((item, function(item)) for item in items)


class DyingReader:
    """Its reader fails at the first few documents that it is given."""

    def __init__(self, *failures: BackofficeError) -> None:
        self.left = list(failures)

    def map_unordered(self, function, items, _timeout_of):
        for item in items:
            yield item, self.left.pop(0) if self.left else function(item)


class EmptyReader:
    """Its reader finds no invoice at all."""

    def map_unordered(self, _function, items, _timeout_of):
        yield from ((item, ()) for item in items)


def workshop(settings: Settings, sandbox: object) -> ChildProcesses:
    return ChildProcesses(sandbox, Archive(settings.archive), settings)


@contextmanager
def opened(settings: Settings, sandbox: object = None) -> Iterator[World]:
    """A world without child processes."""
    with open_the_ledger(settings) as ledger:
        yield World(settings, ledger, Archive(settings.archive), workshop(settings, sandbox or Inline()), SystemClock())


def taken_in(path: Path, world: World) -> Document:
    """A document in the archive and the ledger."""
    content = path.read_bytes()
    kinds = {".pdf": MediaType.PDF, ".xml": MediaType.XML}
    document = Document(
        sha256=world.archive.put_bytes(content),
        file_name=path.name,
        size=len(content),
        media_type=kinds[path.suffix],
        received_at=datetime.now(UTC),
    )
    world.ledger.register(document, path.name)
    return document


def processed(world: World, *documents: Document) -> dict[str, tuple[Outcome, ...]]:
    return {document.file_name: outcomes for document, outcomes in process_documents(documents, world)}


def codes(outcomes: tuple[Outcome, ...]) -> list[str]:
    return [reason.code for outcome in outcomes for reason in outcome.decision.reasons]


def events(world: World, kind: str) -> int:
    return len(world.ledger.events(kind=kind))


def test_good_and_bad_documents_each_have_their_outcome(settings: Settings) -> None:
    """In real child processes: what is certain goes through, what is broken is rejected, nothing stops the others.

    The same again gives the same from the ledger.
    """
    with open_world(settings) as world:
        documents = [taken_in(path, world) for path in (NATIVE, TRUNCATED, UBL)]
        outcomes = processed(world, *documents)
        assert {name: outcome.decision.kind for name, (outcome,) in outcomes.items()} == {
            NATIVE.name: "straight_through",
            TRUNCATED.name: "rejected",
            UBL.name: "straight_through",
        }
        assert outcomes[UBL.name][0].record.value(FieldName.GROSS_TOTAL) == Decimal(
            TRUTH[UBL.name]["fields"]["gross_total"]
        )
        assert processed(world, *documents) == outcomes
        assert (events(world, "begun"), events(world, "decided")) == (3, 3)
        assert not world.ledger.pending()


@pytest.mark.parametrize(
    ("limits", "code"),
    [(Limits(memory_bytes=48 * 2**20), "reader-died"), (Limits(document_seconds=0.05), "reader-timeout")],
)
def test_a_document_that_kills_its_reader_goes_to_a_person(settings: Settings, limits: Limits, code: str) -> None:
    """Out of memory, or out of time, twice: nobody knows what it says."""
    with open_world(settings.model_copy(update={"limits": limits})) as world:
        document = taken_in(NATIVE, world)
        outcomes = processed(world, document)[NATIVE.name]
        assert codes(outcomes) == [code]
        assert outcomes[0].decision.kind == "review"
        assert outcomes[0].failures[0].retryable
        assert world.ledger.outcomes(document.document_id) == outcomes


@pytest.mark.parametrize("deaths", range(ATTEMPTS + 1))
def test_a_reader_that_died_gets_a_second_chance(settings: Settings, deaths: int) -> None:
    """A death by chance costs no document its way; the last one counts."""
    with opened(settings, DyingReader(*[DIED] * deaths)) as world:
        (outcome,) = processed(world, taken_in(TRUNCATED, world))[TRUNCATED.name]
        assert codes((outcome,)) == ["reader-died" if deaths == ATTEMPTS else "broken-pdf"]
        assert outcome.decision.kind == ("review" if deaths == ATTEMPTS else "rejected")


def test_a_program_that_goes_missing_between_two_tries_is_no_fault_of_the_document(settings: Settings) -> None:
    """The second try meets a machine that lacks something: the document waits, it is not judged."""
    with opened(settings, DyingReader(DIED, EnvironmentFault("No Tesseract."))) as world:
        document = taken_in(TRUNCATED, world)
        with pytest.raises(EnvironmentFault):
            processed(world, document)
        assert world.ledger.pending() == (document,)


def test_a_document_without_any_invoice_is_reviewed(settings: Settings) -> None:
    """No draft at all is an outcome too."""
    with opened(settings, EmptyReader()) as world:
        (outcome,) = processed(world, taken_in(NATIVE, world))[NATIVE.name]
        assert (outcome.decision.kind, codes((outcome,))) == ("review", ["nothing-read"])


def test_a_missing_program_gives_the_documents_back(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is decided and the remedy is told; what needs no such program is still read."""
    with open_world(settings) as world:
        scan, broken = taken_in(SCAN, world), taken_in(TRUNCATED, world)
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(EnvironmentFault) as caught:
            processed(world, scan)
        assert caught.value.failure().remedy
        assert world.ledger.outcomes(scan.document_id) == ()
        assert {document.document_id for document in world.ledger.pending()} == {scan.document_id, broken.document_id}
        (released,) = world.ledger.events(kind="released")
        assert released.data["failure"]["code"] == caught.value.specific_code
        assert codes(processed(world, broken)[TRUNCATED.name]) == ["broken-pdf"]


# --- several workers


def test_a_document_that_another_worker_settles_is_not_processed_again(settings: Settings) -> None:
    """It is waited for, and its stored outcome is the answer here too."""
    with opened(settings) as world:
        document = taken_in(TRUNCATED, world)
        assert world.ledger.begin(document.document_id, "other", timedelta(minutes=5))
        draft = Draft(failures=(Failure(code="other-worker", message="Was here."),))

        def settle() -> None:
            world.ledger.settle(document.document_id, "other", [draft], decide, business_key)

        other = Timer(0.7, settle)
        other.start()
        assert codes(processed(world, document)[TRUNCATED.name]) == ["other-worker"]
        other.join()
        assert (events(world, "begun"), events(world, "decided")) == (1, 1)


def test_workers_at_the_same_documents_settle_each_once(settings: Settings, tmp_path: Path) -> None:
    """All of them get all the outcomes, whoever did the work."""
    paths = [tmp_path / f"{n}.pdf" for n in range(6)]
    with opened(settings) as world:
        for n, path in enumerate(paths):
            path.write_bytes(TRUNCATED.read_bytes() + b"%" * n)
        documents = [taken_in(path, world) for path in paths]

    def work(order: int) -> dict[str, tuple[Outcome, ...]]:
        with opened(settings) as world:
            return processed(world, *documents[::order])

    with ThreadPoolExecutor(3) as pool:
        first, *others = pool.map(work, (1, -1, 1))
    assert len(first) == len(paths)
    assert all(result == first for result in others)
    with opened(settings) as world:
        assert (events(world, "begun"), events(world, "decided")) == (len(paths), len(paths))


class SlowReader(Inline):
    """While it reads, its lease runs out and another worker takes the document over and is done with it."""

    def __init__(self, clock, ledger) -> None:
        self.clock, self.ledger = clock, ledger

    def map_unordered(self, function, items, timeout_of):
        for item, answer in super().map_unordered(function, items, timeout_of):
            self.clock.advance(24 * 3600)
            document = item.document.document_id
            assert self.ledger.begin(document, "other", timedelta(minutes=5))
            self.ledger.settle(document, "other", [Draft(failures=(DIED.failure(),))], decide, business_key)
            yield item, answer


class Impatient(Inline):
    """Each document takes most of a lease, and another worker tries to get it just before it is done."""

    def __init__(self, clock, ledger, seconds: float) -> None:
        self.clock, self.ledger, self.seconds = clock, ledger, seconds
        self.taken = 0

    def map_unordered(self, function, items, timeout_of):
        for item, answer in super().map_unordered(function, items, timeout_of):
            self.clock.advance(self.seconds)
            self.taken += self.ledger.begin(item.document.document_id, "other", timedelta(minutes=5))
            yield item, answer


def test_documents_that_wait_their_turn_do_not_outlive_their_lease(
    settings: Settings, clock, sqlite_ledger, tmp_path: Path
) -> None:
    """A lease begins with the work on its document, not with the chunk: five slow ones take four leases' time."""
    lease = ATTEMPTS * settings.limits.document_seconds + LEASE_MARGIN.total_seconds()
    sandbox = Impatient(clock, sqlite_ledger, 0.8 * lease)
    world = World(settings, sqlite_ledger, Archive(settings.archive), workshop(settings, sandbox), clock)
    documents = []
    for n in range(5):
        (path := tmp_path / f"{n}.pdf").write_bytes(TRUNCATED.read_bytes() + b"%" * n)
        documents.append(taken_in(path, world))
    assert len(processed(world, *documents)) == 5
    assert sandbox.taken == 0
    assert (events(world, "begun"), events(world, "decided")) == (5, 5)


def test_a_second_try_renews_the_lease(settings: Settings, clock, sqlite_ledger, tmp_path: Path) -> None:
    """It comes after all others of the chunk, when the first lease has run out."""

    class DyingOnce(Impatient):
        def map_unordered(self, function, items, timeout_of):
            for item, answer in super().map_unordered(function, items, timeout_of):
                dies = item.document.file_name == "0.pdf" and not self.deaths
                self.deaths += dies
                yield item, DIED if dies else answer

    lease = ATTEMPTS * settings.limits.document_seconds + LEASE_MARGIN.total_seconds()
    sandbox = DyingOnce(clock, sqlite_ledger, 0.8 * lease)
    sandbox.deaths = 0
    world = World(settings, sqlite_ledger, Archive(settings.archive), workshop(settings, sandbox), clock)
    documents = []
    for n in range(3):
        (path := tmp_path / f"{n}.pdf").write_bytes(TRUNCATED.read_bytes() + b"%" * n)
        documents.append(taken_in(path, world))
    assert len(processed(world, *documents)) == 3
    assert (sandbox.taken, sandbox.deaths) == (0, 1)


@pytest.mark.parametrize("begun", [0, 1])
def test_a_set_flag_ends_the_work_between_two_documents(settings: Settings, tmp_path: Path, begun: int) -> None:
    """Nothing is held afterwards, and what was settled stays."""
    with opened(settings) as world:
        documents = []
        for n in range(3):
            (path := tmp_path / f"{n}.pdf").write_bytes(TRUNCATED.read_bytes() + b"%" * n)
            documents.append(taken_in(path, world))
        results = process_documents(documents, world)
        for _ in range(begun):
            next(results)
        world.stop.set()
        with pytest.raises(KeyboardInterrupt):
            list(results)
        assert len(world.ledger.pending()) == 3 - begun


def test_a_set_flag_ends_the_wait_for_a_child(settings: Settings) -> None:
    """A slow document does not keep the work from ending; it is given back."""
    with open_world(settings, stop := Event()) as world:
        document = taken_in(SCAN, world)
        Timer(0.5, stop.set).start()
        with pytest.raises(KeyboardInterrupt):
            processed(world, document)
        assert world.ledger.pending() == (document,)
        world.workshop._sandbox.close(now=True)


def test_what_was_read_too_late_is_dropped(settings: Settings, clock, sqlite_ledger) -> None:
    """Another worker has decided on the document by then: its outcome counts and is answered, and the batch goes on."""
    slow = SlowReader(clock, sqlite_ledger)
    world = World(settings, sqlite_ledger, Archive(settings.archive), workshop(settings, slow), clock)
    document = taken_in(TRUNCATED, world)
    ((_, (outcome,)),) = process_documents([document], world)
    assert codes((outcome,)) == ["reader-died"]
    assert world.ledger.outcomes(document.document_id) == (outcome,)
    assert (events(world, "decided"), events(world, "released")) == (1, 0)


def test_a_clients_own_target_decides_on_its_invoices(settings: Settings) -> None:
    """Who accepts hardly any wrong field has more to look at; the same file of another client goes through."""
    with opened(settings) as world:
        world.clients.add("ACME", "Acme", "root")
        world.clients.set_policy("ACME", {"target_error": 1e-12}, "root")
        theirs = taken_in(SAMPLES / "native-de-2.pdf", world)  # not among the surest
        strict = theirs.model_copy(update={"client_id": "ACME"})
        world.ledger.register(strict, "the same of ACME")
        decided = {
            one.client_id: outcome.decision.kind for one, (outcome,) in process_documents([theirs, strict], world)
        }
    assert decided == {"main": "straight_through", "ACME": "review"}


def test_a_child_process_knows_the_suppliers_of_its_client(settings: Settings) -> None:
    """The same invoice: to the client that knows another account of the seller it is not the same."""
    seller = TRUTH[NATIVE.name]["fields"]["seller_vat_id"]
    with opened(settings) as world:
        world.clients.add("ACME", "Acme", "root")
        book = book_in(world.ledger.database, settings.url, world.clock, "ACME")
        known = Supplier(key="F1", name="Seller", vat_id=seller, ibans=("DE89370400440532013000",))
        book.suppliers.put([known], "root")
        write_snapshots(book, settings.home)
        main = taken_in(NATIVE, world)
        acme = main.model_copy(update={"client_id": "ACME"})
        world.ledger.register(acme, "the same of ACME")
        found = {
            one.client_id: {finding.rule for finding in outcome.findings}
            for one, (outcome,) in process_documents([main, acme], world)
        }
    assert "changed-iban" in found["ACME"]
    assert "changed-iban" not in found["main"]


def test_the_end_of_the_work_is_anchored(settings: Settings) -> None:
    """The trail up to there is written down outside of the database."""
    with open_world(settings) as world:
        taken_in(NATIVE, world)
        last = world.ledger.events()[-1]
    (anchor,) = read_anchors(anchors_of(settings))
    assert (anchor.client_id, anchor.number) == ("main", last.number)


def test_no_work_is_begun_for_a_client_that_is_not_there(settings: Settings) -> None:
    """A misspelled --client takes nothing in."""
    with pytest.raises(UnknownClient), open_world(settings.model_copy(update={"client": "ACMEE"})):
        pass
