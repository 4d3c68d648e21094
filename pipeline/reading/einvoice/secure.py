"""Parsing of untrusted XML: no DTD, no entities, no network, bounded in size and depth."""

import re

from lxml import etree

from pipeline.errors import BrokenFile, Forbidden, TooLarge

MAX_XML_BYTES = 20 * 2**20
"""A larger e-invoice is refused; attachments inside make up nearly all of a large one."""

MAX_DEPTH = 100
"""Nesting of elements; the deepest legal invoice (nested sub-lines apart) stays below 20."""

_START_TAG = re.compile(rb"<[A-Za-z_]")


def parse_xml(content: bytes) -> etree._Element:
    """The root element of an XML document, without comments and processing instructions.

    Raises TooLarge over `MAX_XML_BYTES`, Forbidden for a DOCTYPE (it could define entities that empty,
    multiply or fetch values) and BrokenFile for what is not well-formed or too deep.
    """
    if len(content) > MAX_XML_BYTES:
        raise TooLarge(f"The XML has {len(content)} bytes, more than {MAX_XML_BYTES}.")
    _refuse_doctype(content)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        # A comment inside a value would cut the value in two.
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content.lstrip(b" \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrokenFile(f"The XML is not well-formed: {error}.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _forbidden_doctype()
    if _depth(root) > MAX_DEPTH:
        raise BrokenFile(f"The XML nests elements more than {MAX_DEPTH} levels deep.")
    return root


def _refuse_doctype(content: bytes) -> None:
    # Without null bytes, UTF-16 and UTF-32 read like ASCII; libxml2 reports any other encoding afterwards.
    head = content.replace(b"\0", b"")
    if start := _START_TAG.search(head):
        head = head[: start.start()]
    if b"<!DOCTYPE" in head:
        raise _forbidden_doctype()


def _forbidden_doctype() -> Forbidden:
    return Forbidden("The XML has a DOCTYPE; an invoice needs none, and it is dangerous to read.")


def _depth(root: etree._Element) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest
