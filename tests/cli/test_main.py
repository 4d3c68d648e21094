"""Start-up, exit codes and errors of the command line."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from pipeline.cli.exits import Exit
from pipeline.cli.main import main
from pipeline.errors import BrokenFile, EnvironmentFault, StoreError

Run = Callable[..., Result]
SIGNALS = (signal.SIGINT, signal.SIGTERM)
HEAVY = {"prefect", "cv2", "pdfplumber", "pypdfium2", "pytesseract", "sqlalchemy", "lxml", "saxonche", "numpy"}


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    """The program says what becomes of signals; the tests go on in the same process."""
    before = [signal.getsignal(number) for number in SIGNALS]
    yield
    for number, handler in zip(SIGNALS, before, strict=True):
        signal.signal(number, handler)


def end(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    """The exit code of the program with these words."""
    monkeypatch.setattr(sys, "argv", ["backoffice", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_the_command_line_starts_without_heavy_libraries(python: Callable[[str], str]) -> None:
    """Help and mistakes are answered at once."""
    loaded = python("import sys, pipeline.cli.main; print(*(name for name in sys.modules if '.' not in name))")
    assert not HEAVY & set(loaded.split())


def test_process_never_imports_prefect(python: Callable[[str], str], tmp_path: Path) -> None:
    """Its import and its server take seconds that `process` saves."""
    (tmp_path / "note.txt").write_text("hello")
    program = f"""
import sys
from typer.testing import CliRunner
from pipeline.cli.main import app
result = CliRunner().invoke(app, ["process", {str(tmp_path / "note.txt")!r}, "--home", {str(tmp_path / "home")!r}])
print(result.exit_code, "prefect" in sys.modules, "flows" in sys.modules)
"""
    assert python(program).split() == ["1", "False", "False"]


def test_help_documents_every_exit_code(run: Run) -> None:
    """`--help` is where one looks for them."""
    text = run("--help").output
    assert all(str(code.value) in text for code in Exit)


def test_wrong_usage_is_2(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A path that is not there, an option that is not there, no path at all."""
    assert end(monkeypatch, "process", tmp_path / "nowhere") == Exit.USAGE
    assert end(monkeypatch, "process", tmp_path, "--fast") == Exit.USAGE
    assert end(monkeypatch, "process") == Exit.USAGE


def test_a_home_that_cannot_be_written_is_3(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With code, sentence and remedy, without a traceback."""
    (tmp_path / "file").touch()
    assert end(monkeypatch, "status", "--home", tmp_path / "file" / "home") == Exit.ENVIRONMENT
    said = capsys.readouterr().err
    assert said.startswith("home: ")
    assert "What to do: Choose another one with --home" in said
    assert "Traceback" not in said


def test_a_database_that_is_away_is_4(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Trying again later may help, so it has a code of its own."""
    monkeypatch.setenv("BACKOFFICE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert end(monkeypatch, "status", "--home", tmp_path) == Exit.STORE
    assert capsys.readouterr().err.startswith("store: ")


def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not as a validation error of a library."""
    monkeypatch.setenv("BACKOFFICE_CHUNK_SIZE", "many")
    assert end(monkeypatch, "status", "--home", tmp_path) == Exit.REJECTED
    assert capsys.readouterr().err.startswith("bad-settings: chunk_size: ")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BrokenFile("It is cut off."), Exit.REJECTED),
        (EnvironmentFault("No Tesseract."), Exit.ENVIRONMENT),
        (StoreError("The disk is full."), Exit.STORE),
        (ZeroDivisionError("division by zero"), Exit.FAULT),
    ],
)
def test_an_error_ends_with_its_code_and_its_words(
    error: Exception,
    code: Exit,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Also one that nobody foresaw."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("pipeline.bootstrap.load_settings", fail)
    assert end(monkeypatch, "status", "--home", tmp_path) == code
    said = capsys.readouterr().err
    assert str(error) in said
    assert "What to do" in said
    assert "Traceback" not in said


def test_show_of_an_unknown_document_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what to try instead."""
    assert end(monkeypatch, "show", "nothing.pdf", "--home", tmp_path) == Exit.REJECTED
    assert capsys.readouterr().err.startswith("not-found: No document is called nothing.pdf.")
