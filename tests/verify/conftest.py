"""Readers with one named behaviour each, and small documents to look at."""

import io
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.ports import GrayImage, Strip
from pipeline.reading.picture import Picture
from schemas import Box, Evidence, EvidenceKind, Field, FieldName, Page, Record, TextSource, Word

INVOICE = (
    "Boulangerie Martin SARL",
    "12 rue des Lilas, 69003 Lyon",
    "N° TVA FR40303265045",
    "FACTURE numéro FA-2026-0417",
    "Date de la facture : 03/03/2026",
    "Désignation Quantité Prix unitaire Total",
    "Farine de blé pour le mois 12 45,00 540,00",
    "Levure fraîche et sel de mer 3 20,00 60,00",
    "Total HT 600,00 EUR",
    "TVA 20 % 120,00 EUR",
    "Total TTC 720,00 EUR",
    "IBAN FR76 3000 6000 0112 3456 7890 189",
)
"""What the drawn invoice says."""

LEFT, TOP, LEADING, SIZE = 72, 82, 24, 12
"""Where the drawn invoice has its lines, in points."""


class Sees:
    """A reader that sees the same text, whatever it is shown."""

    name = "sees"

    def __init__(self, text: str, confidence: float = 0.98, lines: Sequence[Box] = ()) -> None:
        self.text = text
        self.confidence = confidence
        self.lines = tuple(lines)
        self.shown: list[GrayImage] = []

    def read_strips(self, strips: Sequence[GrayImage]) -> tuple[Strip, ...]:
        self.shown += strips
        return tuple(Strip(self.text, self.confidence) for _ in strips)

    def find_lines(self, _: GrayImage) -> tuple[Box, ...]:
        return self.lines


class SeesNothing(Sees):
    """A reader that makes out nothing at all."""

    def __init__(self) -> None:
        super().__init__("", 0.0)


class Breaks(Sees):
    """A reader that raises when it is asked."""

    def __init__(self, error: Exception) -> None:
        super().__init__("")
        self.error = error

    def read_strips(self, _: Sequence[GrayImage]) -> tuple[Strip, ...]:
        raise self.error

    def find_lines(self, _: GrayImage) -> tuple[Box, ...]:
        raise self.error


class WhitePaper:
    """Pictures of pages without any print, at 72 dpi: a point is a pixel."""

    def of(self, page: Page) -> Picture:
        return Picture(np.full((round(page.height), round(page.width)), 255, dtype=np.uint8), 72.0)


class PrintedPaper:
    """Pictures of pages that are printed all over, in black stripes of 2 pixels, at 72 dpi."""

    def of(self, page: Page) -> Picture:
        row = np.where(np.arange(round(page.width)) // 2 % 2, 255, 0).astype(np.uint8)
        return Picture(np.tile(row, (round(page.height), 1)), 72.0)


def box_at(x0: float = 100, y0: float = 100, width: float = 60, height: float = 10) -> Box:
    return Box(x0=x0, y0=y0, x1=x0 + width, y1=y0 + height)


def page_of(*words: Word, source: TextSource = TextSource.TEXT_LAYER, number: int = 1) -> Page:
    return Page(number=number, width=595, height=842, words=words, source=source, dpi=72)


def read_field(
    name: FieldName,
    value: object,
    *evidence: Evidence,
    raw: str | None = None,
    box: Box | None = None,
    confidence: float = 0.95,
) -> Field:
    return Field(
        name=name,
        value=value,
        raw=str(value) if raw is None else raw,
        page=1,
        box=box or box_at(),
        confidence=confidence,
        evidence=evidence,
    )


def witness(kind: EvidenceKind, detail: str = "", *, against: bool = False) -> Evidence:
    return Evidence(kind=kind, supports=not against, detail=detail)


def record_with(*fields: Field) -> Record:
    return Record(fields={field.name: field for field in fields}, pages=(1,))


def total_of(amount: str, *evidence: Evidence, raw: str | None = None) -> Field:
    return read_field(FieldName.GROSS_TOTAL, Decimal(amount), *evidence, raw=raw)


def drawn_line(text: str, height: int = 40, ink: int = 10, paper: int = 255, margin: int = 8) -> GrayImage:
    """A picture of one line of text."""
    font = ImageFont.truetype("DejaVuSans.ttf", height)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text))
    image = Image.new("L", (right - left + 2 * margin, bottom - top + 2 * margin), paper)
    ImageDraw.Draw(image).text((margin - left, margin - top), text, fill=ink, font=font)
    return np.array(image)


def invoice_pdf(lines: Sequence[str] = INVOICE, after: str = "", images: dict[str, GrayImage] | None = None) -> bytes:
    """A PDF with a text layer, in Helvetica; `after` is drawn over the text."""
    document = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    pictures = {f"/{name}": _picture(document, pixels) for name, pixels in (images or {}).items()}
    shown = "\n".join(f"({line}) Tj T*" for line in lines)
    content = f"BT /F1 {SIZE} Tf {LEFT} {842 - TOP} Td {LEADING} TL\n{shown}\nET\n{after}"
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, 595, 842],
        Resources=pikepdf.Dictionary(Font={"/F1": font}, XObject=pictures),
        Contents=document.make_stream(content.encode("cp1252")),
    )
    document.pages.append(pikepdf.Page(document.make_indirect(page)))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _picture(document: pikepdf.Pdf, pixels: GrayImage) -> pikepdf.Stream:
    height, width = pixels.shape
    return pikepdf.Stream(
        document,
        pixels.tobytes(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=width,
        Height=height,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
    )


@pytest.fixture(scope="session")
def native_pdf() -> bytes:
    """An honest invoice with a text layer."""
    return invoice_pdf()
