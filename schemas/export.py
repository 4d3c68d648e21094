"""Writes the JSON Schemas of the values to `schemas/json`, or tells whether those there are up to date.

python -m schemas.export            write them
python -m schemas.export --check    exit with 1 and name the files that differ
"""

import argparse
import json
import sys
from pathlib import Path
from pkgutil import resolve_name
from typing import Literal

from schemas import Document, Invoice, Outcome, Reading, Record
from schemas.base import Value

FOLDER = Path(__file__).parent / "json"

EXPORTED: dict[str, type[Value]] = {
    "document": Document,
    "invoice": Invoice,
    "outcome": Outcome,
    "reading": Reading,
    "record": Record,
}
FOR_PEOPLE = {"scenario": "schemas.scenario:Scenario", "screen-script": "pipeline.posting.robot.script:Script"}
"""What people write and an editor can check; by name, for nothing in here imports the pipeline."""


def rendered() -> dict[str, str]:
    """The text of every schema file, by file name; the same values give the same bytes."""
    # Serialisation mode: what a program that reads our JSON will meet.
    made = {name: _text(name, model, "serialization") for name, model in EXPORTED.items()}
    made |= {name: _text(name, resolve_name(path), "validation") for name, path in FOR_PEOPLE.items()}
    return {f"{name}.schema.json": text for name, text in made.items()}


def drifted(folder: Path = FOLDER) -> list[str]:
    """Names of the files in `folder` that are missing, stale or no longer exported."""
    wanted = rendered()
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def export(folder: Path = FOLDER) -> None:
    """Make the files in `folder` equal to the models."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = rendered()
    for stale in {path.name for path in folder.glob("*.json")} - wanted.keys():
        (folder / stale).unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


def _text(name: str, model: type[Value], mode: Literal["serialization", "validation"]) -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:backoffice:schema:{name}",
        **model.model_json_schema(mode=mode),
    }
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """The command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m schemas.export", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a file differs")
    if not parser.parse_args(arguments).check:
        export()
        return 0
    stale = drifted()
    if stale:
        sys.stderr.write(f"Out of date: {', '.join(stale)}. Run `make schemas`.\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
