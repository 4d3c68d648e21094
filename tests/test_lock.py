"""The lock has what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

WANTED = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["dev"],
    *PROJECT["build-system"]["requires"],
]


def locked() -> dict[str, list[str]]:
    """Versions by name; several where they depend on the Python version."""
    versions: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.MULTILINE):
        versions.setdefault(canonicalize_name(name), []).append(version)
    return versions


@pytest.mark.parametrize("text", WANTED)
def test_every_requirement_is_locked_to_a_version_that_fits(text: str) -> None:
    """A dependency added or raised without `make lock` is caught here."""
    requirement = Requirement(text)
    versions = locked().get(canonicalize_name(requirement.name), [])
    assert versions, f"{requirement.name} is not in requirements.lock; run `make lock`"
    assert all(requirement.specifier.contains(version) for version in versions)


def test_every_locked_version_has_its_hashes() -> None:
    """What is installed is what was tested, byte for byte."""
    entries = re.split(r"^(?=\S)", LOCK, flags=re.MULTILINE)
    without = [entry for entry in entries if entry.strip() and "--hash=sha256:" not in entry]
    assert without == []
