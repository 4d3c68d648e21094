"""Puts files through the drop folder and the whole product, and tells what became of each."""

import os
import resource
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from math import inf
from pathlib import Path
from typing import NamedTuple

from pipeline.batch import read_works, take_inbox
from pipeline.bootstrap import load_settings, open_world
from pipeline.errors import BrokenFile
from pipeline.intake.archive import hash_file
from pipeline.intake.names import display_name
from pipeline.intake.passed_over import passed_over
from pipeline.store.summary import Event
from pipeline.world import World


class Fate(NamedTuple):
    """What became of a dropped file: how many outcomes it has, the last of them with its reasons, and whether its bytes
    are kept; the processor's seconds that it took, dead readers' included, and those of the clock."""

    name: str
    outcomes: int
    decision: str
    codes: tuple[str, ...]
    kept: bool
    cpu: float = 0.0
    wall: float = 0.0


def put_through(files: Iterable[Path], home: Path, ends: float = inf, **limits: float) -> list[Fate]:
    """Copy files into a new home's drop folder, take in and read what lies there, and tell what became of each.

    After `ends` (of `time.monotonic`) no more files are copied. `limits` replace those of the settings.
    """
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    with _opened(home, **limits) as world:
        fates = []
        for file in files:
            if time.monotonic() > ends:
                break
            shutil.copyfile(file, inbox / file.name)
            fates += _take(world, [file.name])
    return fates


def take_all(home: Path, **limits: float) -> list[Fate]:
    """Take in and read what lies in a home's drop folder, all at once, and tell what became of each entry."""
    names = sorted(str(path.relative_to(home / "inbox")) for path in _below(home / "inbox"))
    with _opened(home, **limits) as world:
        return _take(world, names)


def _below(folder: Path) -> Iterator[Path]:
    """Every entry that is no folder to look into, links not followed."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path))
        else:
            yield Path(entry.path)


def _opened(home: Path, **limits: float) -> AbstractContextManager[World]:
    settings = load_settings(home, workers=1)
    quick = {"settle_seconds": 0.0, "incomplete_after_seconds": 0.0}
    limited = {"limits": settings.limits.model_copy(update=limits)}
    return open_world(settings.model_copy(update=quick | limited))


def _take(world: World, names: Sequence[str]) -> list[Fate]:
    """As the flow `batch` does, one document after the other."""
    inbox = world.settings.inbox
    digests = {name: _digest(inbox / name) for name in names}
    spent: dict[str, tuple[float, float]] = {}
    for work in take_inbox(world):
        cpu, wall = _cpu_of_children(), time.monotonic()
        list(read_works([work], world))
        spent[work.file] = _cpu_of_children() - cpu, time.monotonic() - wall
    fates = fates_of(world, digests)
    return [
        fate._replace(cpu=cpu, wall=wall) for fate in fates for cpu, wall in [spent.get(_shown(fate.name), (0.0, 0.0))]
    ]


def _shown(name: str) -> str:
    """How the ledger names a file."""
    return display_name(Path(name).name)


def _cpu_of_children() -> float:
    """CPU seconds of this process's children, the living and the dead, and of theirs that they have waited for."""
    dead = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = 0
    for thread in Path("/proc/self/task").iterdir():
        for child in (thread / "children").read_text().split():
            with suppress(OSError):  # ended since it was listed
                ticks += sum(map(int, Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return dead.ru_utime + dead.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def fates_of(world: World, digests: Mapping[str, str | None]) -> list[Fate]:
    """What the ledger and the folders of a home say of dropped files, by their paths in the drop folder."""
    arrivals, work = defaultdict(list), defaultdict(list)
    for event in world.ledger.events():
        if event.kind in ("received", "seen_again", "rejected"):
            arrivals[event.data["file_name"]].append(event)
        elif event.document_id:
            work[event.document_id].append(event)
    settings = world.settings
    refused = {_digest(path) for path in settings.rejected.iterdir() if path.suffix != ".json"}
    left = {entry.name: entry.code for entry in passed_over(settings.inbox, settings.claimed)}
    fates = []
    for name, digest in digests.items():
        shown = display_name(name)
        if shown in left:
            is_there = os.path.lexists(settings.inbox / name)
            fates.append(Fate(name, 1, "passed over", (left[shown],), is_there))
            continue
        kept = digest in refused or (digest is not None and world.archive.path(digest).exists())
        fates.append(_fate(name, arrivals[_shown(name)], work, kept=kept))
    return fates


def _fate(name: str, arrivals: Sequence[Event], work: dict[str, list[Event]], *, kept: bool) -> Fate:
    if len(arrivals) != 1:
        return Fate(name, len(arrivals), "", (), kept)
    (arrival,) = arrivals
    if arrival.kind == "rejected":
        return Fate(name, 1, "rejected", (arrival.data["reason"]["code"],), kept)
    if arrival.kind == "seen_again":
        return Fate(name, 1, "rejected", ("already-received",), kept)
    assert arrival.document_id is not None
    mine = work[arrival.document_id]
    begun = [event for event in mine if event.kind == "begun"]
    decided = [event for event in mine if event.kind == "decided"]
    if not decided:
        return Fate(name, 0, "", (), kept)
    parts = {event.data["part"] for event in decided}
    outcomes = 1 if len(parts) == len(decided) and len(begun) == 1 else len(decided)
    codes = dict.fromkeys(code for event in decided for code in event.data["reasons"])
    return Fate(name, outcomes, decided[-1].data["decision"], tuple(codes), kept)


def wrong(fates: Sequence[Fate], most_seconds: float) -> list[str]:
    """What does not hold: one outcome each with a reason, in time, and the original kept."""
    said = []
    for fate in fates:
        if fate.outcomes != 1:
            said.append(f"{fate.name!r} has {fate.outcomes} outcomes")
        elif fate.decision != "straight_through" and not fate.codes:
            said.append(f"{fate.name!r} is {fate.decision} without a reason")
        if fate.cpu > most_seconds:
            said.append(f"{fate.name!r} took {fate.cpu:.0f} seconds")
        if not fate.kept:
            said.append(f"{fate.name!r} is not kept")
    return said


def table(fates: Sequence[Fate], family_of: dict[str, str]) -> str:
    """Outcomes by family as a Markdown table."""
    families: dict[str, list[Fate]] = defaultdict(list)
    for fate in fates:
        families[family_of[fate.name]].append(fate)
    lines = [
        "| family | files | straight through | review | rejected | passed over | slowest | reasons |",
        "|" + "---|" * 8,
    ]
    for family, group in families.items():
        count = Counter(fate.decision for fate in group)
        codes = Counter(fate.codes[0] for fate in group if fate.codes)
        told = ", ".join(f"{code} {number}" for code, number in codes.most_common())
        kinds = [str(count[kind]) for kind in ("straight_through", "review", "rejected", "passed over")]
        slowest = max(fate.cpu for fate in group)
        lines.append(f"| {family} | {len(group)} | {' | '.join(kinds)} | {slowest:.0f} s | {told} |")
    return "\n".join(lines)


def _digest(path: Path) -> str | None:
    """The SHA-256 of a file; None of what is no file or must not be read. Waits on no pipe and follows no link."""
    try:
        return hash_file(path)
    except BrokenFile:
        return None
