"""Words become rows, segments and blocks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.layout import blocks_of, lines_of, union
from schemas import Box, Page, Word


def texts(lines):
    return [line.text for line in lines]


def test_words_of_one_height_are_one_line(page_of):
    """Left and right of the page belong together, whatever order they come in."""
    page = page_of((400, 60, "le 3 mars 2026"), (40, 61, "Lyon,"), (40, 75, "Facture"))
    assert texts(lines_of(page)) == ["Lyon, le 3 mars 2026", "Facture"]


def test_a_slanted_row_holds_together():
    """Each word is compared with its neighbour, not with the start of the row."""
    words = [Word(text=str(n), box=Box(x0=40 * n, y0=100 + 3 * n, x1=40 * n + 30, y1=110 + 3 * n)) for n in range(12)]
    page = Page(number=1, width=595, height=842, words=tuple(words))
    assert texts(lines_of(page)) == ["0 1 2 3 4 5 6 7 8 9 10 11"]


def test_wide_gaps_set_segments_apart(line_of):
    """Columns are segments, the words of a text are not."""
    line = line_of("Total TTC", "1 234,56 €")
    assert texts(line.segments) == ["Total TTC", "1 234,56 €"]
    assert line.text == "Total TTC 1 234,56 €"


def test_letters_of_a_watermark_tie_no_rows_together(page_of):
    """A few huge letters across the page are rows of their own."""
    rows = [(40, 100 + 12 * n, f"row number {n}") for n in range(10)]
    page = page_of(*rows, (200, 110, "P", 60), (260, 105, "AY", 60))
    assert [text for text in texts(lines_of(page)) if text not in ("P", "AY")] == [f"row number {n}" for n in range(10)]


def test_a_large_title_is_no_watermark(page_of):
    """A whole word in large type stays with its row."""
    page = page_of((40, 40, "FACTURE", 34), (300, 50, "n° 7"), (40, 100, "Merci"), (40, 120, "Lyon"))
    assert texts(lines_of(page))[0] == "FACTURE n° 7"


def test_characters_lead_to_their_words(line_of):
    """A place in the text of a line is a range of words."""
    line = line_of("Facture n° 2026-17")
    start = line.text.index("n°")
    assert line.words_between(start, start + 4) == (1, 3)
    assert line.words_between(0, 7) == (0, 1)


def test_an_address_is_one_block_and_the_column_beside_it_another(page_of):
    """Aligned texts close below each other stand together; a gap or another column ends a block."""
    page = page_of(
        (40, 60, "Quincaillerie Martin"), (350, 60, "Boulangerie Petit"),
        (40, 72, "3 rue Haute"), (350, 72, "8 place du Marché"),
        (40, 84, "69001 Lyon"), (350, 84, "38000 Grenoble"),
        (40, 150, "Facture n° 7"),
    )  # fmt: skip
    blocks = list(blocks_of(lines_of(page)))
    assert [block.text.split("\n")[0] for block in blocks] == [
        "Quincaillerie Martin",
        "Boulangerie Petit",
        "Facture n° 7",
    ]
    assert [block.is_address for block in blocks] == [True, True, False]


@pytest.mark.parametrize("place", ["69001 Lyon", "D-80331 München", "London SW1A 1AA", "1012 AB Amsterdam", "NY 10001"])
def test_a_postcode_with_its_place_makes_an_address(page_of, place):
    """In the notations of France, Germany, Britain, the Netherlands and the United States."""
    (block,) = blocks_of(lines_of(page_of((40, 60, "Somebody"), (40, 72, place))))
    assert block.is_address


boxes = st.builds(
    lambda x, y, width, height: Box(x0=x, y0=y, x1=x + width, y1=y + height),
    st.floats(0, 500), st.floats(0, 800), st.floats(0.5, 90), st.floats(0.5, 90),
)  # fmt: skip


@settings(max_examples=50)
@given(st.lists(boxes, max_size=25))
def test_every_word_is_in_exactly_one_line_and_one_block(boxes):
    """However words lie, none is lost or doubled."""
    page = Page(number=1, width=595, height=842, words=tuple(Word(text=f"w{n}", box=b) for n, b in enumerate(boxes)))
    lines = lines_of(page)
    expected = sorted(word.text for word in page.words)
    assert sorted(word.text for line in lines for word in line.words) == expected
    assert sorted(w.text for block in blocks_of(lines) for line in block.lines for w in line.words) == expected


@given(st.lists(boxes, min_size=1, max_size=6))
def test_a_union_holds_every_box(boxes):
    """The smallest box around all of them touches each side once."""
    whole = union(boxes)
    assert whole.x0 == min(box.x0 for box in boxes)
    assert whole.y1 == max(box.y1 for box in boxes)
    assert all(whole.y0 <= box.y0 and box.x1 <= whole.x1 for box in boxes)
