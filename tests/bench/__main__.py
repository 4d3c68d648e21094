"""What the whole pipeline costs over bare Tesseract on the same pages, in CPU seconds, measured in one run.

    python -m tests.bench [FILE_OR_FOLDER...]     default: the scans, photos and faxes of samples/set

Bare Tesseract is `tesseract PAGE stdout -l fra+eng --psm 3` on every page, rendered at 300 dpi where it comes from a
PDF, with OMP_THREAD_LIMIT=1; rendering is not counted. The pipeline is `backoffice process` in a new home: its start,
rendering, preprocessing, every pass of Tesseract, extraction, rules, archive and database.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageSequence
from rich.console import Console
from rich.table import Table

SAMPLES = Path(__file__).parents[2] / "samples" / "set"
PIXEL_KINDS = {"scan", "degraded", "photo", "fax", "tiff"}
DPI = 300
LIMITED = {**os.environ, "OMP_THREAD_LIMIT": "1"}


def main() -> None:
    """Measure and print."""
    files = sorted(given(sys.argv[1:]))
    with tempfile.TemporaryDirectory(prefix="backoffice-bench-") as scratch:
        folder = Path(scratch)
        pages = [page for file in files for page in rendered(file, folder)]
        bare = bare_cpu(pages)
        backoffice = str(Path(sys.executable).parent / "backoffice")
        home, out = folder / "home", folder / "out.jsonl"
        start = cpu_of(backoffice, "status", "--home", str(folder / "empty"))
        whole = cpu_of(
            backoffice, "process", "--workers", "1", "--home", str(home), "--out", str(out), *map(str, files)
        )
        inside = sum(sum(json.loads(line)["seconds"].values()) for line in out.read_text("utf-8").splitlines())
    show(len(files), len(pages), {"start": start, "whole": whole, "reading and understanding": inside}, bare)


def given(arguments: list[str]) -> Iterator[Path]:
    """The files to measure on."""
    if not arguments:
        rows = map(json.loads, (SAMPLES / "truth.jsonl").read_text("utf-8").splitlines())
        yield from (SAMPLES / row["file"] for row in rows if row["kind"] in PIXEL_KINDS)
    for path in map(Path, arguments):
        yield from (one for one in path.iterdir() if one.suffix != ".jsonl") if path.is_dir() else [path]


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


def show(files: int, pages: int, seconds: dict[str, float], bare: float) -> None:
    """Print the figures and the ratios."""
    table = Table(title=f"{files} files, {pages} pages, CPU seconds", title_justify="left")
    for name in ("what", "in all", "a page", "over bare Tesseract"):
        table.add_column(name, justify="left" if name == "what" else "right")
    names = {
        "start": "backoffice: starting the program alone",
        "reading and understanding": "backoffice: what the readers took",
        "whole": "backoffice process: everything",
    }
    table.add_row("tesseract -l fra+eng --psm 3", f"{bare:.1f}", f"{bare / pages:.2f}", "1.00")
    for key, name in names.items():
        value = seconds[key]
        table.add_row(name, f"{value:.1f}", f"{value / pages:.2f}", f"{value / bare:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
