"""What lies in the drop folder and is not taken is named, with the reason."""

import os
from pathlib import Path

from pipeline.intake.files import list_files
from pipeline.intake.passed_over import MESSAGES, passed_over

NAMES = {
    ".hidden.pdf": "hidden-name",
    "a.pdf.part": "half-written-name",
    "~$facture.pdf": "lock-name",
    "Thumbs.db": "litter-name",
}


def test_every_entry_is_taken_or_named(tmp_path: Path) -> None:
    """A file with a usual name is listed, all else is passed over with a code; nothing is both or neither."""
    for name in (*NAMES, "good.pdf", "...pdf", "sub/deep.pdf", "sub/.DS_Store"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link.pdf").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "sub" / "pipe.pdf")
    found = {entry.name: entry.code for entry in passed_over(tmp_path)}
    assert found == NAMES | {"link.pdf": "link", "sub/pipe.pdf": "no-file", "sub/.DS_Store": "hidden-name"}
    assert {path.name for path, _ in list_files(tmp_path)} == {"good.pdf", "...pdf", "deep.pdf"}


def test_a_hidden_folder_is_one_entry_and_our_own_is_none(tmp_path: Path) -> None:
    """What is inside a hidden folder is not told one by one; where claimed files wait is no entry at all."""
    for folder in (".git", ".claimed"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.pdf").touch()
    assert [entry.name for entry in passed_over(tmp_path, tmp_path / ".claimed")] == [".git"]
    assert list(passed_over(tmp_path / "nowhere")) == []


def test_names_are_shown_without_harm_and_each_code_has_words(tmp_path: Path) -> None:
    """Control characters become escapes; the message says why."""
    (tmp_path / ".a\x1b[31m\n.pdf").touch()
    (entry,) = passed_over(tmp_path)
    assert entry.name == ".a\\x1b[31m\\n.pdf"
    assert entry.message == MESSAGES["hidden-name"]
