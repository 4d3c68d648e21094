"""The readers that the settings name."""

import pytest

from pipeline.errors import EnvironmentFault
from pipeline.reading.second_reader import PaddleReader
from pipeline.settings import Settings
from pipeline.verify.readers import readers_of
from tests.verify.conftest import drawn_line


def test_the_usual_readers_are_two_that_err_independently() -> None:
    """PP-OCRv6, and Tesseract as a reader of strips."""
    readers = readers_of(Settings())
    assert isinstance(readers.second, PaddleReader)
    assert readers.first.name == "tesseract"
    assert readers.first.read_strips([drawn_line("FA-2026-0417")])[0].text == "FA-2026-0417"


def test_another_second_reader_is_taken_from_the_settings() -> None:
    """A name that leads nowhere is the machine's fault."""
    named = Settings(reading={"second_engine": "tests.verify.conftest:SeesNothing"})
    assert readers_of(named).second.name == "sees"
    with pytest.raises(EnvironmentFault):
        readers_of(Settings(reading={"second_engine": "nowhere"}))
