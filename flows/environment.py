"""Prefect's settings, in one place. Prefect reads them when it is imported, so `prepare` comes first.

Whatever the operator has already set in the environment wins.
"""

import os
from pathlib import Path

from pipeline.settings import Settings

_SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    # Prefect's own way to start a server is not used by `backoffice`, but a person may call a flow from Python.
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # The ledger is the truth; what Prefect remembers of old runs may go.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(30 * 24 * 3600),
}

EMBEDDED = {
    # The two marks that Prefect's own embedded server bears: no perpetual services, no second app instance.
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_UI_ENABLED": "false",
    # Task runs are recorded; the event feed and automations have no reader here and cost start-up and disk.
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
}
"""What a server is given besides that lives only as long as one batch."""


def prefect_home(settings: Settings) -> Path:
    """Where Prefect keeps its database and where a kept server leaves its address."""
    return settings.home.resolve() / "prefect"


def prepare(settings: Settings) -> None:
    """Give Prefect its settings through the environment; call it before `prefect` is imported."""
    os.environ.setdefault("PREFECT_HOME", str(prefect_home(settings)))
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
