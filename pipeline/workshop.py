"""Where documents are understood (docs/adr/0021).

In child processes of this machine (`pipeline/child_processes.py`), or by a Dask cluster (`flows/cluster.py`).
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from pipeline.errors import BackofficeError
from schemas import Document, Draft

Answer = tuple[Draft, ...] | BackofficeError
"""The invoices of a document, or why nobody knows them; a retryable error means that trying once more may help."""


class Workshop(Protocol):
    """Understands documents somewhere; keeps nothing, decides nothing."""

    @property
    def ahead(self) -> int:
        """How many documents' time one may take from when it is asked for until its answer, its own included."""
        ...

    def understand(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Answer]]:
        """Each document with its answer, as they are ready; `documents` is read only a little ahead.

        Closing the iterator drops what was not begun. Raises EnvironmentFault when the place is not fit for work,
        StoreError when the originals cannot be had, KeyboardInterrupt soon after the work is to end.
        """
        ...

    def warm_up(self) -> None:
        """Get ready for the first document, without waiting for it."""
        ...
