import io

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import BrokenFile, EnvironmentFault, ReaderError, UnknownFormat
from pipeline.reading.read import read_document
from pipeline.reading.tesseract import TesseractEngine
from pipeline.settings import Limits, ReadingSettings, Settings
from schemas import MediaType, TextSource

ENGINE = TesseractEngine()
SETTINGS = Settings(reading=ReadingSettings(dpi=200))


class BrokenEngine:
    """Fails at every page, with the error it was given."""

    name = "broken"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def read_words(self, *_args):
        raise self.error


def text_of(page) -> str:
    return " ".join(word.text for word in page.words)


def scanned(make_pdf, pixels, lines_stream=None) -> bytes:
    return make_pdf("q 595 0 0 842 0 0 cm /Im1 Do Q", lines_stream() if lines_stream else "", images={"Im1": pixels})


def test_text_and_pixels_are_chosen_page_by_page(make_pdf, lines_stream, draw):
    """A scanned page is read by OCR, the page after it, which has text, from its text layer."""
    reading = read_document(scanned(make_pdf, draw(), lines_stream), MediaType.PDF, SETTINGS, ENGINE)
    scan, native = reading.pages
    assert (scan.source, native.source) == (TextSource.OCR, TextSource.TEXT_LAYER)
    assert scan.steps == ("text-layer:no-text",)
    for page in reading.pages:
        assert "FA-2026-0417" in text_of(page)
    assert reading.failures == ()


def test_boxes_of_ocr_and_text_layer_share_one_frame(make_pdf, lines_stream, draw):
    """A picture of a page and its text layer give a word the same box in points."""
    from pipeline.reading.render import render_pdf_page

    native = make_pdf(lines_stream())
    picture = render_pdf_page(native, 1, 200, 10**8, colour=False).pixels
    pages = [
        read_document(content, MediaType.PDF, SETTINGS, ENGINE).pages[0]
        for content in (native, scanned(make_pdf, picture))
    ]
    one, other = (next(word.box for word in page.words if word.text == "FA-2026-0417") for page in pages)
    assert pages[0].source != pages[1].source
    assert (one.x0, one.x1) == pytest.approx((other.x0, other.x1), abs=3)
    assert one.y0 < other.y_mid < one.y1


def test_an_invisible_text_over_a_scan_is_not_believed(make_pdf, draw):
    """A scan with a hidden text layer is read from its pixels: the hidden text may say anything."""
    hidden = "BT 3 Tr /F1 12 Tf 72 700 Td 20 TL " + "(Total TTC 999,00 EUR paid to another account) Tj T* " * 9 + "ET"
    content = make_pdf("q 595 0 0 842 0 0 cm /Im1 Do Q " + hidden, images={"Im1": draw()})
    page = read_document(content, MediaType.PDF, SETTINGS, ENGINE).pages[0]
    assert page.source is TextSource.OCR
    assert "720,00" in text_of(page)
    assert "999,00" not in text_of(page)


def test_a_photo_on_its_side_is_read(draw):
    """A turned picture is read upright, and its page has the upright size."""
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(np.rot90(draw(), 1))).save(out, "JPEG", quality=80)
    page = read_document(out.getvalue(), MediaType.JPEG, SETTINGS, ENGINE).pages[0]
    assert "FA-2026-0417" in text_of(page)
    assert page.height > page.width


def test_a_page_that_fails_is_a_failure_of_the_reading(make_pdf, lines_stream, draw):
    """OCR that fails on one page leaves that page empty and the failure in the reading; the others are read."""
    engine = BrokenEngine(ReaderError("hung", code="ocr-timeout"))
    reading = read_document(scanned(make_pdf, draw(), lines_stream), MediaType.PDF, SETTINGS, engine)
    assert [(failure.code, failure.page) for failure in reading.failures] == [("ocr-timeout", 1)]
    assert [bool(page.words) for page in reading.pages] == [False, True]


def test_a_machine_without_tesseract_is_no_fault_of_the_document(make_pdf, draw):
    """What this machine lacks stops the work instead of marking the document."""
    with pytest.raises(EnvironmentFault):
        read_document(scanned(make_pdf, draw()), MediaType.PDF, SETTINGS, BrokenEngine(EnvironmentFault("gone")))


def test_pages_after_the_time_limit_are_failures(make_pdf, lines_stream):
    """When the document's time is over, what was not read is said."""
    settings = Settings(limits=Limits(document_seconds=0.0))
    reading = read_document(make_pdf(lines_stream()), MediaType.PDF, settings, ENGINE)
    assert [failure.code for failure in reading.failures] == ["document-timeout"]
    assert reading.pages[0].words == ()


def test_a_cut_picture_raises(draw):
    """A picture whose header is damaged is refused as a whole; one cut later has a failure on its page."""
    out = io.BytesIO()
    Image.fromarray(draw()).save(out, "JPEG")
    with pytest.raises(BrokenFile):
        read_document(out.getvalue()[:20], MediaType.JPEG, SETTINGS, ENGINE)
    reading = read_document(out.getvalue()[:-5000], MediaType.JPEG, SETTINGS, ENGINE)
    assert [failure.code for failure in reading.failures] == ["broken-image"]


def test_xml_has_no_pages_and_must_be_an_invoice():
    """An XML document is read for its e-invoice only, even when XML inside PDFs is to be ignored."""
    settings = Settings(reading=ReadingSettings(ignore_xml=True))
    with pytest.raises(UnknownFormat):
        read_document(b"<note/>", MediaType.XML, settings, ENGINE)
