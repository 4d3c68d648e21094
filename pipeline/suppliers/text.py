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


def to_yaml(version: Version) -> str:
    """The rules with their version, so that an edit of rules that are no longer the newest is noticed."""
    head = _HEAD.format(supplier=version.rules.supplier, number=version.number, on="on" if version.is_on else "off")
    data = {"version": version.number, **version.rules.model_dump(mode="json")}
    return head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def from_yaml(path: Path, supplier: str) -> tuple[Rules, int | None]:
    """The rules in a YAML or JSON file, and the version they were made from. Raises InputError."""
    remedy = "Begin with what `backoffice suppliers rules SUPPLIER` prints."
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise InputError(f"{path.name} holds no rules.", code="bad-rules", remedy=remedy)
        base = data.pop("version", None)
        return Rules.model_validate({**data, "supplier": supplier}), None if base is None else int(base)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{path.name}: {place}: {first['msg']}", code="bad-rules", remedy=remedy) from error
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise InputError(f"{path.name} is not YAML: {error}", code="bad-rules", remedy=remedy) from error
