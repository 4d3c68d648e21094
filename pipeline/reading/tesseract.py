"""Tesseract, through pytesseract: a picture becomes words with boxes and confidences."""

import os
import re
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytesseract
from PIL import Image

from pipeline.errors import EnvironmentFault, ReaderError
from pipeline.ports import GrayImage
from schemas import Box, TextSource, Word

PAGE_LEVEL, WORD_LEVEL = 1, 5
_COLUMNS = 12
_RULE_MARKS = "|¦"
_ONLY_MARKS = re.compile(r"[|¦_~=`«»<>\\—–]+")


class TesseractEngine:
    """Implements `pipeline.ports.OcrEngine`.

    `page_seconds` is the wall time one picture may take; then the process is killed and ReaderError raised.
    `psm` is Tesseract's page segmentation mode.
    """

    name = "tesseract"

    def __init__(self, page_seconds: float = 60.0, psm: int = 3) -> None:
        self.page_seconds = page_seconds
        self.psm = psm
        # Threads inside Tesseract cost more than they win; documents are read in parallel instead.
        # pytesseract gives its children this process's environment.
        os.environ["OMP_THREAD_LIMIT"] = "1"

    def read_words(self, image: GrayImage, dpi: float, languages: tuple[str, ...]) -> tuple[Word, ...]:
        """Words with boxes in pixels of `image` and confidences from 0 to 1, in Tesseract's reading order.

        Raises ReaderError when Tesseract dies, takes too long or answers nonsense, EnvironmentFault when the
        program or a language is missing.
        """
        with tempfile.TemporaryDirectory(prefix="backoffice-ocr-") as folder:
            path = Path(folder) / "page.tif"
            _write(path, image)
            rows = _rows(self._tsv(path, dpi, languages))
        _check_page(rows, image)
        return tuple(word for row in rows if row.level == WORD_LEVEL for word in _words_of(row))

    def _tsv(self, path: Path, dpi: float, languages: tuple[str, ...]) -> str:
        try:
            answer = pytesseract.image_to_data(
                str(path),
                lang="+".join(languages),
                config=f"--psm {self.psm} --dpi {round(dpi)}",
                timeout=self.page_seconds,
                output_type=pytesseract.Output.STRING,
            )
        except pytesseract.TesseractNotFoundError as error:
            raise EnvironmentFault("Tesseract is not installed.", code="tesseract-missing") from error
        except pytesseract.TesseractError as error:
            raise _told_apart(error, languages) from error
        except RuntimeError as error:  # pytesseract's word for a timeout
            message = f"Tesseract took more than {self.page_seconds:.0f} s for one page."
            raise ReaderError(message, code="ocr-timeout") from error
        return str(answer)


class _Row(NamedTuple):
    """One line of Tesseract's TSV: level 1 is the page, level 5 a word; lengths in pixels."""

    level: int
    left: int
    top: int
    width: int
    height: int
    confidence: float
    text: str


def _write(path: Path, image: GrayImage) -> None:
    """An uncompressed picture: packing it as PNG would cost more time than the disk does.

    Not as PGM: Leptonica reads that with a call for each pixel, a tenth of all the time that Tesseract takes.
    """
    Image.fromarray(image).save(path)


def _rows(tsv: str) -> list[_Row]:
    """The rows of the TSV below its heading; lines with another number of columns are left out."""
    rows = []
    for line in tsv.splitlines()[1:]:
        cells = line.split("\t")
        if len(cells) < _COLUMNS - 1:
            continue
        left, top, width, height = (int(cell) for cell in cells[6:10])
        text = cells[11] if len(cells) >= _COLUMNS else ""
        rows.append(_Row(int(cells[0]), left, top, width, height, float(cells[10]), text))
    return rows


def _check_page(rows: list[_Row], image: GrayImage) -> None:
    """Tesseract can end with status 0 without having read; then the page row is missing or wrong."""
    height, width = image.shape
    if not rows or rows[0].level != PAGE_LEVEL or (rows[0].width, rows[0].height) != (width, height):
        raise ReaderError("Tesseract gave no answer for the page.", code="ocr-nonsense")


def _words_of(row: _Row) -> list[Word]:
    """The word of a row, without the table rules that were read as characters; none when nothing is left."""
    text = row.text.strip().strip(_RULE_MARKS)
    if not text or _ONLY_MARKS.fullmatch(text):
        return []
    box = Box(x0=row.left, y0=row.top, x1=row.left + row.width, y1=row.top + row.height)
    confidence = min(max(row.confidence / 100, 0.0), 1.0)
    return [Word(text=text, box=box, confidence=confidence, source=TextSource.OCR)]


def _told_apart(error: pytesseract.TesseractError, languages: tuple[str, ...]) -> EnvironmentFault | ReaderError:
    """A missing language is the machine's fault, all else the reader's."""
    message = str(error.args[-1])[-500:]
    if "loading language" in message or "opening data file" in message:
        return EnvironmentFault(
            f"Tesseract lacks a language of {'+'.join(languages)}.",
            code="tesseract-language-missing",
            remedy="Install tesseract-ocr-LANGUAGE, or take it out of the setting reading.languages.",
        )
    return ReaderError(f"Tesseract failed: {message}", code="ocr-failed")
