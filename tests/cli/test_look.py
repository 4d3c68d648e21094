"""`backoffice status` and `show` where names are odd."""

import json
from collections.abc import Callable
from pathlib import Path

from schemas import Document, MediaType

ODD = "a[red].pdf"


def test_status_names_what_is_not_taken(tmp_path: Path, run: Callable) -> None:
    """What stays in the drop folder for ever is told, for a person and for a program."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / f".{ODD}").touch()
    (inbox / "good.pdf").touch()
    shown = run("status", "--home", tmp_path)
    assert shown.exit_code == 0, shown.exception
    assert "1 entries of the drop folder are not taken" in " ".join(shown.stdout.split())
    assert "hidden-name" in shown.stdout
    (entry,) = json.loads(run("status", "--home", tmp_path, "--json").stdout)["passed_over"]
    assert (entry["name"], entry["code"]) == (f".{ODD}", "hidden-name")


def test_a_name_is_no_markup(settings, sqlite_ledger, clock, run: Callable) -> None:
    """A file name in square brackets is shown as it is, and ends no style that was never begun."""
    document = Document(
        client_id="main", sha256="ab" * 32, file_name=ODD, size=1, media_type=MediaType.PDF, received_at=clock.now()
    )
    sqlite_ledger.register(document, "test")
    shown = run("show", "abab", "--home", settings.home)
    assert shown.exit_code == 0, shown.exception
    assert ODD in shown.stdout
