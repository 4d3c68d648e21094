import subprocess
import sys

import numpy as np
import pytest

from pipeline.errors import EnvironmentFault, ReaderError
from pipeline.reading.tesseract import TesseractEngine


def test_words_are_read_with_boxes_and_confidence(draw, invoice_lines):
    """Real Tesseract reads a drawn page; boxes are in pixels of the picture and lie on its ink."""
    page = draw()
    words = TesseractEngine().read_words(page, 200, ("fra", "eng"))
    text = " ".join(word.text for word in words)
    assert "FA-2026-0417" in text
    assert "720,00" in text
    number = next(word for word in words if word.text == "FA-2026-0417")
    assert number.confidence > 0.8
    box = number.box
    inside = page[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)]
    assert (inside < 128).mean() > 0.1
    assert 150 < box.x0 < box.x1 < 900


def test_table_rules_are_no_words(draw):
    """Lines beside the figures are neither words nor part of words."""
    page = draw(("Total 720,00", "TVA 120,00", "Net 600,00"))
    page[150:520, 130:134] = 0
    page[150:520, 470:474] = 0
    words = TesseractEngine().read_words(page, 200, ("eng",))
    assert words
    assert not any("|" in word.text for word in words)


def test_an_empty_page_has_no_words():
    """Nothing is read where nothing is written."""
    assert TesseractEngine().read_words(np.full((600, 400), 255, np.uint8), 72, ("eng",)) == ()


def test_a_page_that_takes_too_long_is_given_up(draw):
    """The process is killed at the limit, and the error says so."""
    with pytest.raises(ReaderError) as caught:
        TesseractEngine(page_seconds=0.05).read_words(draw(), 200, ("fra", "eng"))
    assert caught.value.specific_code == "ocr-timeout"


def test_a_missing_language_is_told_apart(draw):
    """A language that is not installed is this machine's fault, and the remedy says what to do."""
    with pytest.raises(EnvironmentFault) as caught:
        TesseractEngine().read_words(draw(), 200, ("xxx",))
    assert "Install" in caught.value.specific_remedy


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("#!/bin/sh\necho no idea >&2\nexit 3\n", "ocr-failed"),
        ("#!/bin/sh\nfor o; do :; done\n: > $2.tsv\n", "ocr-nonsense"),
    ],
    ids=["dies", "says nothing"],
)
def test_a_tesseract_that_fails_raises(tmp_path, monkeypatch, draw, program: str, code: str):
    """A Tesseract that dies, or ends well without an answer, is a failure of the reader."""
    fake = tmp_path / "tesseract"
    version = '[ "$1" = --version ] && echo "tesseract 5.3.0" && exit 0\n'
    first, rest = program.split("\n", 1)
    fake.write_text(f"{first}\n{version}{rest}")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(ReaderError) as caught:
        TesseractEngine().read_words(draw(), 200, ("eng",))
    assert caught.value.specific_code == code


def test_children_run_on_one_thread():
    """Making an engine limits Tesseract to one thread, in this process's children and nowhere at import."""
    script = (
        "import os; from pipeline.reading import tesseract; before = os.environ.get('OMP_THREAD_LIMIT');"
        "tesseract.TesseractEngine(); print(before, os.environ['OMP_THREAD_LIMIT'])"
    )
    done = subprocess.run([sys.executable, "-c", script], env={"PATH": ""}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", "1"]
