"""The world of a flow: documents are understood by this machine, or by a cluster where the settings name one."""

from contextlib import AbstractContextManager
from threading import Event

from pipeline.bootstrap import open_world
from pipeline.errors import EnvironmentFault
from pipeline.settings import Settings
from pipeline.world import World


def open_flow_world(settings: Settings, stop: Event | None = None) -> AbstractContextManager[World]:
    """As `pipeline.bootstrap.open_world`. Raises EnvironmentFault when Dask is wanted and not installed."""
    if not settings.dask.scheduler:
        return open_world(settings, stop)
    try:
        from flows.cluster import open_cluster_world  # noqa: PLC0415 (a second of imports, and an optional package)
    except ImportError as error:
        remedy = "pip install 'backoffice[dask]'"
        raise EnvironmentFault(f"Dask is not installed: {error}", code="dask", remedy=remedy) from error
    return open_cluster_world(settings, stop)
