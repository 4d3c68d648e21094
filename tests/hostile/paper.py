"""Small PDFs to be broken: one page with the words of an invoice, built object by object with pikepdf."""

import io
from collections.abc import Callable, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

A4 = (0, 0, 595, 842)
LINES = ("FACTURE 2026-0417", "Quincaillerie Martin SARL", "Date 12/03/2026", "Total TTC 1000,00 EUR")

Change = Callable[[Pdf, pikepdf.Page], None]
"""What is done to a PDF and its first page before it is written."""


def paper(change: Change | None = None, *, content: bytes | None = None, box: Sequence[float] = A4) -> bytes:
    """A PDF of one page that prints `LINES`, or draws the operators in `content`."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.mediabox = Array(box)
    page.obj.Resources = Dictionary(Font=Dictionary(F1=helvetica(pdf)))
    page.Contents = pdf.make_stream(printed(LINES) if content is None else content)
    if change is not None:
        change(pdf, page)
    return saved(pdf)


def helvetica(pdf: Pdf) -> pikepdf.Object:
    """A font that every reader has."""
    return pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )


def printed(lines: Sequence[str], x: float = 72, y: float = 760, size: float = 12, before: str = "") -> bytes:
    """The operators that print lines one below the other, after those of `before`."""
    shown = " ".join(f"({escaped(line)}) Tj 0 -20 Td" for line in lines)
    return f"{before} BT /F1 {size} Tf {x} {y} Td {shown} ET\n".encode("cp1252", "replace")


def escaped(text: str) -> str:
    """Text for a PDF string in brackets."""
    signs = {"\\": r"\\", "(": r"\(", ")": r"\)", "\r": r"\r", "\n": r"\n", "\0": r"\000"}
    return "".join(signs.get(char, char) for char in text)


def saved(pdf: Pdf, **options: object) -> bytes:
    """The bytes of a PDF, the same each time; streams are not changed."""
    out = io.BytesIO()
    defaults = {"deterministic_id": True, "fix_metadata_version": False, "compress_streams": False}
    pdf.save(out, **({} if "encryption" in options else defaults) | options)
    return out.getvalue()


def form(pdf: Pdf, content: bytes, **resources: pikepdf.Object) -> Stream:
    """A drawing that pages and other drawings can repeat by name."""
    return pdf.make_stream(
        content,
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array(A4),
        Resources=Dictionary(Font=Dictionary(F1=helvetica(pdf)), XObject=Dictionary(**resources)),
    )


def picture(pdf: Pdf, data: bytes, width: int, height: int, **more: object) -> Stream:
    """A picture that says it has so many pixels of 8 bits gray."""
    kind = {"Type": Name.XObject, "Subtype": Name.Image, "ColorSpace": Name.DeviceGray, "BitsPerComponent": 8}
    return pdf.make_stream(data, **kind | {"Width": width, "Height": height} | more)


def place(pdf: Pdf, page: pikepdf.Page, drawing: Stream) -> None:
    """Draw a form or picture over the page, and nothing else."""
    page.obj.Resources.XObject = Dictionary(X=drawing)
    page.Contents = pdf.make_stream(b"q 500 0 0 700 40 60 cm /X Do Q")
