"""E-invoices that are well-formed and wrong: bytes say what is done to the elements of a right one.

Bytes changed at random seldom leave XML well-formed, so that nothing behind the parser would ever be reached.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy

from lxml import etree

from tests.reading.einvoice.conftest import CII, UBL

BASES = (CII.encode(), UBL.encode())
MOST_CHANGES = 12
MOST_TEXT = 15


def grown(data: bytes) -> bytes:
    """An e-invoice with changes: the first byte chooses it, then each two bytes a place and a change, with its text."""
    supply = iter(data)
    root = etree.fromstring(BASES[next(supply, 0) % len(BASES)])
    for _ in range(MOST_CHANGES):
        place, what = next(supply, None), next(supply, None)
        if place is None or what is None:
            break
        elements = list(root.iter(etree.Element))
        element = elements[place * len(elements) // 256]
        _CHANGES[what // 16 % len(_CHANGES)](element, _text(supply, what % 16), elements)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _text(supply: Iterator[int], length: int) -> str:
    """Text of up to 15 bytes; what XML cannot hold becomes a space."""
    raw = bytes(byte for byte, _ in zip(supply, range(min(length, MOST_TEXT)), strict=False))
    return "".join(char if char.isprintable() else " " for char in raw.decode("utf-8", "ignore"))


def _set_text(element: etree._Element, text: str, _: list[etree._Element]) -> None:
    element.text = text


def _lengthen(element: etree._Element, text: str, _: list[etree._Element]) -> None:
    element.text = (text or "9") * 400


def _surround(element: etree._Element, text: str, _: list[etree._Element]) -> None:
    element.text = f"{text}{element.text or ''}{text}"


def _drop(element: etree._Element, _: str, __: list[etree._Element]) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def _repeat(element: etree._Element, text: str, _: list[etree._Element]) -> None:
    if element.getparent() is not None:
        again = deepcopy(element)
        again.text = text or again.text
        element.addnext(again)


def _attribute(element: etree._Element, text: str, _: list[etree._Element]) -> None:
    for name in (*element.attrib, "currencyID", "schemeID")[:1]:
        element.set(name, text)


def _nest(element: etree._Element, text: str, _: list[etree._Element]) -> None:
    inner = etree.SubElement(element, element.tag)
    inner.text = text


def _rename(element: etree._Element, text: str, elements: list[etree._Element]) -> None:
    if element.getparent() is not None:
        element.tag = elements[len(text) * len(elements) // 16].tag


_CHANGES: tuple[Callable[[etree._Element, str, list[etree._Element]], None], ...] = (
    _set_text, _set_text, _lengthen, _surround, _drop, _repeat, _attribute, _nest, _rename,
)  # fmt: skip
