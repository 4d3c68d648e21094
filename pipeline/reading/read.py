"""A document becomes a reading: its e-invoice where it has one, and its pages of words."""

import time

from pipeline.allowance import allow
from pipeline.errors import BackofficeError, EnvironmentFault, InputError, ReaderError
from pipeline.ports import OcrEngine
from pipeline.reading.einvoice import find_einvoice
from pipeline.reading.hidden import with_hidden
from pipeline.reading.images import ImageFile
from pipeline.reading.pdf import PdfFile
from pipeline.reading.pixels import PixelReader
from pipeline.settings import Settings
from schemas import EInvoice, Failure, MediaType, Page, Reading

SOFT_LIMIT = 0.9
"""The share of the document's time after which no page is begun: the hard limit would lose them all."""


def read_document(content: bytes, media_type: MediaType, settings: Settings, engine: OcrEngine) -> Reading:
    """Everything that can be read of a document.

    A page that fails gives a failure in the reading and has no words; the other pages are read. With an
    e-invoice the pages are read by the same rule as without, the text layer where it can be believed and else
    the pixels, so that the e-invoice can be held against the page. Raises BrokenFile, TooLarge, Forbidden and
    UnknownFormat when the document as a whole cannot be read, EnvironmentFault when this machine cannot read.
    """
    if media_type is MediaType.XML:
        return Reading(e_invoice=find_einvoice(content, media_type))
    file = PdfFile(content, settings) if media_type is MediaType.PDF else ImageFile(content, settings)
    allow(file.page_count, settings.limits.page_seconds)
    e_invoice, damage = _find_embedded(content, media_type, settings)
    pages, failures = _read_pages(file, settings, engine)
    return Reading(pages=pages, e_invoice=e_invoice, failures=(*damage, *file.failures, *failures))


def _find_embedded(
    content: bytes, media_type: MediaType, settings: Settings
) -> tuple[EInvoice | None, tuple[Failure, ...]]:
    """The e-invoice inside a PDF; a damaged or forbidden one is a failure, and the pages are read instead."""
    if settings.reading.ignore_xml or media_type is not MediaType.PDF:
        return None, ()
    try:
        return find_einvoice(content, media_type), ()
    except InputError as error:
        return None, (error.failure(),)


def _read_pages(
    file: PdfFile | ImageFile, settings: Settings, engine: OcrEngine
) -> tuple[tuple[Page, ...], tuple[Failure, ...]]:
    ends = time.monotonic() + SOFT_LIMIT * settings.limits.document_seconds
    reader = PixelReader(engine, settings.reading.languages, settings.reading.preprocess)
    pages, failures = [], []
    for number in range(1, file.page_count + 1):
        try:
            pages.append(_read_page(file, number, ends, reader))
        except EnvironmentFault:
            raise
        except BackofficeError as error:
            failures.append(error.failure().model_copy(update={"page": number}))
            pages.append(file.empty_page(number))
    return tuple(pages), tuple(failures)


def _read_page(file: PdfFile | ImageFile, number: int, ends: float, reader: PixelReader) -> Page:
    """The page from its text layer where that can be believed, else from its pixels."""
    if time.monotonic() > ends:
        raise ReaderError("The document took too long; this page was not read.", code="document-timeout")
    text = file.read_text(number)
    page = text.page or reader.read(file.draw(number), number, text.reason)
    return with_hidden(page, text.hidden)
