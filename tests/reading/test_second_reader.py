"""PP-OCRv6, on small pictures."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import EnvironmentFault, ReaderError
from pipeline.ports import Strip
from pipeline.reading.engines import second_reader
from pipeline.reading.second_reader import LONGEST_STRIP, PaddleReader
from pipeline.reading.strips import words_of
from schemas import Box
from tests.verify.conftest import drawn_line

NOTHING = Strip("", 0.0)


@pytest.fixture(scope="module")
def reader() -> PaddleReader:
    """The one of this process, so that its models load once."""
    return second_reader("pp-ocrv6")


@pytest.mark.parametrize(
    "text", ["1 234,56 €", "Réf. ÀÉÕÜß-2026", "03/03/2026", "GB29 NWBK 6016 1331 9268 19", "£1,471.60 (VAT)"]
)
def test_print_is_read_with_accents_and_signs(reader: PaddleReader, text: str) -> None:
    """Spaces apart, which a model of lines guesses."""
    (strip,) = reader.read_strips([drawn_line(text)])
    assert strip.text.replace(" ", "") == text.replace(" ", "")
    assert strip.confidence > 0.8
    assert len(strip.marks) == len(strip.text)


def test_white_print_on_dark_is_read(reader: PaddleReader) -> None:
    """Totals stand in coloured boxes."""
    (strip,) = reader.read_strips([drawn_line("720,00", ink=250, paper=40)])
    assert strip.text == "720,00"


def test_strips_keep_their_order(reader: PaddleReader) -> None:
    """Whatever their width; those without pixels, and long rules, have no text."""
    empty, rule = np.zeros((0, 12), np.uint8), np.zeros((2, 3 * LONGEST_STRIP), np.uint8)
    strips = [drawn_line("12,00"), empty, drawn_line("Boulangerie Martin SARL"), rule, drawn_line("7")]
    read = reader.read_strips(strips)
    assert [strip.text for strip in read] == ["12,00", "", "Boulangerie Martin SARL", "", "7"]
    assert read[1] == read[3] == NOTHING


def test_without_strips_there_is_no_answer(reader: PaddleReader) -> None:
    """And white paper has no text."""
    assert reader.read_strips([]) == ()
    assert reader.read_strips([np.full((48, 200), 255, np.uint8)])[0].text == ""


def test_characters_are_marked_where_they_stand(reader: PaddleReader) -> None:
    """Within a character's width, so that words can be parted."""
    left, right = drawn_line("Total", margin=4), drawn_line("45,00", margin=4)
    gap = np.full((max(left.shape[0], right.shape[0]), 300), 255, np.uint8)
    line = np.full((gap.shape[0], left.shape[1] + 300 + right.shape[1]), 255, np.uint8)
    line[: left.shape[0], : left.shape[1]] = left
    line[: right.shape[0], -right.shape[1] :] = right
    height, width = line.shape
    words = words_of(reader.read_strips([line])[0], Box(x0=0, y0=0, x1=width, y1=height))
    assert [word.text for word in words] == ["Total", "45,00"]
    assert words[0].box.x1 < left.shape[1] + 40
    assert words[1].box.x0 > width - right.shape[1] - 40


def test_lines_are_found_on_a_page(reader: PaddleReader) -> None:
    """Each with a box around its ink; rules are no lines."""
    page = np.full((800, 600), 255, np.uint8)
    tops = (100, 300, 500)
    for top in tops:
        strip = drawn_line("FACTURE numéro 417", height=30)
        page[top : top + strip.shape[0], 50 : 50 + strip.shape[1]] = strip
    page[650:653, 50:550] = 0
    boxes = reader.find_lines(page)
    assert len(boxes) == len(tops)
    for box, top in zip(boxes, tops, strict=True):
        assert box.y0 == pytest.approx(top, abs=15)
        assert box.x0 == pytest.approx(50, abs=20)
    assert reader.find_lines(np.full((300, 300), 255, np.uint8)) == ()


@pytest.mark.parametrize("error", [RuntimeError("onnxruntime says no"), MemoryError(), ValueError("first\nlast")])
def test_what_the_libraries_raise_is_a_failure_of_the_reader(error: Exception) -> None:
    """The document goes on without its second reading."""

    def fails(_: object) -> None:
        raise error

    broken = PaddleReader()
    broken.__dict__.update(_recogniser=fails, _detector=fails)
    picture = np.zeros((48, 200), np.uint8)
    for ask in (lambda: broken.read_strips([picture]), lambda: broken.find_lines(picture)):
        with pytest.raises(ReaderError) as caught:
            ask()
        assert caught.value.specific_code == "second-reader-failed"
        assert type(error).__name__ in caught.value.message
        assert "first" not in caught.value.message


def test_models_that_do_not_load_are_the_machines_fault() -> None:
    """Unless there was no memory left for them."""

    class Missing:
        def __init__(self, error: Exception) -> None:
            self._error = error

        def _load_rec_model(self) -> None:
            raise self._error

        _load_det_model = _load_rec_model

    picture = np.zeros((48, 200), np.uint8)
    for error, expected in ((FileNotFoundError("PP-OCRv6_rec.onnx"), EnvironmentFault), (MemoryError(), ReaderError)):
        broken = PaddleReader()
        broken.__dict__["_models"] = Missing(error)
        for ask in (lambda reader: reader.read_strips([picture]), lambda reader: reader.find_lines(picture)):
            with pytest.raises(expected):
                ask(broken)


def test_nothing_is_reported_to_the_maker_of_the_runtime(tmp_path: Path) -> None:
    """onnxruntime keeps a device id and a queue of what it would report in the home folder, unless told not to."""
    code = (
        "import numpy as np; from pipeline.reading.engines import second_reader; "
        "second_reader('pp-ocrv6').read_strips([np.full((40, 200), 255, np.uint8)])"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | {"HOME": str(tmp_path)})
    assert not [path for path in tmp_path.rglob("*") if "onnx" in path.name or path.name == "deviceid"]
