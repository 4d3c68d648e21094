"""Documents are understood in child processes of this machine."""

from collections.abc import Iterable, Iterator

from pipeline.intake.archive import Archive
from pipeline.job import Job, get_ready, run
from pipeline.sandbox import Sandbox
from pipeline.settings import Settings
from pipeline.workshop import Answer
from schemas import Document


class ChildProcesses:
    """Implements `pipeline.workshop.Workshop` in a sandbox."""

    ahead = 2

    def __init__(self, sandbox: Sandbox, archive: Archive, settings: Settings) -> None:
        self._sandbox, self._archive, self._settings = sandbox, archive, settings

    def understand(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Answer]]:
        """As `Workshop.understand`."""
        seconds = self._settings.limits.document_seconds
        jobs = (Job(document, self._archive.path(document.sha256), self._settings) for document in documents)
        for job, answer in self._sandbox.map_unordered(run, jobs, lambda _: seconds):
            yield job.document, answer

    def warm_up(self) -> None:
        """Start one child process, and load the readers and their models there."""
        self._sandbox.submit(get_ready, self._settings, timeout=self._settings.limits.document_seconds)
