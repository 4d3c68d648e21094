"""What is sent to a child process. Only the child imports the readers, for they take a second of CPU time."""

from pathlib import Path
from typing import NamedTuple

from pipeline.settings import Settings
from schemas import Document, Draft


class Job(NamedTuple):
    """One document to understand."""

    document: Document
    path: Path
    settings: Settings


def run(job: Job) -> tuple[Draft, ...]:
    """As `pipeline.understand.understand`."""
    from pipeline.understand import understand  # noqa: PLC0415

    return understand(job.path, job.document.media_type, job.settings, job.document.client_id)


def get_ready(settings: Settings) -> None:
    """As `pipeline.understand.load_models`."""
    from pipeline.understand import load_models  # noqa: PLC0415

    load_models(settings)
