"""What fuzzing holds the parsers to, tried on seeds, on what was found before, and on texts of Hypothesis."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import seeds_of, words_of
from tests.fuzz.targets import TARGETS
from tests.fuzz.trees import BASES, grown

FOUND = sorted(path for path in (Path(__file__).parent / "found").rglob("*") if path.is_file())
EXAMPLES = 100


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_hold(name: str) -> None:
    """What fuzzing starts from is right."""
    for seed in seeds_of(name):
        TARGETS[name](seed)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_is_mended(path: Path) -> None:
    """Every input that ever made a target fail holds now; its folder names the target."""
    TARGETS[path.parent.name](path.read_bytes())


def texts_with(name: str) -> st.SearchStrategy[str]:
    """Texts made of the words that the target knows, of figures and marks, and of anything."""
    marks = st.sampled_from(list("0123456789.,-/'() \t\n\u202f%:°"))
    return st.lists(st.one_of(st.sampled_from(words_of(name)), marks, st.text(max_size=3)), max_size=25).map("".join)


@pytest.mark.parametrize("name", ["amounts", "dates", "labels"])
def test_texts_hold(name: str) -> None:
    """No text that Hypothesis puts together makes a parser fail."""

    @settings(max_examples=EXAMPLES)
    @given(texts_with(name))
    def holds(text: str) -> None:
        TARGETS[name](text.encode("utf-8", "surrogatepass"))

    holds()


@settings(max_examples=EXAMPLES)
@given(st.binary(max_size=60))
def test_changed_e_invoices_hold(changes: bytes) -> None:
    """No change of the elements of a right e-invoice makes its reading fail."""
    TARGETS["xml"](b"\1" + changes)


def test_changes_do_change() -> None:
    """The bytes choose the e-invoice and what is done to it; without any it is as it was."""
    assert grown(b"").count(b"<") == BASES[0].count(b"<")
    assert b"119,00" in grown(b"\0\5\x06119,00")
    assert grown(b"\1") != grown(b"\0")


USED = {"amounts": "parse_amount", "dates": "find_dates", "labels": "find_labels", "xml": "read_invoice"}


@pytest.mark.parametrize("name", USED)
def test_a_target_can_fail(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that raises is found by a seed."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(f"tests.fuzz.targets.{USED[name]}", broken)
    with pytest.raises(ZeroDivisionError):
        TARGETS[name](seeds_of(name)[0])
