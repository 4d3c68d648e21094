"""Pages drawn for these tests: pictures with Pillow, PDFs with pikepdf."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pikepdf
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

INVOICE = (
    "Boulangerie Martin SARL",
    "12 rue des Lilas, 69003 Lyon",
    "FACTURE numéro FA-2026-0417",
    "Date de la facture : 03/03/2026",
    "Désignation Quantité Prix unitaire Total",
    "Farine de blé pour le mois 12 45,00 540,00",
    "Levure fraîche et sel de mer 3 20,00 60,00",
    "Total HT 600,00 EUR",
    "TVA 20 % 120,00 EUR",
    "Total TTC 720,00 EUR",
    "Règlement par virement sous trente jours avec nos remerciements",
)
"""What the drawn page says."""


@pytest.fixture
def invoice_lines() -> tuple[str, ...]:
    """What the drawn page says."""
    return INVOICE


@pytest.fixture
def draw() -> Callable[..., NDArray[np.uint8]]:
    """A function that draws lines of text on white, as gray pixels; the size is an A4 page at 200 dpi."""

    def drawn(
        lines: tuple[str, ...] = INVOICE, size: tuple[int, int] = (1654, 2339), text_height: int = 34
    ) -> NDArray[np.uint8]:
        image = Image.new("L", size, 255)
        font = ImageFont.truetype("DejaVuSans.ttf", text_height)
        for number, line in enumerate(lines):
            ImageDraw.Draw(image).text((150, 200 + number * 3 * text_height), line, fill=10, font=font)
        return np.array(image)

    return drawn


@pytest.fixture
def make_pdf() -> Callable[..., bytes]:
    """A function that writes a PDF from content streams, one a page, with font /F1 and images by name."""

    def made(
        *streams: str,
        media: tuple[float, ...] = (0, 0, 595, 842),
        page: dict[str, Any] | None = None,
        images: dict[str, NDArray[np.uint8]] | None = None,
        **save: Any,
    ) -> bytes:
        document = pikepdf.new()
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )  # fmt: skip
        named = {f"/{name}": _image(document, pixels) for name, pixels in (images or {}).items()}
        for stream in streams:
            attributes = pikepdf.Dictionary(
                Type=pikepdf.Name.Page,
                MediaBox=list(media),
                Resources=pikepdf.Dictionary(Font={"/F1": font}, XObject=named),
                Contents=document.make_stream(stream.encode("cp1252")),
            )
            for name, value in (page or {}).items():
                attributes[f"/{name}"] = value
            document.pages.append(pikepdf.Page(document.make_indirect(attributes)))
        out = io.BytesIO()
        document.save(out, **save)
        return out.getvalue()

    return made


@pytest.fixture
def lines_stream() -> Callable[..., str]:
    """A function that writes the content stream of lines of text, 12 points, from the top of an A4 page."""

    def written(lines: tuple[str, ...] = INVOICE, before: str = "") -> str:
        shown = "\n".join(f"({line}) Tj T*" for line in lines)
        return f"BT {before} /F1 12 Tf 72 760 Td 20 TL\n{shown}\nET"

    return written


def _image(document: pikepdf.Pdf, pixels: NDArray[np.uint8]) -> pikepdf.Stream:
    height, width = pixels.shape
    return pikepdf.Stream(
        document, pixels.tobytes(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width,
        Height=height, ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
    )  # fmt: skip
