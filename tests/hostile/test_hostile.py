"""Whatever is dropped in: one outcome with a reason, in time, the original kept, and the service goes on."""

from pathlib import Path

import pytest

from tests.hostile.fates import Fate, put_through, take_all, wrong
from tests.hostile.generate import all_samples, write
from tests.hostile.odd_names import NAMES, lay_out

MOST_SECONDS = 60.0
"""Of the processor's time, so that other programs on the machine do not count."""

OVER_THE_LIMIT = 60 * 2**20
SHORT_PAGE = 30.0
"""Seconds a page in the quick part, so that what never ends does so soon.

A new child needs 3 s of the processor to begin."""
ENDLESS_PAGE = 10.0
"""The same for the one file that never ends."""
ENDLESS = "drawings-of-drawings.pdf"
AMPLE_BYTES = 8 * 2**30
"""What never ends fills memory too: on a fast machine the usual 2 GiB in less than its time, and it died of that. With
so much its time is over first, whatever the machine."""

EXPECTED = {
    "cut-at-50.pdf": ("rejected", "incomplete"),
    "noise-with-header.pdf": ("rejected", "broken-pdf"),
    "zeros.pdf": ("rejected", "unknown-format"),
    "locked.pdf": ("rejected", "encrypted-pdf"),
    "zip-slip.pdf": ("rejected", "unknown-format"),
    "html.pdf": ("rejected", "unknown-format"),
    "same-page-10k.pdf": ("rejected", "too-many-pages"),
    ENDLESS: ("review", "reader-timeout"),
    "xml-outside-file.pdf": ("review", "forbidden-content"),
    "60k-fax.tif": ("rejected", "too-many-pixels"),
    "cut-at-25.jpg": ("rejected", "incomplete"),
    "says-65500.jpg": ("rejected", "too-many-pixels"),
    "60k-1-bit.png": ("rejected", "too-many-pixels"),
    "empty.png": ("rejected", "empty"),
    "laughs.xml": ("rejected", "forbidden-content"),
    "outside-file.xml": ("rejected", "forbidden-content"),
    "deep-100k.xml": ("rejected", "broken-file"),
    "attribute-30m.xml": ("rejected", "too-large"),
    "web-page.xml": ("rejected", "unknown-format"),
    "amount-400-digits.xml": ("review", "unreadable-value"),
    "two-numbers.xml": ("review", "ambiguous-value"),
}
"""What becomes of files whose outcome follows from what is wrong: the decision, and one of the codes."""

OTHERS = (
    "no-pages.pdf", "tree-in-itself.pdf", "spaces-2g-thrice.pdf", "box-200-inches.pdf", "drawing-of-itself.pdf",
    "content-elsewhere.pdf", "says-markup.pdf", "lie-other-letters.pdf", "directory-loop.tif",
)  # fmt: skip
"""Files whose outcome depends on what the libraries make of them."""


@pytest.fixture(scope="module")
def fates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fate]:
    """What became of these files, put through one after the other by the same service; the endless one by itself."""
    folder = tmp_path_factory.mktemp("hostile")
    chosen = (sample for sample in all_samples() if sample.name in {*EXPECTED, *OTHERS})
    files = write(chosen, folder / "files")
    usual = [file for file in files if file.name != ENDLESS]
    endless = [file for file in files if file.name == ENDLESS]
    found = [
        *put_through(usual, folder / "home", page_seconds=SHORT_PAGE),
        *put_through(endless, folder / "ample", page_seconds=ENDLESS_PAGE, memory_bytes=AMPLE_BYTES),
    ]
    return {fate.name: fate for fate in found}


def test_each_file_has_one_outcome_with_a_reason(fates: dict[str, Fate]) -> None:
    """None is lost, none is decided twice, none takes longer than a page may, and each original is kept."""
    assert set(fates) == {*EXPECTED, *OTHERS}
    assert wrong(list(fates.values()), MOST_SECONDS) == []


def test_no_hostile_file_goes_straight_through(fates: dict[str, Fate]) -> None:
    """A person sees it, or it is refused."""
    assert {fate.decision for fate in fates.values()} == {"review", "rejected"}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_outcome_says_what_is_wrong(fates: dict[str, Fate], name: str) -> None:
    """A file at fault is refused; what the reading failed on is a person's to look at."""
    decision, code = EXPECTED[name]
    assert fates[name].decision == decision, fates[name]
    assert code in fates[name].codes, fates[name]


def test_odd_names_are_names_like_any_other(tmp_path: Path) -> None:
    """Every entry is taken in under its name and decided, or is named among what is passed over, with the reason."""
    home = tmp_path / "home"
    entries = lay_out(home / "inbox", content=b"%PDF-1.4\n", large=OVER_THE_LIMIT)
    fates = take_all(home)
    assert len(fates) == entries
    assert entries >= len(NAMES) + 13
    assert wrong(fates, MOST_SECONDS) == []
    by_name = {fate.name: fate for fate in fates}
    passed = {fate.name: fate.codes[0] for fate in fates if fate.decision == "passed over"}
    assert passed["link-outside.pdf"] == passed["link-up"] == "link"
    assert passed["pipe.pdf"] == passed["socket.pdf"] == "no-file"
    assert passed[".hidden.pdf"] == "hidden-name"
    assert passed["a.pdf.part"] == "half-written-name"
    assert passed["~$facture.pdf"] == "lock-name"
    assert by_name["sparse.pdf"].codes == ("too-large",)
    assert by_name["second-link.pdf"].codes == ("already-received",)
    assert not (Path.cwd() / "pwned").exists()


@pytest.mark.real
@pytest.mark.parametrize("family", sorted({sample.family for sample in all_samples()}))
def test_every_file_of_a_family_has_one_outcome(family: str, tmp_path: Path) -> None:
    """The whole set at the usual limits."""
    files = write((sample for sample in all_samples() if sample.family == family), tmp_path / "files")
    fates = put_through(files, tmp_path / "home")
    assert len(fates) == len(files)
    assert wrong(fates, MOST_SECONDS) == []
    assert "straight_through" not in {fate.decision for fate in fates}


@pytest.mark.real
def test_good_files_under_odd_names_are_read(tmp_path: Path) -> None:
    """The same as above with pages that can be read."""
    lay_out(tmp_path / "home" / "inbox")
    fates = take_all(tmp_path / "home")
    assert wrong(fates, MOST_SECONDS) == []
    assert sum(fate.decision == "review" for fate in fates) > len(NAMES) / 2
