"""The steps of a screen script: what the hands and eyes of a clerk do, one kind of step a class.

A step is told by its first key (`click: "#save"`). Texts may hold placeholders of `words.Words`.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, GetJsonSchemaHandler, Tag, model_validator
from pydantic import Field as Constraint
from pydantic_core import CoreSchema

from pipeline.posting.robot.words import check_template
from schemas.base import Value

Text = Annotated[str, AfterValidator(check_template)]
"""Text with placeholders, such as "{{ invoice.number }}"."""


class Place(Value):
    """Where something stands on the screen. Plain text is a selector: CSS, or another one that Playwright knows.

    Exactly one visible element must stand there; two are as wrong as none.
    """

    css: Text | None = None
    role: Text | None = Constraint(default=None, description="ARIA role; `name` is then its accessible name.")
    name: Text | None = None
    label: Text | None = Constraint(default=None, description="The text of the field's label.")
    text: Text | None = None
    has_text: Text | None = Constraint(default=None, description="Only elements with this text inside.")
    exact: bool = Constraint(default=False, description="`name`, `label` and `text` are whole, capitals count.")
    nth: Text | int | None = Constraint(default=None, description="From 0; -1 is the last.")
    frame: Text | None = Constraint(default=None, description="Selector of the frame it stands in.")
    page: bool = Constraint(default=False, description="Look on the whole page, also within a row.")
    hidden: bool = Constraint(default=False, description="It may be invisible, as fields for files often are.")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: Any) -> Any:
        return {"css": data} if isinstance(data, str) else data

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """For editors: a place may be plain text, too."""
        return {"anyOf": [{"type": "string", "description": "A selector."}, handler(core_schema)]}

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(way is not None for way in (self.css, self.role, self.label, self.text)) != 1:
            raise ValueError("a place needs one of css, role, label and text")
        return self

    @property
    def is_selector(self) -> bool:
        """Whether it is a selector and nothing else."""
        return set(self.model_dump(exclude_defaults=True)) == {"css"}

    def __str__(self) -> str:
        if self.is_selector:
            return str(self.css)
        return ", ".join(f"{key} {value}" for key, value in self.model_dump(exclude_defaults=True).items())


class _Step(Value):
    """What all steps have."""

    note: str = Constraint(default="", description="What it is for.")
    when: Text | None = Constraint(default=None, description='Left out when this gives no text, or "False".')


class GoTo(_Step):
    """Open an address."""

    goto: Text


class Click(_Step):
    """Click, and wait for what then appears."""

    click: Place
    double: bool = False
    until: Place | None = Constraint(default=None, description="What is there when the click has done its work.")
    accept: bool = Constraint(default=False, description="Say yes to the browser's own question (window.confirm).")


class _Keyed(_Step):
    """Gives a field a value, which is read back at once and once more by `read_back`, and keyed again once."""

    with_: Text = Constraint(alias="with")
    shows: Text | None = Constraint(default=None, description="What the field shows then, where it is not the same.")
    begins: Text | None = Constraint(
        default=None, description="How what it shows begins, where the target adds to it; empty: it is not empty."
    )
    leave: bool = Constraint(default=False, description="Leave the field with the tab key, so that it is taken.")

    @property
    def is_secret(self) -> bool:
        """Whether nobody may see the value: not read back, masked in pictures."""
        return "secret." in self.with_


class Fill(_Keyed):
    """Key a text into a field."""

    fill: Place
    into: Place | None = Constraint(
        default=None, description="Where the keys go once the field was clicked, where it shows another one for that."
    )
    keys: bool = Constraint(default=False, description="Key by key, for fields that listen to the keyboard.")


class Select(_Keyed):
    """Choose an entry of a list of the browser, by its label or value."""

    select: Place


class Pick(_Keyed):
    """Key into a field that proposes, and click the proposal; where there is none, do something else (create it)."""

    pick: Place
    option: Place
    at_once: bool = Constraint(default=False, description="Not key by key, so that no part of it is looked for.")
    none: Place | None = Constraint(default=None, description="What is seen when nothing is proposed.")
    otherwise: "Steps" = ()


class Tick(_Step):
    """Switch a box on or off."""

    tick: Place
    on: bool = True


class Upload(_Step):
    """Give a file to a field, or to the window that a click on the place opens."""

    upload: Place
    with_: Text = Constraint(alias="with", default="{{ original }}")
    chooser: bool = Constraint(default=False, description="The place is a button that asks for a file.")


class Press(_Step):
    """Press a key or a chord, such as Enter or Control+s."""

    press: Text
    at: Place | None = None


class Expect(_Step):
    """Wait for something to be there, to be gone, or to show a value. What does not come stops the robot."""

    expect: Place
    shows: Text | None = None
    gone: bool = False


class Read(_Step):
    """Keep what the screen shows, as `read.<into>`."""

    read: Place
    into: str = Constraint(pattern=r"^[a-z_]+$")


class ForEach(_Step):
    """The same for each coded line (`line`), VAT of a rate (`tax`) or invoice line (`item`); `index` counts from 0."""

    for_each: Literal["line", "tax", "item"]
    row: Place | None = Constraint(default=None, description="Places within `do` are looked for in here.")
    before: "Steps" = Constraint(default=(), description="On the whole page, before the row is looked for.")
    do: "Steps"


class While(_Step):
    """The same as long as something is there, `most` times; for what earlier attempts left behind."""

    while_: Place = Constraint(alias="while")
    do: "Steps"
    most: int = Constraint(default=20, ge=1)


class Branch(Value):
    """What to do when this is what appears."""

    see: Place
    do: "Steps" = ()


class Either(_Step):
    """Wait for one of several things; what is seen first says how to go on."""

    either: tuple[Branch, ...] = Constraint(min_length=2)


class ReadBack(_Step):
    """Read all fields that were keyed since the last `read_back` once more; key again once what was lost."""

    read_back: Literal["screen"]


class Submit(_Step):
    """The click that posts. Before it everything can be taken back; after it only `find` knows."""

    submit: Place


_KINDS: dict[str, type[_Step]] = {
    "goto": GoTo, "click": Click, "fill": Fill, "select": Select, "pick": Pick, "tick": Tick, "upload": Upload,
    "press": Press, "expect": Expect, "read": Read, "for_each": ForEach, "while": While, "either": Either,
    "read_back": ReadBack, "submit": Submit,
}  # fmt: skip


def _kind(data: Any) -> str | None:
    if isinstance(data, _Step):
        return next(name for name, kind in _KINDS.items() if kind is type(data))
    return next((key for key in data if key in _KINDS), None) if isinstance(data, dict) else None


Step = Annotated[
    Annotated[GoTo, Tag("goto")]
    | Annotated[Click, Tag("click")]
    | Annotated[Fill, Tag("fill")]
    | Annotated[Select, Tag("select")]
    | Annotated[Pick, Tag("pick")]
    | Annotated[Tick, Tag("tick")]
    | Annotated[Upload, Tag("upload")]
    | Annotated[Press, Tag("press")]
    | Annotated[Expect, Tag("expect")]
    | Annotated[Read, Tag("read")]
    | Annotated[ForEach, Tag("for_each")]
    | Annotated[While, Tag("while")]
    | Annotated[Either, Tag("either")]
    | Annotated[ReadBack, Tag("read_back")]
    | Annotated[Submit, Tag("submit")],
    Discriminator(_kind, custom_error_type="step", custom_error_message=f"a step is one of {', '.join(_KINDS)}"),
]
Steps = tuple[Step, ...]

for _model in (Pick, ForEach, While, Branch, Either):
    _model.model_rebuild()


def said(step: Step) -> str:
    """The step in one line, as the script has it; without any value."""
    if step.note:
        return step.note
    key = _kind(step) or ""
    what = getattr(step, {"while": "while_"}.get(key, key))
    return f"{key} {' | '.join(str(branch.see) for branch in what) if key == 'either' else what}"


def every(steps: Steps) -> Iterator[Step]:
    """The steps, and those within them."""
    for step in steps:
        yield step
        for name in ("before", "do", "otherwise"):
            yield from every(getattr(step, name, ()))
        for branch in step.either if isinstance(step, Either) else ():
            yield from every(branch.do)
