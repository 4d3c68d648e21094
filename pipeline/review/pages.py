"""The pages of a document read again, for what is learned from a decision; runs in a child process, which may die."""

from pathlib import Path

from pipeline.settings import Settings
from schemas import MediaType, Page


def read_pages(path: Path, media_type: MediaType, settings: Settings) -> tuple[Page, ...]:
    """The words of all pages, as the first reader sees them; none of an e-invoice without pages.

    Raises BackofficeError for a document that cannot be read.
    """
    from pipeline.reading.read import read_document  # noqa: PLC0415 (only the child imports the readers)
    from pipeline.reading.tesseract import TesseractEngine  # noqa: PLC0415

    engine = TesseractEngine(page_seconds=settings.limits.page_seconds)
    return read_document(path.read_bytes(), media_type, settings, engine).pages
