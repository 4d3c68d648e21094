"""What is in `deploy/` starts programs that exist, with options that exist."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
import yaml

from pipeline.cli.main import app
from pipeline.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted([*(DEPLOY / "systemd").glob("*.service"), *(DEPLOY / "systemd").glob("*.timer")])
COMPOSE = DEPLOY / "container" / "compose.yaml"
BIN = "/opt/backoffice/.venv/bin/"


def starts() -> list[list[str]]:
    """Every command line of the units and of the compose file that starts `backoffice`."""
    lines = [line for unit in UNITS for line in re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)]
    from_units = [shlex.split(line.removeprefix(BIN)) for line in lines if line.startswith(BIN + "backoffice ")]
    services = yaml.safe_load(COMPOSE.read_text())["services"].values()
    return from_units + [["backoffice", *one["command"]] for one in services if "command" in one]


def test_every_command_exists_with_its_options() -> None:
    """A renamed command does not leave a unit that never starts."""
    known = typer.main.get_command(app).commands
    assert len(starts()) >= 8
    for _, name, *words in starts():
        command = known[name]
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, name


def test_every_setting_of_the_examples_exists() -> None:
    """In the environment of the units and in the compose file."""
    text = (DEPLOY / "systemd" / "environment.example").read_text() + COMPOSE.read_text()
    fields = {f"BACKOFFICE_{name.upper()}" for name in Settings.model_fields} | {"BACKOFFICE_LOG"}
    for name in re.findall(r"BACKOFFICE_[A-Z_]+", text):
        assert name.partition("__")[0] in fields, name


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """As it says itself, with the programs of this environment in place of those of an installation."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.fail("systemd-analyze is missing: apt-get install systemd")
    for unit in UNITS:
        text = unit.read_text().replace(BIN, f"{Path(sys.executable).parent}/")
        text = text.replace("/opt/backoffice/deploy", str(DEPLOY)).replace(
            "EnvironmentFile=/etc", "EnvironmentFile=-/etc"
        )
        (tmp_path / unit.name).write_text(text.replace("User=backoffice\nGroup=backoffice\n", ""))
    done = subprocess.run(
        [program, "verify", "--man=no", *sorted(tmp_path.iterdir())], capture_output=True, text=True, check=False
    )
    told = [line for line in done.stderr.splitlines() if "backoffice" in line]
    assert (done.returncode, told) == (0, [])


def test_the_compose_file_keeps_to_its_schema() -> None:
    """The specification's own."""
    program = Path(sys.executable).parent / "check-jsonschema"
    command = [program, "--builtin-schema", "vendor.compose-spec", COMPOSE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_image_has_what_reading_needs() -> None:
    """Every language that is read by default, and the lock."""
    text = (DEPLOY / "container" / "Containerfile").read_text()
    languages = Settings().reading.languages
    assert all(f"tesseract-ocr-{language}" in text for language in languages)
    assert "--require-hashes -r requirements.lock" in text
