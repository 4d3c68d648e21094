"""What reading costs over bare Tesseract on the same pages, in CPU seconds, children counted, measured in one run.

    python -m tests.bench.ocr_ratio [FILE...]     default: the scans, photos and faxes of samples/set

Reading is `read_document` with the text layer and any XML ignored by choice of the files: rendering, preprocessing,
every pass of Tesseract. Bare Tesseract is `tesseract PAGE stdout -l fra+eng --psm 3` on each page as it is drawn, at
300 dpi where it comes from a PDF; drawing is not counted there. Both run with OMP_THREAD_LIMIT=1.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from rich.console import Console
from rich.table import Table

from pipeline.reading.images import ImageFile
from pipeline.reading.pdf import PdfFile
from pipeline.reading.picture import Picture
from pipeline.reading.read import read_document
from pipeline.reading.tesseract import TesseractEngine
from pipeline.settings import ReadingSettings, Settings
from schemas import MediaType, TextSource

SAMPLES = Path(__file__).parents[2] / "samples" / "set"
NAMES = ("scan-*", "degraded-*", "photo-*", "fax-*", "tiff-*")
MEDIA = {
    ".pdf": MediaType.PDF, ".tif": MediaType.TIFF, ".jpg": MediaType.JPEG, ".png": MediaType.PNG,
}  # fmt: skip


def main() -> None:
    """Measure file by file and print the sums."""
    files = [Path(name) for name in sys.argv[1:]] or [file for name in NAMES for file in sorted(SAMPLES.glob(name))]
    settings = Settings(reading=ReadingSettings(ignore_xml=True))
    engine = TesseractEngine()
    table = Table("file", "pages read from pixels", "reading, s", "bare Tesseract, s", "ratio")
    total_reading = total_bare = 0.0
    for file in files:
        before = cpu_seconds()
        reading = read_document(file.read_bytes(), MEDIA[file.suffix], settings, engine)
        spent = cpu_seconds() - before
        numbers = [page.number for page in reading.pages if page.source is TextSource.OCR]
        if not numbers:
            continue
        bare = sum(bare_seconds(picture) for picture in pictures(file, settings, numbers))
        table.add_row(file.name, str(len(numbers)), f"{spent:.2f}", f"{bare:.2f}", f"{spent / bare:.2f}")
        total_reading, total_bare = total_reading + spent, total_bare + bare
    if not total_bare:
        sys.exit("None of the files has a page that is read from its pixels.")
    table.add_row("all", "", f"{total_reading:.2f}", f"{total_bare:.2f}", f"{total_reading / total_bare:.2f}")
    Console(width=100).print(table)


def pictures(file: Path, settings: Settings, numbers: list[int]) -> Iterator[Picture]:
    """The pages as they are drawn, before any preprocessing."""
    content = file.read_bytes()
    pages = PdfFile(content, settings) if file.suffix == ".pdf" else ImageFile(content, settings)
    return (pages.draw(number) for number in numbers)


def bare_seconds(picture: Picture) -> float:
    """CPU seconds of Tesseract alone on one page."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        Image.fromarray(picture.pixels).save(path, dpi=(picture.dpi, picture.dpi))
        before = cpu_seconds()
        subprocess.run(
            ["tesseract", str(path), "stdout", "-l", "fra+eng", "--psm", "3"],
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            capture_output=True,
            check=True,
        )
        return cpu_seconds() - before


def cpu_seconds() -> float:
    """User and system time of this process and its ended children."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


if __name__ == "__main__":
    main()
