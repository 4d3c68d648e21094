"""Looks at everything this machine must have, and says what to install where something is missing."""

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

from pipeline.errors import BackofficeError
from pipeline.settings import Effort, ReadingSettings, Settings
from schemas.base import Value

MIN_TESSERACT = (5, 0)
MIN_FREE_BYTES = 2**30

_PACKAGES = {
    "pytesseract": "pytesseract",
    "cv2": "opencv-python-headless",
    "pdfplumber": "pdfplumber",
    "pypdfium2": "pypdfium2",
    "pikepdf": "pikepdf",
    "rapidocr": "rapidocr",
    "onnxruntime": "onnxruntime",
    "scipy": "scipy",
    "lxml.etree": "lxml",
    "facturx": "factur-x",
    "saxonche": "saxonche",
    "stdnum": "python-stdnum",
    "sqlalchemy": "sqlalchemy",
    "psycopg": "psycopg",
}

_TO_TRAIN = {"lightgbm": "lightgbm", "sklearn": "scikit-learn"}
"""Packages that `backoffice train` needs and the reading of documents does not."""


class Probe(Value):
    """What was looked at and how it stands. `needed` is False for what only some work needs."""

    name: str
    ok: bool
    detail: str = ""
    remedy: str = ""
    needed: bool = True


def examine(settings: Settings) -> Iterator[Probe]:
    """Every probe of this machine for these settings; none raises."""
    yield from _tesseract(settings.reading.languages)
    yield from (_package(module, name) for module, name in _PACKAGES.items())
    yield from (_package(module, name).model_copy(update={"needed": False}) for module, name in _TO_TRAIN.items())
    yield _tried("second reader", lambda: _second_reader(settings.reading))
    yield _tried("models", lambda: _models(settings.models))
    yield _tried("chromium", _chromium).model_copy(update={"needed": False})
    yield _prefect()
    yield _weasyprint()
    yield _thread_limit()
    yield _network()
    yield _home(settings.home)
    yield _disk(settings.home)
    yield _tried("originals", lambda: _originals(settings))
    yield _database(settings)


def _tesseract(languages: tuple[str, ...]) -> Iterator[Probe]:
    program = shutil.which("tesseract")
    version = re.search(r"tesseract v?(\d+)\.(\d+)\S*", _output("tesseract", "--version") if program else "")
    recent = version is not None and (int(version[1]), int(version[2])) >= MIN_TESSERACT
    yield Probe(
        name="tesseract",
        ok=recent,
        detail=f"{version[0]} ({program})" if version else "not found",
        remedy="" if recent else "apt-get install tesseract-ocr (5.0 or later)",
    )
    installed = set(_output("tesseract", "--list-langs").split()) if program else set()
    for language in (*languages, "osd"):
        found = language in installed
        remedy = "" if found else f"apt-get install tesseract-ocr-{language.replace('_', '-')}"
        yield Probe(name=f"tesseract {language}", ok=found, detail="installed" if found else "missing", remedy=remedy)


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout + done.stderr


def _package(module: str, distribution: str) -> Probe:
    try:
        importlib.import_module(module)
        return Probe(name=distribution, ok=True, detail=metadata.version(distribution))
    except Exception as error:  # a broken native library may raise anything
        return Probe(name=distribution, ok=False, detail=str(error), remedy=f"pip install {distribution}")


def _tried(name: str, look: Callable[[], str]) -> Probe:
    """A probe by doing the thing; `look` says what was found."""
    try:
        return Probe(name=name, ok=True, detail=look())
    except BackofficeError as error:
        return Probe(name=name, ok=False, detail=error.message, remedy=error.specific_remedy)
    except Exception as error:  # what it stands on may be missing or broken
        return Probe(
            name=name, ok=False, detail=f"{type(error).__name__}: {error}", remedy="Install what is named here."
        )


def _chromium() -> str:
    """Where the robot's browser is."""
    # imported here because the doctor also runs where playwright is missing
    from pipeline.posting.robot.browser import find_chromium  # noqa: PLC0415

    return find_chromium()


def _second_reader(reading: ReadingSettings) -> str:
    """Has the second reader load its models and look at white paper."""
    if reading.second_reader is Effort.OFF:
        return "switched off"
    # imported here because the doctor also runs where numpy is missing
    import numpy as np  # noqa: PLC0415

    from pipeline.reading.engines import second_reader  # noqa: PLC0415

    reader = second_reader(reading.second_engine)
    paper = np.full((48, 160), 255, dtype=np.uint8)
    reader.read_strips([paper])
    reader.find_lines(paper)
    return f"{reader.name}, its models load"


def _models(folder: Path | None) -> str:
    """Loads the trained models: the scorer of candidates and the calibration."""
    from pipeline.calibration.model import load_calibration  # noqa: PLC0415
    from pipeline.extract.scoring.scorer import load_scorer  # noqa: PLC0415

    load_scorer(folder)
    load_calibration(folder)
    return f"usable, {f'from {folder}' if folder else 'those of this version'}"


def _originals(settings: Settings) -> str:
    """Asks the archive for an original that cannot be there."""
    from pipeline.intake.originals import open_archive  # noqa: PLC0415

    open_archive(settings).path("0" * 64)
    return f"kept at {settings.originals or settings.archive}"


def _prefect() -> Probe:
    # Looked at without importing it: the import takes seconds and reads its settings for good.
    if importlib.util.find_spec("prefect") is None:
        return Probe(name="prefect", ok=False, detail="missing", remedy="pip install prefect")
    return Probe(name="prefect", ok=True, detail=metadata.version("prefect"))


def _weasyprint() -> Probe:
    probe = _package("weasyprint", "weasyprint")
    remedy = "" if probe.ok else "apt-get install libpango-1.0-0 libpangoft2-1.0-0 (to generate samples)"
    return probe.model_copy(update={"needed": False, "remedy": remedy})


def _thread_limit() -> Probe:
    limit = os.environ.get("OMP_THREAD_LIMIT", "")
    return Probe(
        name="OMP_THREAD_LIMIT",
        ok=limit in {"", "1"},
        detail=limit or "not set; every Tesseract call gets 1",
        remedy="" if limit in {"", "1"} else "unset OMP_THREAD_LIMIT: documents are read in parallel instead",
        needed=False,
    )


def _network() -> Probe:
    """Tried in a process of its own, for what the kernel refuses once it refuses for good."""
    code = "from pipeline.sandbox_walls import refuse_sockets; print(refuse_sockets())"
    refused = _output(sys.executable, "-c", code).strip().endswith("True")
    return Probe(
        name="network of readers",
        ok=refused,
        detail="refused by the kernel" if refused else "refused to Python code alone",
        remedy="" if refused else "Use a kernel with seccomp filters, or a machine of another kind.",
        needed=False,
    )


def _home(home: Path) -> Probe:
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return Probe(name="home", ok=True, detail=f"{home.resolve()} is writable")
    except OSError as error:
        return Probe(name="home", ok=False, detail=str(error), remedy="Choose another one with --home.")


def _disk(home: Path) -> Probe:
    place = next(path for path in (home.resolve(), *home.resolve().parents) if path.exists())
    free = shutil.disk_usage(place).free
    return Probe(
        name="disk",
        ok=free >= MIN_FREE_BYTES,
        detail=f"{free / 2**30:.1f} GiB free",
        remedy="" if free >= MIN_FREE_BYTES else "Make room: originals are kept for ten years.",
    )


def _database(settings: Settings) -> Probe:
    from pipeline.bootstrap import open_the_ledger  # noqa: PLC0415 (the doctor also runs where SQLAlchemy is missing)

    try:
        with open_the_ledger(settings) as ledger:
            documents = sum(ledger.status().documents.values())
    except BackofficeError as error:
        return Probe(name="database", ok=False, detail=error.message, remedy=error.specific_remedy)
    return Probe(name="database", ok=True, detail=f"reachable, tables up to date, {documents} documents")
