"""Scenarios: those that come with the program, and files of one's own; measured durations put into them."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import ValidationError

from pipeline.errors import InputError
from schemas.scenario import Measured, Sampled, Scenario, Stage

_SHIPPED = files(__package__).joinpath("scenarios")


def shipped() -> list[str]:
    """The names of the scenarios that come with the program."""
    return sorted(one.name.removesuffix(".yaml") for one in _SHIPPED.iterdir() if one.name.endswith(".yaml"))


def load_scenario(name: str) -> Scenario:
    """The scenario of a name that comes with the program, or of a file. Raises InputError (code "bad-scenario")."""
    text = _SHIPPED.joinpath(f"{name}.yaml").read_text("utf-8") if name in shipped() else _read(Path(name))
    try:
        return Scenario.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        remedy = "Mend the scenario; schemas/json/scenario.schema.json says what may stand in it."
        raise InputError(f"{name}: {_first(error)}", code="bad-scenario", remedy=remedy) from error


def with_measured(scenario: Scenario, seconds: Mapping[str, Sequence[float]]) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario with the durations that were measured, and what was taken for each stage, in words.

    `seconds` has the keys "operator", "machine" and "robot". Measured times are drawn from as they are.
    """
    pairs = [_measured(stage, seconds) for stage in scenario.stages]
    notes = tuple(note for _, note in pairs if note)
    return scenario.model_copy(update={"stages": tuple(stage for stage, _ in pairs)}), notes


def _measured(stage: Stage, seconds: Mapping[str, Sequence[float]]) -> tuple[Stage, str]:
    spread = stage.seconds
    if not isinstance(spread, Measured):
        return stage, ""
    found = tuple(one for one in seconds.get(spread.of, ()) if one > 0)
    if len(found) < spread.at_least:
        assumed = stage.model_copy(update={"seconds": spread.otherwise})
        return (
            assumed,
            f"{stage.name}: assumed ({spread.otherwise.kind}); {len(found)} measured, {spread.at_least} needed",
        )
    return stage.model_copy(
        update={"seconds": Sampled(seconds=found)}
    ), f"{stage.name}: drawn from {len(found)} measured"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        remedy = f"Give a file, or one of: {', '.join(shipped())}."
        raise InputError(f"No scenario {path}", code="bad-scenario", remedy=remedy) from error


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        one = error.errors()[0]
        return f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
    return str(error).splitlines()[0]
