"""Says in plain words, with line numbers, what is wrong with a screen script."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

import yaml
from pydantic import ValidationError

_BOOL = "tag:yaml.org,2002:bool"


class ScriptLoader(yaml.CSafeLoader):
    """YAML 1.2, as editors check it: only `true` and `false` are truth values, so that a key may be called `on`."""


ScriptLoader.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for sign, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
ScriptLoader.add_implicit_resolver(_BOOL, re.compile("^(true|false)$"), list("tf"))

_WORDS = {
    "missing": "'{last}' is missing",
    "extra_forbidden": "'{last}' is not known here",
    "string_type": "'{last}' must be text",
    "too_short": "'{last}' is too short",
}


def problems(text: str, error: yaml.YAMLError | ValidationError) -> tuple[str, ...]:
    """One sentence a problem, in the order of the script, each with its line where it has one."""
    if isinstance(error, ValidationError):
        root = yaml.compose(text, Loader=ScriptLoader)
        found = sorted({(*_place(root, one["loc"]), _said(one)) for one in error.errors()})
        return tuple(f"line {line}, {way}: {said}" if way else said for line, way, said in found)
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or str(error)
    return (f"line {mark.line + 1}: this is no YAML: {said}" if mark else f"this is no YAML: {said}",)


def _said(error: Any) -> str:
    last = error["loc"][-1] if error["loc"] else ""
    if error["type"] in _WORDS:
        return _WORDS[error["type"]].format(last=last)
    said = str(error["msg"]).removeprefix("Value error, ")
    return said[:1].lower() + said[1:]


def _place(root: yaml.Node | None, location: Sequence[int | str]) -> tuple[int, str]:
    """The line of what is named, and the way to it."""
    line, way = 1, list[str]()
    for node, name in _steps(root, location):
        line = node.start_mark.line + 1
        way.append(name)
    return line, " > ".join(way)


def _steps(node: yaml.Node | None, location: Sequence[int | str]) -> Iterator[tuple[yaml.Node, str]]:
    """From the root to what is named, as far as it is there; the name of a kind of step is no key, and left out."""
    for key, following in zip_longest(location, location[1:]):
        if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            yield node, _called(node, key)
        elif isinstance(node, yaml.MappingNode):
            pairs = _pairs(node)
            is_kind = following in pairs and key in pairs and following not in _pairs(pairs[key][1])
            if key in pairs and not is_kind:
                name, node = pairs[key]
                yield name, str(key)


def _pairs(node: yaml.Node) -> dict[Any, tuple[yaml.Node, yaml.Node]]:
    """Keys and values by key; none where it is no mapping."""
    return {name.value: (name, value) for name, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _called(node: yaml.Node, index: int) -> str:
    """A part by its name, a step by its first key, else its number."""
    if not isinstance(node, yaml.MappingNode) or not node.value:
        return str(index + 1)
    name, value = node.value[0]
    return str(value.value) if name.value == "part" else f"step {index + 1} ({name.value})"
