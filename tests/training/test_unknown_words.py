"""Labels of a supplier never met are words that no list has."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.candidates import survey
from pipeline.training.unknown_words import with_unknown_words
from schemas import Box, Page, Word

TEXTS = ("Rechnungsnummer", "FA-77", "Rechnungsdatum", "03.02.2026", "Gesamtbetrag", "120,00", "IBAN", "Fälligkeit")
WORDS = tuple(Word(text=text, box=Box(x0=40, y0=20 * n, x1=120, y1=20 * n + 9)) for n, text in enumerate(TEXTS, 1))
PAGE = Page(number=1, width=595, height=842, words=WORDS)


@given(st.text(max_size=5))
def test_only_labels_change_and_nothing_moves(seed: str) -> None:
    """Figures, names and the place of every word stay."""
    (page,) = with_unknown_words([PAGE], seed)
    assert [word.box for word in page.words] == [word.box for word in WORDS]
    assert all(
        before.text == after.text for before, after in zip(WORDS, page.words, strict=True) if before.text[0].isdigit()
    )


def test_some_labels_are_no_longer_known() -> None:
    """About a third of the wordings, others in other documents."""
    counts = [len(survey(with_unknown_words([PAGE], f"document {n}")).labels) for n in range(30)]
    assert max(counts) <= len(survey([PAGE]).labels)
    assert min(counts) < max(counts)
