"""The documentation tells the truth: commands, options, settings, exit codes, targets and links exist."""

import json
import re
import shlex
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typer.main
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from pipeline.cli.exits import Exit
from pipeline.cli.main import app
from pipeline.settings import Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
READ_DIRECTLY = {"BACKOFFICE_DEBUG", "BACKOFFICE_LOG"}  # no settings


def commands() -> dict[str, Any]:
    """The commands of the program by name."""
    return typer.main.get_command(app).commands


def code(text: str) -> Iterator[str]:
    """Lines of shell blocks without their comments, and code within sentences."""
    for block in re.findall(r"^```bash\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from (line for line in block.splitlines() if line.strip())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def invocations() -> Iterator[tuple[str, list[str]]]:
    """Every documented call of `backoffice`: where it stands, and its words."""
    for path in DOCUMENTS:
        for line in code(path.read_text(encoding="utf-8")):
            if line.startswith("backoffice "):
                yield path.name, shlex.split(line, comments=True)[1:]


def settings(model: type[BaseModel] = Settings, prefix: str = "BACKOFFICE_") -> dict[str, object]:
    """Every setting by the name it has in the environment, with its default."""
    found: dict[str, object] = {}
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= settings(inner, f"{prefix}{name.upper()}__")
        else:
            found[f"{prefix}{name.upper()}"] = field.default
    return found


def test_every_documented_call_exists_with_its_options() -> None:
    """Nobody copies a line that does not work."""
    known = commands()
    calls = list(invocations())
    assert len(calls) > 10
    for where, (name, *words) in calls:
        assert name in known, f"{where}: backoffice {name}"
        command = known[name]
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        options = {option for parameter in command.params for option in parameter.opts}
        unknown = {word for word in words if word.startswith("--")} - options
        assert not unknown, f"{where}: backoffice {name} has no {unknown}"


def test_the_guide_knows_every_command() -> None:
    """A new command is not forgotten in the guide."""
    assert set(commands()) <= {words[0] for _, words in invocations()}


def test_every_documented_setting_exists_and_every_setting_is_documented() -> None:
    """The guide's table is whole."""
    named = {name for path in DOCUMENTS for name in re.findall(r"BACKOFFICE_[A-Z_]+[A-Z]", path.read_text("utf-8"))}
    assert named - READ_DIRECTLY == set(settings())


@pytest.mark.parametrize(("name", "default"), settings().items())
def test_the_documented_default_is_the_real_one(name: str, default: object) -> None:
    """Defaults that are plain values stand in the guide as they are set; the others are told in words."""
    [shown] = re.findall(rf"^\| `{name}` \|.*\| (.*) \|$", GUIDE, re.MULTILINE)
    if default in (None, "", PydanticUndefined):
        assert not shown.startswith("`")
    elif isinstance(default, (Path, Decimal, str)):
        assert shown == f"`{default}`"
    else:
        assert json.loads(shown.strip("`")) == json.loads(json.dumps(default))


def test_the_documented_exit_codes_are_those_of_the_program() -> None:
    """Scripts rely on them."""
    table = GUIDE.split("## Exit codes")[1].split("##")[0]
    assert [int(number) for number in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)] == list(Exit)


def test_every_documented_make_target_exists() -> None:
    """The two commands of the README, and all others."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {
        words[1]
        for path in DOCUMENTS
        for line in code(path.read_text(encoding="utf-8"))
        if len(words := line.split()) > 1 and words[0] == "make"
    }
    assert {"demo", "test"} <= named <= targets


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_into_the_project_leads_somewhere(path: Path) -> None:
    """Files that are named in links are there."""
    for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_the_decisions_are_numbered_and_listed() -> None:
    """Each decision has its line in the list, none is left out."""
    files = sorted(path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (ROOT / "docs" / "adr" / "README.md").read_text("utf-8"))
    assert files == listed
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
