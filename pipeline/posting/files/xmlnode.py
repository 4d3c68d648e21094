"""A short way to write XML trees with lxml."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

Namespaces = dict[str, str]

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


class Node:
    """An element that grows children by prefixed names: `node.add("ram:Name", "x")`."""

    def __init__(self, element: etree._Element, namespaces: Namespaces) -> None:
        self.element = element
        self._namespaces = namespaces

    @classmethod
    def root(cls, name: str, namespaces: Namespaces) -> "Node":
        """The root element; a namespace under '' is the default one."""
        nsmap: Any = {prefix or None: uri for prefix, uri in namespaces.items()}
        return cls(etree.Element(_qualified(name, namespaces), nsmap=nsmap), namespaces)

    def add(self, path: str, value: object = None, **attributes: str) -> "Node":
        """Append the last element of the path, with its parents; parents that stand last are used again."""
        *parents, leaf = path.split("/")
        node = self
        for name in parents:
            node = node._last(name) or node._append(name)
        child = node._append(leaf)
        for key, text in attributes.items():
            child.element.set(key, text)
        if value is not None:
            child.element.text = _text(value)
        return child

    def maybe(self, path: str, value: object, **attributes: str) -> None:
        """Append it unless the value is None or empty."""
        if value not in (None, ""):
            self.add(path, value, **attributes)

    def to_bytes(self) -> bytes:
        """The document as UTF-8 with its declaration."""
        return etree.tostring(self.element, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def _last(self, name: str) -> "Node | None":
        found = self.element[-1] if len(self.element) else None
        if found is None or found.tag != _qualified(name, self._namespaces):
            return None
        return Node(found, self._namespaces)

    def _append(self, name: str) -> "Node":
        return Node(etree.SubElement(self.element, _qualified(name, self._namespaces)), self._namespaces)


def _qualified(name: str, namespaces: Namespaces) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{namespaces[prefix]}}}{local}"


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else _FORBIDDEN.sub(" ", str(value))
