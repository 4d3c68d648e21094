"""Letter-spaced texts become whole words; cells and initials stay as they are."""

import pytest

from pipeline.extract.letterspaced import close_up
from schemas import Box, Word

HEIGHT = 10.0


def row(*pieces: tuple[str, float]) -> list[Word]:
    """Words with the gap before each, in points; a character is 6 points wide."""
    words, x = [], 0.0
    for text, gap in pieces:
        x += gap
        words.append(Word(text=text, box=Box(x0=x, y0=0, x1=x + 6 * len(text), y1=HEIGHT)))
        x += 6 * len(text)
    return words


def texts(words) -> list[str]:
    return [word.text for word in words]


def spaced(text: str, letter: float = 2.0, space: float = 8.0) -> list[tuple[str, float]]:
    return [
        (char, space if before == " " else letter)
        for before, char in zip(" " + text, text, strict=False)
        if char != " "
    ]


@pytest.mark.parametrize("text", ["FACTURE", "FACTURE n° F00001040", "NOTE DE CREDIT"])
def test_spaced_letters_become_words_at_the_wider_gaps(text):
    """Single characters at one distance are a word; a gap nearly twice as wide parts two."""
    assert texts(close_up(row(*spaced(text)))) == text.split()


def test_two_letters_that_kerning_left_together_belong_to_the_word():
    """As in "FA C T U R E"."""
    assert texts(close_up(row(("FA", 0), ("C", 2), ("T", 2), ("U", 2), ("R", 2), ("E", 2)))) == ["FACTURE"]


def test_a_number_sign_behind_spaced_letters_stays_apart():
    """It is no pair of letters that kerning left together."""
    assert texts(close_up(row(*spaced("FACTURE"), ("N°", 2.6), ("VF25", 2.6)))) == ["FACTURE", "N°", "VF25"]


def test_a_whole_word_behind_spaced_letters_stays_apart():
    """A number that is printed as usual begins a word of its own, however near it stands."""
    pieces = (*spaced("FACTURE"), ("2504313", 2.6), ("du", 3))
    assert texts(close_up(row(*pieces))) == ["FACTURE", "2504313", "du"]


@pytest.mark.parametrize(
    "pieces",
    [
        (("J", 0), ("P", 2), ("Martin", 3)),
        (("1", 0), ("A", 40), ("2", 40), ("B", 40), ("3", 40)),
        (("1", 0), ("2", 9), ("B", 9), ("3", 9)),
        (("06", 0), ("12", 3), ("34", 3), ("56", 3), ("78", 3)),
        (("1", 0), ("2", 3), ("3", 3), ("4", 3)),
    ],
    ids=["initials", "cells", "near cells", "telephone", "figures alone"],
)
def test_what_is_no_letter_spaced_text_stays_as_it_is(pieces):
    """Initials, cells of a table, telephone numbers and single figures are not joined."""
    words = row(*pieces)
    assert close_up(words) == tuple(words)


def test_the_word_covers_its_letters():
    """Its box is around all of them and its confidence their mean."""
    words = [
        word.model_copy(update={"confidence": 0.5 + 0.1 * place}) for place, word in enumerate(row(*spaced("TVA!")))
    ]
    (joined,) = close_up(words)
    assert (joined.box.x0, joined.box.x1) == (words[0].box.x0, words[-1].box.x1)
    assert joined.confidence == pytest.approx(0.65)
