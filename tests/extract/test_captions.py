"""Captions stand above their values or below them; a column does it one way throughout."""

from pipeline.extract.candidates import scores_for, survey

PAIRS = (("FA04337", "Belegnummer"), ("09.11.2025", "Datum der Rechnung"), ("31.10.2025", "Geliefert am"))


def column(pairs, *, gap, step=26.0):
    """Texts of a column: of each pair the second stands `gap` points below the first."""
    places = []
    for index, (upper, lower) in enumerate(pairs):
        y = 100 + step * index
        places += [(60, y, upper), (60, y + gap, lower)]
    return places


def test_captions_below_their_values_are_recognised(page_of):
    """The number above "Belegnummer" is the invoice's, not the date below it."""
    sheet = survey([page_of(*column(PAIRS, gap=11))])
    assert sheet.captions_below == set(sheet.labels)
    named = {str(span.value): link.relation for span, link in scores_for(sheet, "invoice_number").items()}
    assert named["FA04337"] == "above"


def test_captions_above_their_values_stay_so(page_of):
    """The usual way, with the same texts."""
    sheet = survey([page_of(*column([(label, value) for value, label in PAIRS], gap=11))])
    assert not sheet.captions_below
    named = {str(span.value): link.relation for span, link in scores_for(sheet, "invoice_number").items()}
    assert named["FA04337"] == "below"


def test_a_single_caption_does_not_decide(page_of):
    """Fewer than three say nothing about a sheet."""
    assert not survey([page_of(*column(PAIRS[:1], gap=11))]).captions_below


def test_each_column_has_its_own_way(page_of):
    """Beside captions below their values those of a table may head their columns."""
    table = [
        (300 + 60 * place, y, text)
        for place, label in enumerate(("Total HT", "TVA", "Total TTC"))
        for y, text in ((200, label), (212, "12,00"))
    ]
    sheet = survey([page_of(*column(PAIRS, gap=11), *table)])
    assert {label.segment.text for label in sheet.captions_below} == {caption for _, caption in PAIRS}
