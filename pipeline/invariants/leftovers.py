"""No file is left over: nothing half written, no claim that nobody goes on with, no refused file without its reason."""

import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from pipeline.durable import is_part, remove, write_durably
from pipeline.intake.inbox import Inbox
from pipeline.invariants.place import Place
from pipeline.invariants.rules import Violation
from pipeline.store.tables import EventRow

_REASON = ".reason.json"


def find(place: Place) -> Iterator[Violation]:
    """Temporary files, claims and refused files that should not be as they are."""
    yield from _temporary(place)
    yield from _claims(place)
    yield from _rejected(place)


def throw_away(place: Place, found: Violation, by: str) -> str | None:
    """Remove a file that holds nothing."""
    did = "removed"
    with place.mending(found, did, by):
        remove(Path(found.subject))
    return did


def go_on(place: Place, found: Violation, by: str) -> str | None:
    """Take in what was claimed."""
    Inbox(place.settings, place.ledger, place.clock).go_on()
    if Path(found.subject).exists():
        return None
    did = "taken in"
    with place.mending(found, did, by):
        return did


def tell_reason(place: Place, found: Violation, by: str) -> str | None:
    """Write the reason that the audit trail has beside a refused file."""
    path = Path(found.subject)
    with place.database.reading() as session:
        arrival = f"inbox:{_claim_of(path)}"
        event = session.scalar(select(EventRow).where(EventRow.arrival == arrival, EventRow.kind == "rejected"))
        if event is None:
            return None
        said = {key: event.data["reason"][key] for key in ("code", "message", "remedy")}
        reason = {key: event.data[key] for key in ("file_name", "sha256")} | {"time": event.at.isoformat()} | said
    did = "reason written"
    with place.mending(found, did, by):
        write_durably(_reason_of(path), json.dumps(reason, indent=2, ensure_ascii=False).encode())
    return did


def _temporary(place: Place) -> Iterator[Violation]:
    """In the folders of our own alone: what others write into the drop folder is theirs."""
    settings = place.settings
    folders = (settings.archive, settings.claimed, settings.rejected, settings.pages, settings.labelled)
    for folder in (*folders, settings.home / "known", settings.home / "posted"):
        for path in sorted(folder.rglob("*")):
            if is_part(path.name) and path.is_file() and place.is_old(path):
                yield Violation(code="leaked-temporary", subject=str(path), message=f"{path} was never finished.")


def _claims(place: Place) -> Iterator[Violation]:
    for path in sorted(place.settings.claimed.glob("*.*")):
        if path.suffix == ".file" and place.is_old(path):
            yield Violation(code="claim-left", subject=str(path), message=f"{path} is claimed and not taken in.")
        elif path.suffix == ".json" and not path.with_suffix(".file").exists() and place.is_old(path):
            yield Violation(code="label-without-file", subject=str(path), message=f"{path} has no file.")


def _rejected(place: Place) -> Iterator[Violation]:
    for path in sorted(place.settings.rejected.glob("*")):
        is_file = path.is_file() and not path.name.endswith(_REASON) and not is_part(path.name)
        if is_file and not _reason_of(path).exists() and place.is_old(path):
            yield Violation(code="rejected-without-reason", subject=str(path), message=f"{path} has no reason.")


def _reason_of(path: Path) -> Path:
    return path.with_name(path.name + _REASON)


def _claim_of(path: Path) -> str:
    """The claim that a refused file was: ID-NAME, and an ID has one dash."""
    return "-".join(path.name.split("-", 2)[:2])
