"""The same documents in child processes and on a Dask cluster of this machine: the same records, and how long it takes.

    python -m samples.generate SCANS --count 200 --kinds scan --seed 7001
    python -m tests.bench.cluster SCANS --place pool --out pool.json
    python -m tests.bench.cluster SCANS --place cluster --out cluster.json
    python -m tests.bench.cluster SCANS --place cluster --kill --out killed.json
    python -m tests.bench.cluster --compare pool.json cluster.json killed.json

Two workers each, of one thread. Taking in is not timed, reading is; so Prefect's start and the cluster's are left out.
With --kill one worker gets SIGKILL when a third of the documents is decided. --compare fails when a record differs.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from distributed import Client

from flows.world import open_flow_world
from pipeline.batch import list_sources, read_works, take_sources
from pipeline.bootstrap import load_settings
from pipeline.settings import LOCAL_CLUSTER, DaskSettings
from pipeline.world import World

WORKERS = 2


def main() -> None:
    """Measure, or compare."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cluster", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--place", choices=("pool", "cluster"), default="pool")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--compare", type=Path, nargs="+")
    given = parser.parse_args()
    if given.compare:
        compare(given.compare)
        return
    dask = DaskSettings(scheduler=LOCAL_CLUSTER if given.place == "cluster" else "")
    with tempfile.TemporaryDirectory(prefix="backoffice-cluster-") as scratch:
        settings = load_settings(home=Path(scratch), workers=WORKERS).model_copy(update={"dask": dask})
        with open_flow_world(settings) as world:
            given.out.write_text(json.dumps(measure(world, given.folder, given.kill)))


def measure(world: World, folder: Path, kill: bool) -> dict[str, Any]:
    """Read the folder; the outcomes by file. Fails when a document is not decided exactly once."""
    works = list(take_sources([one for one in list_sources([folder]) if one.path.suffix != ".jsonl"], world))
    began, said = time.monotonic(), {}
    for result in read_works(works, world):
        said[result.file] = [one.model_dump(mode="json", exclude={"seconds"}) for one in result.outcomes]
        if kill and len(said) == len(works) // 3:
            kill_one(world)
    seconds, load = time.monotonic() - began, os.getloadavg()
    decided, begun = (len(world.ledger.events(kind=kind)) for kind in ("decided", "begun"))
    print(  # noqa: T201
        f"{len(said)} files in {seconds:.0f} s, {seconds / len(said):.2f} s a file; begun {begun}, decided {decided}; "
        f"load average {load[0]:.1f} {load[1]:.1f}; places {type(world.workshop).__name__}"
    )
    assert len(said) == len(works)
    assert not world.ledger.pending()
    return said


def kill_one(world: World) -> None:
    """SIGKILL to a worker of the cluster."""
    client: Client = world.workshop._client  # type: ignore[attr-defined]
    victim = next(iter(client.run(os.getpid).values()))
    print(f"killing worker {victim}", flush=True)  # noqa: T201
    os.kill(victim, signal.SIGKILL)


def compare(paths: list[Path]) -> None:
    """Hold every file's records against those of the first run."""
    first, *others = (json.loads(path.read_text()) for path in paths)
    for path, other in zip(paths[1:], others, strict=True):
        differing = sorted(name for name in first.keys() | other.keys() if first.get(name) != other.get(name))
        print(f"{path.name}: {len(other)} files, {len(differing)} differ from {paths[0].name} {differing[:5]}")  # noqa: T201
        if differing:
            sys.exit(1)


if __name__ == "__main__":
    main()
