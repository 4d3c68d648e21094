"""The drop folder: files at rest are claimed, archived and registered, and only then gone.

    inbox/[CLIENT/]NAME  -- rename -->  claimed/ID.file (its name in ID.json)  -->  archive, ledger  -->  removed
                                                                      \\-> rejected/ID-NAME and its reason

A file is of the client whose id the first folder on its way bears, in whatever case; else of the default client.

A crash anywhere leaves the file in one of these folders; what is found in `claimed` goes on from there. The
ledger knows the claim's ID, so going on counts as the same arrival.
"""

import fcntl
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from pipeline.durable import make_folder, move, remove, sync_folder, write_durably
from pipeline.errors import InputError, StoreError, TooLarge
from pipeline.house.clients import Client, Clients
from pipeline.intake.archive import StillChanging
from pipeline.intake.arrival import Arrival, Refused
from pipeline.intake.files import list_files, nobody_writes
from pipeline.intake.names import display_name, safe_name
from pipeline.intake.take import Label, admit, examine, refuse
from pipeline.ports import Clock
from pipeline.settings import Settings
from pipeline.store.ledger import Ledger
from schemas import MediaType

log = logging.getLogger(__name__)

LOCK = ".lock"
"""The file in `claimed` that whoever takes files in holds a lock on."""


def collect(settings: Settings, ledger: Ledger, clock: Clock) -> tuple[Arrival, ...]:
    """Take in what lies at rest in the drop folder now, and what a crash left half taken in.

    Files that are still being written stay for a later call. Raises StoreError when the archive or the ledger
    does not take a file; it then waits in `claimed` for the next call, and what was registered before it is
    found by `Ledger.pending`.
    """
    return Inbox(settings, ledger, clock).collect()


class Inbox:
    """The drop folder with a memory of when each file was last seen to change.

    The memory helps where the clock of a network share goes wrong; without it, the time of a file's last
    change has to do.
    """

    def __init__(self, settings: Settings, ledger: Ledger, clock: Clock) -> None:
        self._settings = settings
        self._ledger = ledger
        self._clock = clock
        self._least = min(settings.settle_seconds, settings.closed_seconds)
        self._seen: dict[Path, tuple[_Signature, datetime]] = {}
        self._left: set[Path] = set()

    def collect(self) -> tuple[Arrival, ...]:
        """As the function `collect`; one process at a time, others wait for it."""
        with self._alone():
            clients = {one.id.casefold(): one for one in Clients(self._ledger.database, self._clock).all()}
            for path in self._at_rest():
                self._claim(path, clients)
            return self._taken()

    def go_on(self) -> tuple[Arrival, ...]:
        """Take in what a crash left half taken in, and nothing else. Raises StoreError."""
        with self._alone():
            return self._taken()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            for folder in (self._settings.inbox, self._settings.claimed, self._settings.rejected):
                make_folder(folder)
            with _lock(self._settings.claimed / LOCK):
                yield
        except OSError as error:
            raise StoreError(f"The drop folder and its neighbours do not work: {error}", code="inbox") from error

    def _taken(self) -> tuple[Arrival, ...]:
        arrivals = tuple(self._take(claim) for claim in self._claims())
        return tuple(arrival for arrival in arrivals if arrival is not None)

    def _at_rest(self) -> Iterator[Path]:
        """Files to claim: complete and quiet, or quiet for so long that they never will be complete."""
        now, seen = self._clock.now(), {}
        for path, status in list_files(self._settings.inbox):
            signature = _Signature(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
            before, since = self._seen.get(path, (signature, now))
            seen[path] = (signature, min(since, now) if before == signature else now)  # the clock may be set back
            quiet = max((now - seen[path][1]).total_seconds(), now.timestamp() - status.st_ctime)
            if quiet >= self._least and quiet >= self._patience(path):
                yield path
        self._seen = seen

    def _patience(self, path: Path) -> float:
        """How many seconds a file must have been quiet, by what is in it and by who may still write to it."""
        settings = self._settings
        try:
            media_type = examine(path, settings.limits)
        except TooLarge:
            return settings.settle_seconds
        except InputError:
            return max(settings.settle_seconds, settings.incomplete_after_seconds)
        # programs that scan add page after page to a TIFF that they close in between, and it is whole each time
        is_closed = media_type is not MediaType.TIFF and nobody_writes(path)
        return self._least if is_closed else settings.settle_seconds

    def _claim(self, path: Path, clients: Mapping[str, Client]) -> None:
        now = self._clock.now().astimezone(UTC)
        label = self._label(path, now, clients)
        if label is None:
            return
        claim = _Claim(self._settings.claimed, f"{now:%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}")
        values = label._asdict() | {"received_at": now.isoformat()}
        write_durably(claim.label, json.dumps(values).encode())
        try:
            move(path, claim.file)
        except OSError as error:  # gone, or a folder that we may not write to
            if claim.file.exists():  # it was taken out all the same, and is nothing without its label
                raise
            remove(claim.label)
            log.warning("%s cannot be taken out of the drop folder: %s", label.file_name, error.strerror)

    def _label(self, path: Path, now: datetime, clients: Mapping[str, Client]) -> Label | None:
        """Whose file it is; None for a closed client's, which stays where it is."""
        name, default = display_name(path.name), self._settings.client
        folders = path.relative_to(self._settings.inbox).parts[:-1]
        if not folders:
            return Label(name, now, default)
        folder = display_name("/".join(folders))
        client = clients.get(folders[0].casefold())
        if client is None:
            log.warning("No client is called %s; %s in it goes to %s", display_name(folders[0]), name, default)
            return Label(name, now, default, folder)
        if not client.active:
            if path not in self._left:
                log.warning("%s stays in the drop folder: the client %s is closed", name, client.id)
            self._left.add(path)
            return None
        return Label(name, now, client.id)

    def _claims(self) -> Iterator["_Claim"]:
        """What is claimed, oldest first; a label whose file was never moved is dropped."""
        for label in sorted(self._settings.claimed.glob("*.json")):
            claim = _Claim(self._settings.claimed, label.stem)
            if not claim.file.exists():
                remove(label)
        for file in sorted(self._settings.claimed.glob("*.file")):
            yield _Claim(self._settings.claimed, file.stem)

    def _take(self, claim: "_Claim") -> Arrival | None:
        label = claim.read_label(self._clock, self._settings.client)
        source = f"inbox:{claim.id}"
        try:
            arrival: Arrival = admit(claim.file, label, source, self._settings, self._ledger)
        except StillChanging:
            log.info("%s is still being written", label.file_name)
            return None
        except InputError as error:
            arrival = refuse(claim.file, label, error, source, self._ledger)
            self._set_aside(claim, arrival)
        claim.remove()
        return arrival

    def _set_aside(self, claim: "_Claim", refused: Refused) -> None:
        """Move a refused file to `rejected`, its reason first, so that no file is there without one."""
        target = self._settings.rejected / f"{claim.id}-{safe_name(refused.file_name)}"
        reason = {
            "file_name": refused.file_name,
            "sha256": refused.sha256,
            "time": self._clock.now().isoformat(),
            **refused.reason.model_dump(mode="json", include={"code", "message", "remedy"}),
        }
        content = json.dumps(reason, indent=2, ensure_ascii=False).encode()
        write_durably(target.with_name(target.name + ".reason.json"), content)
        move(claim.file, target)


class _Signature(NamedTuple):
    size: int
    modified: int
    changed: int


class _Claim(NamedTuple):
    """A file taken out of the drop folder: its content in ID.file, its name, time and client in ID.json."""

    folder: Path
    id: str

    @property
    def file(self) -> Path:
        return self.folder / f"{self.id}.file"

    @property
    def label(self) -> Path:
        return self.folder / f"{self.id}.json"

    def read_label(self, clock: Clock, default: str) -> Label:
        """Name, time of arrival and client; the ID, now and the default client when a power cut took the label."""
        try:
            label = json.loads(self.label.read_bytes())
            received_at = datetime.fromisoformat(label["received_at"])
            client_id = label.get("client_id", default)  # a version without clients wrote none
            return Label(str(label["file_name"]), received_at, client_id, label.get("folder"))
        except (OSError, ValueError, KeyError):
            return Label(self.id, clock.now(), default)

    def remove(self) -> None:
        remove(self.file)
        remove(self.label)
        sync_folder(self.folder)


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Held by one process at a time, and let go by the kernel when that process dies."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
