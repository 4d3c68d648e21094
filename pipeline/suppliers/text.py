"""Rules as text that an operator reads and edits: YAML, of which JSON is a part."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pipeline.errors import InputError
from pipeline.suppliers.model import Rules
from pipeline.suppliers.rule_shelf import Version

_HEAD = (
    "# Rules of {supplier}, version {number}, {on}. Edit them and run: backoffice suppliers edit SUPPLIER FILE\n"
    "# Switch the rule of a field off with `enabled: false`. In a mask # is a digit, @ a letter, all else itself.\n"
)
_REMEDY = "Begin with what `backoffice suppliers rules SUPPLIER` prints."


def to_yaml(version: Version) -> str:
    """The rules with their version, so that an edit of rules that are no longer the newest is noticed."""
    head = _HEAD.format(supplier=version.rules.supplier, number=version.number, on="on" if version.is_on else "off")
    data = {"version": version.number, **version.rules.model_dump(mode="json")}
    return head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def from_yaml(path: Path, supplier: str) -> tuple[Rules, int | None]:
    """The rules in a YAML or JSON file, and the version they were made from. Raises InputError."""
    try:
        text = path.read_text(encoding="utf-8")
    except ValueError as error:
        raise InputError(f"{path.name} is not text: {error}", code="bad-rules", remedy=_REMEDY) from error
    return rules_in(text, supplier, path.name)


def rules_in(text: str, supplier: str, name: str = "The text") -> tuple[Rules, int | None]:
    """The same of a text, called `name` in messages. Aliases are refused: a few lines may stand for millions."""
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise InputError(f"{name} has aliases (*…).", code="bad-rules", remedy="Write out what they stand for.")
        data: Any = yaml.safe_load(text)
        if not isinstance(data, dict):
            raise InputError(f"{name} holds no rules.", code="bad-rules", remedy=_REMEDY)
        base = data.pop("version", None)
        return Rules.model_validate({**data, "supplier": supplier}), None if base is None else int(base)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{name}: {place}: {first['msg']}", code="bad-rules", remedy=_REMEDY) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{name} is not YAML: {error}", code="bad-rules", remedy=_REMEDY) from error
