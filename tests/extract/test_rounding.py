"""Cash totals are rounded to the coins there are."""

from pipeline.extract.record import extract_record


def till(*rows):
    return [
        place
        for n, (label, amount) in enumerate(rows)
        for place in ((40, 100 + 14 * n, label), (250, 100 + 14 * n, amount))
    ]


def test_the_rounded_total_is_what_is_asked_for(page_of):
    """Not what the goods cost before rounding."""
    rows = till(
        ("Total incl. VAT", "EUR 45.34"),
        ("Rounding adjustment", "0.01"),
        ("Rounded total", "EUR 45.35"),
        ("Cash", "50.00"),
    )
    record = extract_record([page_of(*rows)])
    assert str(record.value("gross_total")) == "45.35"


def test_what_is_rounded_is_told_apart(page_of):
    """Where the sums make the unrounded total, the difference is BT-114."""
    rows = till(
        ("Net total", "42.77"),
        ("VAT 6%", "2.57"),
        ("Total incl. VAT", "45.34"),
        ("Rounding", "0.01"),
        ("Cash", "50.00"),
    )
    record = extract_record([page_of(*rows, (40, 180, "To pay"), (250, 180, "45.35"))])
    assert str(record.value("gross_total")) == "45.35"
    assert str(record.value("rounding")) == "0.01"


def test_without_a_named_rounding_near_amounts_stay_apart(page_of):
    """Two amounts a cent apart happen."""
    record = extract_record([page_of(*till(("Total incl. VAT", "EUR 45.34"), ("Other", "45.35")))])
    assert str(record.value("gross_total")) == "45.34"
    assert record.value("rounding") is None


def test_an_invoice_keeps_its_total_before_rounding(page_of):
    """BT-112 is what the goods cost; only what is due is rounded."""
    rows = till(("Net total", "42.77"), ("VAT 6%", "2.57"), ("Total incl. VAT", "45.34"), ("Rounding", "0.01"))
    record = extract_record([page_of(*rows, (40, 180, "Amount due"), (250, 180, "45.35"))])
    assert str(record.value("gross_total")) == "45.34"


def test_a_till_that_takes_cards_rounds_too(page_of):
    """The row of the card says that money was given."""
    rows = till(("Total incl. VAT", "45.34"), ("Rounding adjustment", "0.01"), ("Total", "45.35"), ("VISA", "45.35"))
    assert str(extract_record([page_of(*rows)]).value("gross_total")) == "45.35"
