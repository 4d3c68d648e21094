"""Untrusted bytes are parsed in child processes alone: their parents do not even import what parses them."""

import subprocess
import sys
from pathlib import Path

import pytest

PARSERS = {"pypdfium2", "pdfplumber", "pdfminer", "pikepdf", "cv2", "rapidocr", "onnxruntime", "pytesseract"}
DECODERS = {"PIL.JpegImagePlugin", "PIL.PngImagePlugin", "PIL.TiffImagePlugin", "PIL.WebPImagePlugin"}
ROOT = Path(__file__).parents[1]
READ = """
from pathlib import Path
from pipeline.batch import list_sources, process_sources
from pipeline.bootstrap import load_settings, open_world
with open_world(load_settings(Path(sys.argv[1]), workers=1)) as world:
    results = list(process_sources(list_sources(map(Path, sys.argv[2:])), world))
assert len(results) == len(sys.argv) - 2
"""
SERVE = """
from pipeline.bootstrap import SystemClock, load_settings
from pipeline.web.app import create_app
from pipeline.web.services import open_services
from pathlib import Path
with open_services(load_settings(Path(sys.argv[1])), SystemClock()) as services:
    create_app(services)
"""
COLLECT = """
from pathlib import Path
from pipeline.batch import take_inbox
from pipeline.bootstrap import load_settings, open_world
with open_world(load_settings(Path(sys.argv[1]), workers=1).model_copy(update={"settle_seconds": 0.0})) as world:
    assert len(take_inbox(world)) == 3
"""


@pytest.fixture(scope="module")
def samples() -> list[Path]:
    return [ROOT / "samples/set" / name for name in ("native-fr-1.pdf", "photo-fr.jpg", "ubl-fr.xml")]


def imported(program: str, *arguments: Path) -> set[str]:
    """The modules that a process holds after a program."""
    code = f"import sys\n{program}\nprint(*sys.modules, sep=chr(10), file=sys.stderr)"
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return set(done.stderr.splitlines())


@pytest.mark.parametrize("program", [READ, SERVE, COLLECT], ids=["read", "serve", "collect"])
def test_a_parent_imports_no_parser_of_documents(program: str, samples: list[Path], tmp_path: Path) -> None:
    """Reading, serving and collecting leave PDFs and pictures to the children, down to the import."""
    if program is COLLECT:
        (tmp_path / "inbox").mkdir()
        for sample in samples:
            (tmp_path / "inbox" / sample.name).write_bytes(sample.read_bytes())
    modules = imported(program, tmp_path, *(samples if program is READ else ()))
    assert "pipeline.sandbox" in modules or program is SERVE
    assert not modules & (PARSERS | DECODERS)


def test_a_child_does_import_them(samples: list[Path], tmp_path: Path) -> None:
    """The test above can fail: the work itself needs the parsers."""
    modules = imported("import pipeline.understand", tmp_path)
    assert modules >= {"pypdfium2", "pdfplumber", "pikepdf", "cv2"}
