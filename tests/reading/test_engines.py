"""Readers by name."""

import pytest

from pipeline.errors import EnvironmentFault
from pipeline.reading.engines import KNOWN, second_reader
from pipeline.reading.second_reader import PaddleReader


def test_a_known_name_is_a_reader_that_is_made_once() -> None:
    """Its models are large; a process loads them once."""
    assert isinstance(second_reader("pp-ocrv6"), PaddleReader)
    assert second_reader("pp-ocrv6") is second_reader("pp-ocrv6")


def test_another_engine_is_named_by_its_module_and_class() -> None:
    """It can be tried by configuration."""
    assert type(second_reader("tests.verify.conftest:SeesNothing")).__name__ == "SeesNothing"


@pytest.mark.parametrize(
    "name",
    ["", "no-such-reader", "no.such.module:Reader", "pipeline.reading.engines:Nothing", "tests.verify.conftest:Sees"],
)
def test_a_name_that_leads_nowhere_is_the_machines_fault(name: str) -> None:
    """The remedy says what may stand there."""
    with pytest.raises(EnvironmentFault) as caught:
        second_reader(name)
    assert caught.value.specific_code == "second-reader-missing"
    assert all(known in caught.value.specific_remedy for known in KNOWN)
