"""Every document has its original, byte for byte, and the archive holds nothing else."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from pipeline.errors import BackofficeError
from pipeline.intake.archive import hash_file
from pipeline.intake.sniff import identify_file
from pipeline.intake.take import Label, admit
from pipeline.invariants.place import Place
from pipeline.invariants.rules import Violation
from pipeline.retention.due import is_erased
from pipeline.store.tables import DocumentRow
from schemas import MediaType

_BATCH = 1000
_SUFFIXES = {MediaType.PDF: ".pdf", MediaType.XML: ".xml", MediaType.TIFF: ".tif", MediaType.JPEG: ".jpg"}


def find(place: Place) -> Iterator[Violation]:
    """Documents without their bytes, and bytes without a document."""
    yield from _documents(place)
    yield from _orphans(place)


def take_in(place: Place, found: Violation, by: str) -> str | None:
    """Register an original that no document has, for the default client."""
    path = place.archive.path(found.subject)
    label = Label(_name(path, found.subject), place.clock.now(), place.settings.client)
    try:
        received = admit(path, label, f"reconcile:{found.subject}", place.settings, place.ledger)
    except BackofficeError:
        return None
    did = f"taken in as {label.file_name} for {label.client_id}"
    mended = found.model_copy(update={"client_id": label.client_id, "document_id": received.document.document_id})
    with place.mending(mended, did, by):
        return did


def _documents(place: Place) -> Iterator[Violation]:
    last = ""
    while True:
        query = select(DocumentRow.id, DocumentRow.client_id, DocumentRow.sha256, DocumentRow.size)
        query = query.where(DocumentRow.id > last).order_by(DocumentRow.id).limit(_BATCH)
        query = query.where(~is_erased())
        with place.database.reading() as session:
            batch = session.execute(query).all()
        if not batch:
            return
        last = batch[-1].id
        for one in batch:
            if code := _wrong(place, place.archive.path(one.sha256), one.sha256, one.size):
                said = f"Document {one.id}: {one.sha256}"
                yield Violation(code=code, subject=one.id, message=said, client_id=one.client_id, document_id=one.id)


def _wrong(place: Place, path: Path, sha256: str, size: int) -> str | None:
    try:
        if path.stat().st_size != size:
            return "original-damaged"
        return None if place.quick or hash_file(path) == sha256 else "original-damaged"
    except (OSError, BackofficeError):
        return "original-missing" if not path.exists() else "original-damaged"


def _orphans(place: Place) -> Iterator[Violation]:
    """Looked up a second time, for a document may come in while the folder is read."""
    names = [path.name for path in place.settings.archive.glob("[0-9a-f][0-9a-f]/*") if place.is_old(path)]
    claimed = {hash_file(path) for path in place.settings.claimed.glob("*.file")}
    for start in range(0, len(names), _BATCH):
        batch = names[start : start + _BATCH]
        with place.database.reading() as session:
            known = set(session.scalars(select(DocumentRow.sha256).where(DocumentRow.sha256.in_(batch))))
        for name in sorted(set(batch) - known - claimed):  # a claim goes on by itself
            yield Violation(code="archive-orphan", subject=name, message=f"{name} is in the archive alone.")


def _name(path: Path, sha256: str) -> str:
    try:
        suffix = _SUFFIXES.get(identify_file(path), "")
    except BackofficeError:
        suffix = ""
    return f"found-{sha256[:12]}{suffix}"
