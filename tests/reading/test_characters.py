from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.characters import clean_text, count_rubbish


def test_ligatures_and_wide_letters_become_plain_ones():
    """Ligatures and wide letters become the letters that a person would type."""
    assert clean_text("o\ufb03ce \uff26\uff21\uff11") == "office FA1"


def test_quantities_keep_their_meaning():
    """Fractions, powers and currency signs stay, since replacing them would change a quantity."""
    assert clean_text("½ m² 5 € №") == "½ m² 5 € №"


def test_hyphens_are_one_character():
    """Soft, typographic and minus hyphens all become "-", and characters without ink vanish."""
    assert clean_text("FA\u00ad2026\u2010\u200b01 \u22125,00") == "FA-2026-01 -5,00"


def test_accents_are_composed():
    """A letter and its accent become one character."""
    assert clean_text("e\u0301che\u0301ance") == "échéance"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str):
    """Cleaned text is clean."""
    once = clean_text(text)
    assert clean_text(once) == once


def test_rubbish_is_counted():
    """Undecoded glyphs, private, control and replacement characters count; letters, signs and spaces do not."""
    assert count_rubbish("(cid:12)\ue001\x03\ufffd") == 4
    assert count_rubbish("Total : 1 234,56 €\n") == 0
