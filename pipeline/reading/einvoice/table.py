"""The mapping tables: which business term stands where in which XML syntax (`tables/*.yaml`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast

import yaml
from lxml import etree

Path = Callable[..., list[Any]]
"""A compiled XPath: (node, **variables) to the elements or attribute values found."""

SYNTAXES = ("cii", "ubl", "zugferd1")


@dataclass(frozen=True)
class Group:
    """The terms of one group: each has XPaths in order of preference, relative to the nodes at `at`."""

    at: Path | None
    terms: Mapping[str, tuple[Path, ...]]
    company_ids: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Table:
    """Where the terms of an invoice stand in one syntax."""

    syntax: str
    roots: frozenset[str]
    profile: Path
    currency: Path
    type_code: Path
    groups: Mapping[str, Group]


def table_for(root: etree._Element) -> Table | None:
    """The table of the syntax that the root element belongs to, or None when it is no invoice."""
    return next((table for table in map(load_table, SYNTAXES) if root.tag in table.roots), None)


@cache
def load_table(syntax: str) -> Table:
    """The table of one syntax, with its XPaths compiled; `syntax` is one of `SYNTAXES`."""
    text = resources.files(__package__).joinpath("tables", f"{syntax}.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    namespaces: dict[str, str] = data["namespaces"]

    def xpath(expression: str) -> Path:
        return cast(Path, etree.XPath(expression, namespaces=namespaces))

    def group(terms: dict[str, Any]) -> Group:
        at = terms.pop("at", None)
        compiled = {name: tuple(map(xpath, _listed(paths))) for name, paths in terms.items()}
        return Group(xpath(at) if at else None, company_ids=compiled.pop("company_ids", ()), terms=compiled)

    return Table(
        syntax=syntax,
        roots=frozenset(_qualified(tag, namespaces) for tag in _listed(data["root"])),
        profile=xpath(data["profile"]),
        currency=xpath(data["currency"]),
        type_code=xpath(data["type_code"]),
        groups={name: group(dict(terms)) for name, terms in data.items() if name in _GROUPS},
    )


_GROUPS = ("invoice", "seller", "buyer", "payment", "totals", "vat_breakdown", "lines")


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _qualified(tag: str, namespaces: Mapping[str, str]) -> str:
    prefix, _, name = tag.partition(":")
    return f"{{{namespaces[prefix]}}}{name}"
