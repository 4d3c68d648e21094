"""PDFs whose text layer says something other than what a person sees."""

import io
import re
from collections.abc import Callable

import pikepdf

from samples.degrade import render
from samples.wear import Picture


def add_text(pdf: bytes, lines: list[str], how: str) -> bytes:
    """The PDF with more text on its first page that nobody sees.

    `how` is "invisible" (text rendering mode 3), "white" (white on white) or "off_page" (outside the page).
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )  # fmt: skip
        name = page.add_resource(font, pikepdf.Name.Font)
        page.contents_add(document.make_stream(_text_operators(str(name), lines, how)))
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


def _text_operators(font: str, lines: list[str], how: str) -> bytes:
    x = 5000 if how == "off_page" else 320
    setup = {"invisible": "3 Tr", "white": "1 1 1 rg", "off_page": "0 g"}[how]
    out = [f"q BT {setup} {font} 10 Tf 14 TL 1 0 0 1 {x} 180 Tm".encode("ascii")]
    for line in lines:
        escaped = re.sub(r"([\\()])", r"\\\1", line.replace("\u202f", " "))
        out.append(b"(" + escaped.encode("cp1252", "replace") + b") Tj T*")
    return b"\n".join([*out, b"ET Q"])


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
