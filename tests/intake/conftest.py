"""Small files of every kind, made here."""

import struct
from io import BytesIO

import pytest
from PIL import Image

from schemas import MediaType

INVOICE_XML = '<?xml version="1.0"?>\n<!-- made here -->\n<ubl:Invoice xmlns:ubl="urn:x"><ID>é</ID></ubl:Invoice>'


def _picture(kind, **options):
    buffer = BytesIO()
    noise = Image.effect_noise((64, 48), 80)
    noise.save(buffer, kind, **options)
    return buffer.getvalue()


def _pages(count):
    buffer = BytesIO()
    pages = [Image.effect_noise((40, 30), 60) for _ in range(count)]
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    return buffer.getvalue()


def _with_thumbnail():
    """A JPEG whose thumbnail, in a segment before the picture, has an end marker of its own."""
    picture, thumbnail = _picture("JPEG"), _picture("JPEG", quality=10)
    segment = b"\xff\xe1" + struct.pack(">H", len(thumbnail) + 2) + thumbnail
    return picture[:2] + segment + picture[2:]


def _pdf():
    return b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n" + b"% filler\n" * 500 + b"startxref\n9\n%%EOF\n"


SAMPLES = {
    "pdf": (_pdf(), MediaType.PDF),
    "pdf-after-junk": (b"junk\n" * 100 + _pdf(), MediaType.PDF),
    "jpeg": (_picture("JPEG"), MediaType.JPEG),
    "jpeg-progressive": (_picture("JPEG", progressive=True), MediaType.JPEG),
    "jpeg-thumbnail": (_with_thumbnail(), MediaType.JPEG),
    "png": (_picture("PNG"), MediaType.PNG),
    "tiff": (_picture("TIFF"), MediaType.TIFF),
    "tiff-lzw": (_picture("TIFF", compression="tiff_lzw"), MediaType.TIFF),
    "tiff-pages": (_pages(3), MediaType.TIFF),
    "tiff-big": (_picture("TIFF", big_tiff=True), MediaType.TIFF),
    "webp": (_picture("WEBP"), MediaType.WEBP),
    "bmp": (_picture("BMP"), MediaType.BMP),
    "xml": (INVOICE_XML.encode(), MediaType.XML),
    "xml-bom": (b"\xef\xbb\xbf" + INVOICE_XML.encode(), MediaType.XML),
    "xml-utf-16": (INVOICE_XML.encode("utf-16"), MediaType.XML),
    "xml-utf-16-be": (INVOICE_XML.encode("utf-16-be"), MediaType.XML),
    "xml-latin-1": (INVOICE_XML.encode("latin-1"), MediaType.XML),
    "xml-empty-root": (b"<Invoice xmlns='urn:x'\n/>", MediaType.XML),
    "xml-no-declaration": (b"  <Invoice a='1'>\n</Invoice >\n<!-- end -->\n<?done?>\n", MediaType.XML),
}


@pytest.fixture(params=SAMPLES)
def sample(request):
    """The bytes of a whole file, and what it is."""
    return SAMPLES[request.param]


@pytest.fixture
def whole_file():
    """The bytes of a whole file of a kind."""

    def whole_file(media_type):
        return next(content for content, kind in SAMPLES.values() if kind is media_type)

    return whole_file


@pytest.fixture
def pdf():
    """The bytes of a PDF that is all there; a number makes another one."""

    def make(number=0):
        return _pdf().replace(b"% filler", f"% {number:06}".encode(), 1)

    return make
