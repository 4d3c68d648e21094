"""Documents on a Dask cluster: the same as in child processes, and nothing lost whoever dies."""

import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from distributed import Client, KilledWorker, LocalCluster

from flows import cluster, cluster_worker
from flows.cluster import Cluster, open_cluster_world
from flows.cluster_worker import understand_chunk
from flows.run import run_batch
from flows.world import open_flow_world
from pipeline import VERSIONS
from pipeline.batch import Work, list_sources, read_works, take_sources
from pipeline.bootstrap import load_settings, open_the_ledger, open_world
from pipeline.errors import EnvironmentFault, ReaderError
from pipeline.settings import DaskSettings, Settings
from pipeline.world import World
from schemas import Outcome

SAMPLES = Path(__file__).parents[2] / "samples" / "set"
FILES = ("ubl-fr.xml", "native-fr-1.pdf", "truncated-fr.pdf", "facturx-fr-1.pdf")
READ = 3
"""How many of them are read; one is cut off and refused at the door."""


@pytest.fixture(scope="module")
def dask() -> Iterator[LocalCluster]:
    """Two workers of one thread each, in processes of their own."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit=None) as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, dask: LocalCluster) -> Settings:
    """A home, and the cluster's address."""
    return with_cluster(load_settings(tmp_path / "home", workers=1), dask)


def with_cluster(settings: Settings, dask: LocalCluster, **more: object) -> Settings:
    return settings.model_copy(update={"dask": DaskSettings(scheduler=dask.scheduler_address, chunk=2), **more})


def folder_of(files: tuple[str, ...], place: Path) -> Path:
    place.mkdir()
    for file in files:
        shutil.copy(SAMPLES / file, place / file)
    return place


def said(outcomes: tuple[Outcome, ...]) -> list[object]:
    """What was decided, without what differs from run to run: the seconds."""
    return [one.model_copy(update={"seconds": {}}).model_dump(mode="json") for one in outcomes]


def read(world: World, folder: Path) -> dict[str, list[object]]:
    works = list(take_sources(list_sources([folder]), world))
    return {result.file: said(result.outcomes) for result in read_works(works, world)}


def kinds(settings: Settings) -> Counter[str]:
    with open_the_ledger(settings) as ledger:
        return Counter(event.kind for event in ledger.events())


def test_a_cluster_makes_the_same_records_as_child_processes(settings: Settings, tmp_path: Path) -> None:
    """Field by field, with evidence, findings, failures and reasons; and every document is begun and decided once."""
    folder = folder_of(FILES, tmp_path / "in")
    with open_cluster_world(settings) as world:
        on_cluster = read(world, folder)
    with open_world(load_settings(tmp_path / "other", workers=1)) as world:
        assert read(world, folder) == on_cluster
    assert len(on_cluster) == len(FILES)
    assert (kinds(settings)["begun"], kinds(settings)["decided"]) == (READ, READ)


def test_workers_of_another_home_read_from_a_bucket(
    settings: Settings, dask: LocalCluster, tmp_path: Path, s3_server
) -> None:
    """As on other machines: a home of their own, originals by URL, what is known of suppliers from the database."""
    s3_server.create_bucket(Bucket="originals")
    remote = with_cluster(settings, dask, originals="s3://originals/invoices", database_url=settings.url)
    away = {name: os.environ[name] for name in os.environ if name.startswith("AWS_")}
    away[cluster_worker.HOME] = str(tmp_path / "away")

    def put(values: dict[str, str]) -> None:  # in the worker; os.environ itself would travel as a copy
        os.environ.update(values)

    def drop(name: str) -> None:
        del os.environ[name]

    with Client(dask.scheduler_address, set_as_default=False) as client:
        client.run(put, away)
        try:
            with open_cluster_world(remote) as world:
                decided = read(world, folder_of(FILES[:2], tmp_path / "in"))
        finally:
            client.run(drop, cluster_worker.HOME)
    assert [outcome["decision"]["kind"] for (outcome,) in decided.values()] == ["straight_through"] * 2
    assert len(list((tmp_path / "away" / "copies").glob("??/*"))) == 2
    assert (tmp_path / "away" / "known" / "main.json").exists()
    assert not settings.archive.exists()


def test_a_worker_killed_in_the_middle_loses_nothing(settings: Settings, tmp_path: Path, dask: LocalCluster) -> None:
    """SIGKILL while it works: its documents are read by another one, and each is decided once."""
    folder = folder_of(FILES, tmp_path / "in")
    with open_cluster_world(settings) as world:
        works = list(take_sources(list_sources([folder]), world))
        with Client(dask.scheduler_address, set_as_default=False) as client:
            victim = next(iter(client.run(os.getpid).values()))
        results = read_works(works, world)
        decided = [next(results)]
        os.kill(victim, signal.SIGKILL)
        decided += results
    assert sorted(result.file for result in decided) == sorted(FILES)
    assert kinds(settings)["decided"] == READ
    with open_the_ledger(settings) as ledger:
        assert not ledger.pending()


def test_a_document_that_kills_every_worker_goes_to_a_person_alone(settings: Settings, tmp_path: Path) -> None:
    """Its chunk is tried document by document then; the others of the chunk have their way."""
    folder = folder_of(FILES[:2], tmp_path / "in")
    with open_world(settings) as world:
        works = list(take_sources(list_sources([folder]), world))
        deadly = next(work.document for work in works if isinstance(work, Work) and work.file == FILES[1])
        client = Deadly(deadly.document_id)
        decided = read_works(works, replace(world, workshop=Cluster(client, settings, Event())))
        codes = {result.file: [reason.code for reason in result.outcomes[0].decision.reasons] for result in decided}
    assert codes == {FILES[0]: [], FILES[1]: ["reader-died"]}


class Deadly:
    """A cluster of one worker, this process; whatever has the named document in it has killed its workers."""

    def __init__(self, document_id: str) -> None:
        self._document_id = document_id

    def get_executor(self, **_: object) -> "Deadly":
        return self

    def nthreads(self) -> dict[str, int]:
        return {"here": 1}

    def submit(self, function, chunk, *arguments) -> Future:
        future: Future = Future()
        if self._document_id in {document.document_id for document in chunk}:
            future.set_exception(KilledWorker("a task", SimpleNamespace(address="tcp://gone"), 3))
        else:
            future.set_result(function(chunk, *arguments))
        return future


def test_other_code_or_no_originals_on_a_worker_is_the_machines_fault(settings: Settings, tmp_path: Path) -> None:
    """The documents are not blamed: they wait."""
    with pytest.raises(EnvironmentFault, match="instead of"):
        understand_chunk((), settings, VERSIONS | {"backoffice": "0.0.0"})
    with pytest.raises(EnvironmentFault, match="has no folder"):
        understand_chunk((), settings.model_copy(update={"home": tmp_path / "nowhere"}), VERSIONS)


def test_a_cluster_that_is_not_there_is_told_at_once(settings: Settings) -> None:
    """With the remedy to do the work here."""
    nowhere = settings.model_copy(update={"dask": DaskSettings(scheduler="tcp://127.0.0.1:9", patience_seconds=1)})
    with pytest.raises(EnvironmentFault, match="No Dask cluster"), open_cluster_world(nowhere):
        pass


def test_a_cluster_without_workers_gives_the_documents_back(settings: Settings, tmp_path: Path) -> None:
    """Nothing waits in silence: after the patience the run ends, and the next one finds the documents."""
    folder = folder_of(FILES[:1], tmp_path / "in")
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, memory_limit=None) as lonely:
        dask = DaskSettings(scheduler=lonely.scheduler_address, patience_seconds=5)
        with open_cluster_world(settings.model_copy(update={"dask": dask})) as world:
            works = list(take_sources(list_sources([folder]), world))
            lonely.scale(0)
            with Client(lonely.scheduler_address, set_as_default=False) as client:
                client.retire_workers(close_workers=True)
            with pytest.raises(EnvironmentFault, match="no worker"):
                list(read_works(works, world))
            assert len(world.ledger.pending()) == 1


def test_secrets_of_the_accounting_system_stay_here(settings: Settings) -> None:
    """A worker gets what it needs to read."""
    trusted = settings.model_copy(update={"tryton": settings.tryton.model_copy(update={"password": "secret"})})
    assert cluster._for_workers(trusted).tryton.password is None
    assert cluster._for_workers(trusted).reading == settings.reading


@pytest.mark.xdist_group("prefect")
@pytest.mark.usefixtures("prefect_server")
def test_the_batch_flow_works_on_the_cluster(settings: Settings, tmp_path: Path) -> None:
    """The same flow, its one task over all documents; the setting alone makes the difference."""
    tally = run_batch(settings, [folder_of(FILES, tmp_path / "in")])
    assert (tally.files, tally.decisions["straight_through"], tally.decisions["rejected"]) == (4, 3, 1)


def test_without_the_setting_there_is_no_cluster(tmp_path: Path) -> None:
    """A world of child processes."""
    with open_flow_world(load_settings(tmp_path / "home", workers=1)) as world:
        assert not isinstance(world.workshop, Cluster)


def test_an_unexpected_answer_is_the_clusters_fault() -> None:
    """A worker that cannot unpack its task, or a scheduler that forgets it: no document is blamed."""
    for error in (ModuleNotFoundError("No module named 'flows'"), RuntimeError("lost")):
        future: Future = Future()
        future.set_exception(error)
        with pytest.raises(EnvironmentFault, match="not fit"):
            list(cluster._answers((), future))
    future = Future()
    future.cancel()
    with pytest.raises(EnvironmentFault, match="dropped"):
        list(cluster._answers((), future))
    assert ReaderError("x").retryable
