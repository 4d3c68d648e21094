"""Documents are understood by the workers of a Dask cluster (docs/adr/0021). The one home of distributed.

What a worker does is in `flows/cluster_worker.py`. This process begins, decides and writes down; a worker keeps
nothing, so one that dies costs time alone: the scheduler gives its chunks to another one.
"""

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from threading import Event
from time import monotonic

from distributed import Client, KilledWorker, LocalCluster

from flows.cluster_worker import Understood, understand_chunk
from pipeline import VERSIONS
from pipeline.bootstrap import open_world
from pipeline.errors import BackofficeError, EnvironmentFault, ReaderError
from pipeline.interrupts import leave_if
from pipeline.settings import LOCAL_CLUSTER, DaskSettings, PortalSettings, Settings, TrytonSettings
from pipeline.workshop import Answer
from pipeline.world import World
from schemas import Document

Chunk = tuple[Document, ...]

POLL_SECONDS = 0.2
"""How often a wait for answers looks whether it is to end."""

REMEDY = "Look at the scheduler and the workers, and at the setting dask.scheduler; empty: this machine does the work."


@contextmanager
def open_cluster_world(settings: Settings, stop: Event | None = None) -> Iterator[World]:
    """As `open_world`, but that the cluster of `settings.dask` understands the documents.

    Raises EnvironmentFault when it does not answer or has no worker.
    """
    with open_world(settings, stop) as world, _client(settings) as client:
        yield replace(world, workshop=Cluster(client, settings, world.stop))


class Cluster:
    """Implements `pipeline.workshop.Workshop`."""

    def __init__(self, client: Client, settings: Settings, stop: Event) -> None:
        self._executor = client.get_executor(pure=False)
        self._client = client
        self._dask = settings.dask
        self._settings = _for_workers(settings)
        self._stop = stop
        self._seen = monotonic()

    @property
    def ahead(self) -> int:
        """Two chunks: that before it on its worker, and its own."""
        return 2 * self._dask.chunk

    def understand(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Answer]]:
        """As `Workshop.understand`; two chunks for each worker are under way."""
        chunks = _chunks(iter(documents), self._dask.chunk)
        running: dict[Future[Understood], Chunk] = {}
        try:
            while True:
                leave_if(self._stop)
                for chunk in islice(chunks, max(0, 2 * self._workers() - len(running))):
                    running[self._executor.submit(understand_chunk, chunk, self._settings, VERSIONS)] = chunk
                if not running:
                    return
                for future in wait(running, POLL_SECONDS, return_when=FIRST_COMPLETED).done:
                    yield from _answers(running.pop(future), future)
        finally:
            for future in running:
                future.cancel()

    def warm_up(self) -> None:
        """Nothing: a worker gets ready with its first document."""

    def _workers(self) -> int:
        """How many there are, at least one. Raises EnvironmentFault when there was none for long."""
        try:
            count = len(self._client.nthreads())
        except Exception as error:  # comm, timeout and OS errors of several libraries
            raise EnvironmentFault(f"The Dask scheduler is gone: {error}", code="dask", remedy=REMEDY) from error
        if count:
            self._seen = monotonic()
        elif monotonic() - self._seen > self._dask.patience_seconds:
            raise EnvironmentFault("The Dask cluster has no worker.", code="dask", remedy=REMEDY)
        return count or 1


def _chunks(documents: Iterator[Document], size: int) -> Iterator[Chunk]:
    while chunk := tuple(islice(documents, size)):
        yield chunk


def _answers(chunk: Chunk, future: Future[Understood]) -> Iterator[tuple[Document, Answer]]:
    try:
        yield from future.result()
    except BackofficeError:
        raise
    except KilledWorker as error:  # several workers died one after the other; alone, we may learn which document it is
        died = ReaderError(f"Workers died over it: {error}", code="reader-died")
        yield from ((document, died) for document in chunk)
    except CancelledError as error:
        raise EnvironmentFault("The Dask cluster dropped the work.", code="dask", remedy=REMEDY) from error
    except Exception as error:  # a worker that cannot even unpack its task
        message = f"A Dask worker is not fit for work: {type(error).__name__}: {error}"
        raise EnvironmentFault(message, code="dask", remedy=REMEDY) from error


def _for_workers(settings: Settings) -> Settings:
    """Without the secrets of what a worker has no business with."""
    return settings.model_copy(
        update={"tryton": TrytonSettings(), "portal": PortalSettings(), "metrics_token": None, "dask": DaskSettings()}
    )


@contextmanager
def _client(settings: Settings) -> Iterator[Client]:
    logging.getLogger("distributed").setLevel(logging.ERROR)
    with _address(settings) as address:
        try:
            client = Client(address, timeout=settings.dask.patience_seconds, set_as_default=False)
            client.wait_for_workers(1, timeout=settings.dask.patience_seconds)
        except (OSError, TimeoutError) as error:
            raise EnvironmentFault(f"No Dask cluster at {address}: {error}", code="dask", remedy=REMEDY) from error
        with client:
            yield client


@contextmanager
def _address(settings: Settings) -> Iterator[str]:
    if settings.dask.scheduler != LOCAL_CLUSTER:
        yield settings.dask.scheduler
        return
    with LocalCluster(
        n_workers=settings.workers,
        threads_per_worker=1,
        dashboard_address=None,
        memory_limit=None,  # the sandbox in each worker has limits of its own
        silence_logs=logging.ERROR,
    ) as cluster:
        yield cluster.scheduler_address
