"""PDFs whose text layer says something other than what a person sees."""

import io
import re
from collections.abc import Callable

import pikepdf

from samples.degrade import render
from samples.wear import Picture


def add_text(pdf: bytes, lines: list[str], how: str) -> bytes:
    """The PDF with more text on its first page that nobody sees.

    `how` is one of HIDING_PLACES. Raises KeyError for any other.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )  # fmt: skip
        name = page.add_resource(font, pikepdf.Name.Font)
        begin, end = HIDING_PLACES[how](document, page)
        # Off the page to the right, or in the strip below the crop box.
        at = {"off_page": (5000, 180), "outside_crop": (320, -20)}.get(how, (320, 180))
        page.contents_add(document.make_stream(b"\n".join([begin, _text(str(name), lines, at), end])))
        return _saved(document)


def stamp(pdf: bytes, word: str) -> bytes:
    """The PDF with a word in large red letters near the top of its first page."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name("/Helvetica-Bold"),
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )  # fmt: skip
        name = page.add_resource(font, pikepdf.Name.Font)
        page.contents_add(b"q", prepend=True)
        top = float(page.mediabox[3]) - 26
        text = _text(str(name), [word], (300, int(top))).replace(b" 10 Tf", b" 24 Tf")
        page.contents_add(b"Q q 1 0 0 rg " + text + b" Q")
        return _saved(document)


def cover_with_picture(lying: bytes, honest: bytes, to_pdf: Callable[[list[Picture], float, int], bytes]) -> bytes:
    """Pictures of the honest pages over the text of the lying PDF, like a scan with a wrong OCR layer."""
    pictures = to_pdf(render(honest, 200), 200, 60)
    with pikepdf.open(io.BytesIO(lying)) as document, pikepdf.open(io.BytesIO(pictures)) as overlay:
        for page, picture in zip(document.pages, overlay.pages, strict=False):
            page.add_overlay(picture, pikepdf.Rectangle(page.mediabox))
        return _saved(document)


def remap_digits(pdf: bytes, mapping: dict[str, str]) -> bytes:
    """The PDF with fonts that draw one digit and call it another: only the ToUnicode tables change."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                stream = item.ToUnicode
                stream.write(_remapped(stream.read_bytes(), mapping))
        return _saved(document)


def _text(font: str, lines: list[str], at: tuple[int, int]) -> bytes:
    out = [f"BT {font} 10 Tf 14 TL 1 0 0 1 {at[0]} {at[1]} Tm".encode("ascii")]
    for line in lines:
        escaped = re.sub(r"([\\()])", r"\\\1", line.replace("\u202f", " "))
        out.append(b"(" + escaped.encode("cp1252", "replace") + b") Tj T*")
    return b"\n".join([*out, b"ET"])


Place = Callable[[pikepdf.Pdf, pikepdf.Page], tuple[bytes, bytes]]
"""Prepares a page and gives the operators before and after the text."""


def _transparent(_: pikepdf.Pdf, page: pikepdf.Page) -> tuple[bytes, bytes]:
    state = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, ca=0, CA=0)
    return f"q {page.add_resource(state, pikepdf.Name.ExtGState)} gs".encode("ascii"), b"Q"


def _outside_crop(_: pikepdf.Pdf, page: pikepdf.Page) -> tuple[bytes, bytes]:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    page.cropbox = pikepdf.Rectangle(left, bottom, right, top)
    page.mediabox = pikepdf.Rectangle(left, bottom - 300, right, top)
    return b"q", b"Q"


def _hidden_layer(document: pikepdf.Pdf, page: pikepdf.Page) -> tuple[bytes, bytes]:
    layer = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("Layer 1")))
    default = pikepdf.Dictionary(OFF=pikepdf.Array([layer]), Order=pikepdf.Array([layer]))
    document.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([layer]), D=default)
    return f"/OC {page.add_resource(layer, pikepdf.Name.Properties)} BDC q".encode("ascii"), b"Q EMC"


HIDING_PLACES: dict[str, Place] = {
    "invisible": lambda *_: (b"q 3 Tr", b"Q"),
    "white": lambda *_: (b"q 1 1 1 rg", b"Q"),
    "transparent": _transparent,
    "off_page": lambda *_: (b"q", b"Q"),
    "outside_crop": _outside_crop,
    "hidden_layer": _hidden_layer,
}
"""Where text can stand that nobody sees: rendering mode 3, white on white, alpha 0, beside the page, outside the crop
box, in an optional content group that is off."""


def _remapped(table: bytes, mapping: dict[str, str]) -> bytes:
    codes = {f"{ord(old):04x}": f"{ord(new):04x}" for old, new in mapping.items()}

    def swap(match: re.Match[bytes]) -> bytes:
        code = match[2].decode().lower()
        return match[1] + codes.get(code, code).encode() + b">"

    return re.sub(rb"(<[0-9A-Fa-f]+>\s*<)([0-9A-Fa-f]{4})>", swap, table)


def _saved(document: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()
