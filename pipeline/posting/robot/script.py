"""A screen script: how one accounting system is worked with. YAML, checked before a browser is opened."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BeforeValidator, Discriminator, Tag, ValidationError, model_validator
from pydantic import Field as Constraint

from pipeline.errors import BackofficeError
from pipeline.posting.robot.language import Place, Read, Steps, Submit, Text, every
from pipeline.posting.robot.problems import ScriptLoader, problems
from pipeline.posting.robot.words import Notation
from schemas.base import Value
from schemas.posting import Voucher

NET_ERROR = Place(css="body.neterror")
"""What Chromium shows when a server cannot be reached."""


class BadScript(BackofficeError):
    """A screen script is missing or wrong."""

    code = "bad-script"
    remedy = "Mend the script; docs/guide.md tells what each step is."


class Interruption(Value):
    """Something that comes between at any time and is sent away: a notice, a survey, a reminder."""

    see: Place
    click: Place


class Trouble(Value):
    """What the target shows when it does not go on. It is looked for at every wait, so that nobody waits in vain."""

    refused: tuple[Place, ...] = Constraint(default=(), description="Its text says why the record is not taken.")
    down: tuple[Place, ...] = Constraint(default=(), description="The target itself is out of order.")


class Session(Value):
    """How to come in, and to see whether one is in. `start` is opened first."""

    start: Text
    inside: Place
    outside: Place = Constraint(description="Seen only when a log-in is asked for, also in the middle of the work.")
    enter: Steps
    refused: tuple[Place, ...] = Constraint(default=(), description="Name or password is wrong: never tried again.")
    locked: tuple[Place, ...] = Constraint(default=(), description="The account is locked for now.")


class Cell(Place):
    """Where a value of a voucher stands; or `value`, when it stands nowhere and is known."""

    value: Text | None = None
    attribute: str | None = Constraint(default=None, description="Read this attribute instead of the text.")
    pattern: re.Pattern[str] | None = Constraint(
        default=None, description="The first group of it is the value; nothing where it does not fit."
    )
    table: str | None = Constraint(default=None, description="One of `tables`, which has our value by the shown one.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.css, self.role, self.label, self.text, self.value)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("a cell needs one of css, role, label, text and value")
        if self.pattern is not None and not self.pattern.groups:
            raise ValueError("the pattern of a cell needs a group: the value")
        return self


def _known_cells(cells: Mapping[str, object]) -> Mapping[str, object]:
    if unknown := cells.keys() - Voucher.model_fields.keys():
        raise ValueError(f"a voucher has no {', '.join(sorted(unknown))}")
    required = {name for name, field in Voucher.model_fields.items() if field.is_required()}
    if missing := required - cells.keys():
        raise ValueError(f"a voucher needs {', '.join(sorted(missing))}")
    return cells


Cells = Annotated[Mapping[str, Cell], BeforeValidator(_known_cells)]
"""Places by the names of `Voucher`."""


class Query(Value):
    """Vouchers that the target tells as JSON to whoever is logged in: amounts with a point, ISO dates."""

    get: Text
    rows: str = Constraint(description="The key of the list.")
    cells: Annotated[Mapping[str, str], BeforeValidator(_known_cells)] = Constraint(description="Keys of a row.")


class Screens(Value):
    """Vouchers that the target shows in rows of a screen, after some steps."""

    do: Steps
    rows: Place
    cells: Cells


def _kind(data: object) -> str:
    return "get" if isinstance(data, Query) or (isinstance(data, Mapping) and "get" in data) else "do"


Way = Annotated[
    Annotated[Query, Tag("get")] | Annotated[Screens, Tag("do")],
    Discriminator(_kind),
]


class Part(Value):
    """A part of the way that a clerk would name: supplier, header, lines.

    It is timed, and photographed where it is read back, else at its end.
    """

    part: str = Constraint(pattern=r"^[a-z][a-z0-9-]*$")
    do: Steps


class Script(Value):
    """How to find and post vouchers in one accounting system."""

    name: str = Constraint(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    notation: Notation = Notation()
    patience: float = Constraint(default=15.0, gt=0, description="Seconds that anything may take to appear.")
    glance: float = Constraint(default=2.0, gt=0, description="Seconds that a keyed field may take to show its value.")
    shadow: bool = Constraint(
        default=False,
        description="Look within web components (shadow roots), too: each look goes through all elements.",
    )
    tables: Mapping[str, Mapping[str, str]] = Constraint(default={}, description="Codes of the target, by ours.")
    busy: Place | None = Constraint(default=None, description="Seen while the target works; waited for to be gone.")
    interruptions: tuple[Interruption, ...] = ()
    trouble: Trouble = Trouble()
    session: Session
    find: Way = Constraint(description="The vouchers of `reference`.")
    listing: Way = Constraint(description="All vouchers.")
    clean: Steps = Constraint(description="Remove the drafts of `reference` that an attempt left behind.")
    post: tuple[Part, ...]
    proof: Cells = Constraint(description="The voucher, as the screen shows it after the last part.")

    @model_validator(mode="after")
    def _names_what_there_is(self) -> Self:
        said = self.model_dump_json()
        steps = [*self.session.enter, *self.clean, *(step for part in self.post for step in part.do)]
        read = {step.into for step in every(tuple(steps)) if isinstance(step, Read)}
        if unread := set(re.findall(r"\bread\.([a-z_]+)", said)) - read:
            raise ValueError(f"no step reads {', '.join(sorted(unread))}")
        if unknown := set(re.findall(r"\btables\.([a-z_]+)", said)) - self.tables.keys():
            raise ValueError(f"there is no table {', '.join(sorted(unknown))}")
        return self

    @model_validator(mode="after")
    def _submits_once(self) -> Self:
        submits = [step for part in self.post for step in every(part.do) if isinstance(step, Submit)]
        if len(submits) != 1:
            raise ValueError(f"post needs one submit step, not {len(submits)}")
        return self

    @model_validator(mode="after")
    def _has_tables(self) -> Self:
        shown = [way.cells for way in (self.find, self.listing) if isinstance(way, Screens)]
        named = {cell.table for cells in (*shown, self.proof) for cell in cells.values() if cell.table}
        if missing := named - self.tables.keys():
            raise ValueError(f"there is no table {', '.join(sorted(missing))}")
        return self


@cache
def load_script(name: str | Path) -> Script:
    """The script of a built-in name, or of a file with the ending .yaml. Raises BadScript."""
    is_file = str(name).endswith(".yaml")
    source = Path(name) if is_file else Path(str(files("pipeline.posting.scripts"))) / f"{name}.yaml"
    try:
        text = source.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise BadScript(f"{source}: {error}") from error
    try:
        return Script.model_validate(yaml.load(text, Loader=ScriptLoader))  # noqa: S506 (a safe one)
    except (yaml.YAMLError, ValidationError) as error:
        raise BadScript("\n".join([f"{source}:", *problems(text, error)])) from error
