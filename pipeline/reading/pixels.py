"""A picture of a page becomes a page of words."""

from pipeline.ports import OcrEngine
from pipeline.reading.picture import Picture
from schemas import Box, Page, TextSource, Word


def read_picture(
    picture: Picture, number: int, languages: tuple[str, ...], engine: OcrEngine, reason: str = ""
) -> Page:
    """Reads one picture with OCR. `reason`: why the text layer was not used. Raises ReaderError."""
    words = engine.read_words(picture.pixels, picture.dpi, languages[:2])
    return Page(
        number=number,
        width=picture.width,
        height=picture.height,
        words=tuple(_in_points(word, 72 / picture.dpi) for word in words),
        source=TextSource.OCR,
        dpi=picture.dpi,
        steps=(f"text-layer:{reason}",) if reason else (),
    )


def _in_points(word: Word, scale: float) -> Word:
    box = word.box
    placed = Box(x0=box.x0 * scale, y0=box.y0 * scale, x1=box.x1 * scale, y1=box.y1 * scale)
    return word.model_copy(update={"box": placed})
