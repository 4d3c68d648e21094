"""Whatever words a page holds, reading lines and VAT ends in values, not in errors."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.line_items import extract_lines
from pipeline.extract.vat_table import extract_vat_breakdown
from schemas import Box, InvoiceLine, Page, TextSource, VatBreakdown, Word

LABELS = ("Désignation", "Qté", "P.U.", "HT", "Montant", "Total", "TVA", "Menge", "Preis", "Gesamt", "Report", "Remise")
CELLS = ("20", "%", "€", "-", "|", "1", "234,56", "12.50", "3", "h", "x", "99999999999,99", "0,00", "Article")
TEXTS = st.one_of(st.sampled_from(LABELS + CELLS), st.text(min_size=1, max_size=6).filter(str.strip))


@st.composite
def words(draw_value):
    """A word at one of a few places, so that rows and columns come about."""
    x, y = 40 * draw_value(st.integers(0, 13)), 14 * draw_value(st.integers(0, 20))
    text = draw_value(TEXTS)
    return Word(text=text, box=Box(x0=x, y0=y, x1=x + 5 * len(text) + 1, y1=y + 10), source=TextSource.OCR)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(words(), max_size=60), max_size=3))
def test_any_words_give_values(pages):
    """No combination of words raises."""
    read = [
        Page(number=number, width=600, height=800, words=tuple(page), source=TextSource.OCR)
        for number, page in enumerate(pages, start=1)
    ]
    assert all(isinstance(line, InvoiceLine) for line in extract_lines(read))
    assert all(isinstance(row, VatBreakdown) for row in extract_vat_breakdown(read))
