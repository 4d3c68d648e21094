"""Masks of numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.suppliers.masks import fits, mask_of, merged


@pytest.mark.parametrize(
    ("raw", "mask"),
    [("FA-2026-0012", "FA-####-####"), ("fa  12", "FA ##"), ("2026/03/7", "####/##/#"), ("INV#12", "INV###")],
)
def test_a_mask_shows_digits_as_number_signs(raw, mask):
    """A digit becomes #, letters stay, white space counts once."""
    assert mask_of(raw) == mask


def test_a_mask_may_hide_its_letters():
    """Where letters vary, as in a month's name, @ stands for each."""
    assert mask_of("3 août 2026", keep_letters=False) == "# @@@@ ####"


@given(st.text(alphabet="AB-/. 0123456789", min_size=1).filter(str.strip))
def test_a_value_fits_its_own_mask(raw):
    """What was learned from a value is found again in it."""
    assert fits(raw, [mask_of(raw)]) is True


@pytest.mark.parametrize(
    ("raw", "answer"),
    [("FA-2026-0013", True), ("FA-2026-10013", None), ("AV-2026-0001", False), ("C00417", False), ("20260013", False)],
)
def test_a_value_fits_or_contradicts(raw, answer):
    """Same form speaks for a value; a counter that grew a digit says nothing; another prefix contradicts."""
    assert fits(raw, ["FA-####-####"]) is answer


def test_without_masks_nothing_is_said():
    """What was never learned contradicts nothing."""
    assert fits("FA-1", []) is None


def test_masks_that_differ_in_letters_become_one():
    """Letters that vary are generalised, and what was known already is not listed twice."""
    assert merged(["INV-JAN-##"], ["INV-FEB-##"]) == ("INV-@@@-##",)
    assert merged(["FA-###"], ["FA-####"]) == ("FA-###",)
    assert merged(["FA-###"], ["AV/###"]) == ("FA-###", "AV/###")


def test_a_generalised_mask_takes_any_letters():
    """@ stands for any letter, and for no digit."""
    assert fits("INV-MAR-12", ["INV-@@@-##"]) is True
    assert fits("INV-123-12", ["INV-@@@-##"]) is False
