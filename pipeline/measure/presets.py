"""The published figures that a comparison rests on, each with its source and how far to trust it."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import Field as Constraint
from pydantic import ValidationError, model_validator

from pipeline.errors import InputError
from schemas.base import Value

Trust = Literal["A", "B", "C", "D", "own"]
"""A: primary or peer-reviewed; B: vendor's measurement or trade survey; C: second-hand; D: marketing; own: assumed."""


class Preset(Value):
    """A figure that somebody else published, or an assumption that says so. Without a range all three are equal."""

    value: float = Constraint(ge=0)
    low: float = Constraint(ge=0)
    high: float = Constraint(ge=0)
    unit: str = Constraint(min_length=1)
    source: str = Constraint(min_length=1)
    url: str = ""
    trust: Trust

    @model_validator(mode="before")
    @classmethod
    def _without_a_range(cls, data: Any) -> Any:
        if isinstance(data, dict) and "value" in data:
            return {"low": data["value"], "high": data["value"]} | data
        return data

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.value <= self.high:
            raise ValueError("low, value and high must be in order")
        return self


class Presets(Value):
    """All figures by name; `presets.yaml` says what each one is."""

    field_seconds: Preset
    keystroke_seconds: Preset
    touch_an_hour: Preset
    invoices_a_clerk_year: Preset
    single_error: Preset
    double_error: Preset
    hour_offshore: Preset
    hour_western: Preset
    team_month_offshore: Preset
    team_month_france: Preset
    paper_invoice: Preset
    average_invoice: Preset
    claimed_by_hand: Preset
    claimed_by_robot: Preset
    machine_hour: Preset
    server_month: Preset
    upkeep_hours_month: Preset
    setup_hours: Preset
    robot_seconds: Preset
    hours_a_day: Preset
    productive_share: Preset
    working_days_month: Preset

    def named(self) -> dict[str, Preset]:
        """Name and figure, in the order of the file."""
        return {name: getattr(self, name) for name in type(self).model_fields}


def load_presets(path: Path | None = None) -> Presets:
    """The shipped figures, or those with what the file at `path` says instead.

    A figure in the file is whole, with its own unit, source and trust: a number without its source is refused.
    Raises InputError (code "bad-presets").
    """
    shipped = _shipped()
    if path is None:
        return shipped
    try:
        own = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return Presets.model_validate({name: preset.model_dump() for name, preset in shipped.named().items()} | own)
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, ValidationError) as error:
        remedy = "Give each figure its value, unit, source and trust (A, B, C, D or own), as presets.yaml does."
        raise InputError(f"{path.name}: {_first(error)}", code="bad-presets", remedy=remedy) from error


@cache
def _shipped() -> Presets:
    return Presets.model_validate(yaml.safe_load(files(__package__).joinpath("presets.yaml").read_text("utf-8")))


def _first(error: Exception) -> str:
    """The first thing that is wrong, in a line."""
    if isinstance(error, ValidationError):
        one = error.errors()[0]
        return f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
    return str(error).splitlines()[0]
