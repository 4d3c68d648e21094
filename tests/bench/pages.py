"""The pages of a file as pictures, and what bare Tesseract and other commands cost on them, in CPU seconds.

Bare Tesseract is `tesseract PAGE stdout -l fra+eng --psm 3` on every page, rendered at 300 dpi where it comes from a
PDF, with OMP_THREAD_LIMIT=1; rendering is not counted.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageSequence

DPI = 300
BACKOFFICE = str(Path(sys.executable).parent / "backoffice")
LIMITED = {**os.environ, "OMP_THREAD_LIMIT": "1"}


def rendered(file: Path, folder: Path) -> Iterator[Path]:
    """The pages of a PDF at 300 dpi, the frames of a picture as they are, as PNG files."""
    if file.suffix.lower() == ".pdf":
        with pdfium.PdfDocument(file) as document:
            images = [page.render(scale=DPI / 72).to_pil() for page in document]
    else:
        with Image.open(file) as image:
            images = [frame.convert("L") for frame in ImageSequence.Iterator(image)]
    for number, image in enumerate(images, start=1):
        page = folder / f"{file.name}-{number}.png"
        image.save(page, dpi=(DPI, DPI))
        yield page


def bare_cpu(pages: Iterable[Path]) -> float:
    """CPU seconds of Tesseract alone on all pages."""
    return sum(cpu_of("tesseract", str(page), "stdout", "-l", "fra+eng", "--psm", "3") for page in pages)


def cpu_of(*command: str, switches: Mapping[str, str] | None = None) -> float:
    """CPU seconds, user and system, of a command with all its children. A rejected document is no failure here."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**LIMITED, **(switches or {})}
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: {done.stderr.decode()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
