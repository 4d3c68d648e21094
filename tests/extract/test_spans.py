"""What could be a value: dates, amounts, identifiers with check digits, numbers of documents."""

from datetime import date
from decimal import Decimal

import pytest

from pipeline.extract.candidates import survey
from pipeline.extract.labels import find_labels
from pipeline.extract.layout import TextLine, lines_of
from pipeline.extract.spans import find_spans, is_vat_id
from schemas import Box, TextSource, Word

IBAN = "FR7630006000011234567890189"


@pytest.fixture
def values(line_of):
    """The values of one kind on a line."""

    def found(kind, *texts, **options):
        line = line_of(*texts)
        labels = [label for segment in line.segments for label in find_labels(segment)]
        return [span.value for span in find_spans(line, labels, **options) if span.kind == kind]

    return found


@pytest.mark.parametrize(
    ("texts", "amounts"),
    [
        (["Total TTC", "1 234,56 €"], ["1234.56"]),
        (["Total", "€ 1.234,50"], ["1234.50"]),
        (["Remise", "- 5,00 €"], ["-5.00"]),
        (["Net", "1 500,00", "300,00", "1 800,00"], ["1500.00", "300.00", "1800.00"]),
        (["Vis", "2", "1 234,00"], ["2", "1234.00"]),
        (["Total CHF 1'234.50"], ["1234.50"]),
    ],
)
def test_amounts_are_joined_over_narrow_gaps_only(values, texts, amounts):
    """Groups of thousands belong together, the columns of a table do not."""
    assert values("amount", *texts) == [Decimal(amount) for amount in amounts]


@pytest.mark.parametrize(("gap", "amounts"), [(5.0, ["7779.90"]), (9.0, ["7", "779.90"])], ids=["pitch", "wider"])
def test_in_a_fixed_pitch_one_character_parts_thousands(gap, amounts):
    """Its space is as wide as any character, wider than others print between groups; two of them part columns."""
    words, x = [], 0.0
    for text, before in (("Total", 0.0), ("TTC", 5.0), ("7", 60.0), ("779,90", gap)):
        x += before
        words.append(Word(text=text, box=Box(x0=x, y0=0, x1=x + 5.0 * len(text), y1=8.2)))
        x += 5.0 * len(text)
    found = [span.value for span in find_spans(TextLine(tuple(words), 1)) if span.kind == "amount"]
    assert found == [Decimal(amount) for amount in amounts]


def test_an_ambiguous_amount_follows_the_documents_mark(values):
    """A price of "1.234" is little more than one where the point is the decimal mark."""
    assert values("amount", "Diesel 1.234", decimal_mark=".") == [Decimal("1.234")]


def test_dates_are_found_in_a_sentence(values):
    """With the order of day and month that the document has."""
    assert values("date", "Lyon, le 3 mars 2026") == [date(2026, 3, 3)]
    assert values("date", "Date 03/04/2026", month_first=True) == [date(2026, 3, 4)]


@pytest.mark.parametrize(
    "text",
    [
        "IBAN FR76 3000 6000 0112 3456 7890 189",
        "IBAN:FR7630006000011234567890189",
        "IBAN FR76 3000 6000 0112 3456 7890 189 BIC AGRIFRPP",
        "FR 76 3000 6000 0112 3456 7890 189",
    ],
)
def test_an_iban_is_put_together_from_its_groups(values, text):
    """However it is grouped, and without what stands around it."""
    assert values("iban", text) == [IBAN]


def test_an_iban_with_a_wrong_digit_is_kept_as_invalid(line_of):
    """A misread account is shown, but it is not one to pay to."""
    (span,) = [s for s in find_spans(line_of("IBAN FR76 3000 6000 0112 3456 7890 188")) if s.kind == "iban"]
    assert not span.valid


def test_a_products_name_is_no_account(values):
    """A code of two letters and two digits may begin a description too."""
    assert values("iban", "Plaque BA13 hydrofuge, réf. fabricant 472081") == []


@pytest.mark.parametrize(
    ("upper", "lower"),
    [("FR76 3000 6000 0112", "3456 7890 189 Banque"), ("IBAN : FR76 3000", "6000 0112 3456 7890 189")],
)
def test_an_iban_broken_over_two_lines_is_put_together(page_of, upper, lower):
    """By its check digits, from the rows of one block, wherever it was broken."""
    sheet = survey([page_of((40, 60, upper), (40, 72, lower))])
    assert [span.value for span in sheet.spans_of("iban") if span.valid] == [IBAN]


@pytest.mark.parametrize(
    ("text", "vat_id"),
    [
        ("N° TVA FR44732829320", "FR44732829320"),
        ("TVA : FR 44 732 829 320", "FR44732829320"),
        ("USt-IdNr. DE 136 695 976", "DE136695976"),
        ("VAT Reg No GB 980 7806 84", "GB980780684"),
        ("BTW NL123456782B90", "NL123456782B90"),
        ("P.IVA IT 00743110157", "IT00743110157"),
        ("MWST CHE-107.787.577 MWST", "CHE107787577MWST"),
    ],
)
def test_vat_ids_are_read_in_any_grouping(values, text, vat_id):
    """Written apart, with points or hyphens."""
    assert values("vat_id", text) == [vat_id]


def test_a_vat_id_is_checked_where_its_country_has_a_check():
    """One wrong digit shows."""
    assert is_vat_id("FR44732829320")
    assert not is_vat_id("FR44732829321")
    assert not is_vat_id("DE136695977")


def test_siren_and_siret_need_a_right_check_digit(values):
    """Nine or fourteen digits alone are no proof; a SIRET is not read as a SIREN."""
    assert values("siret", "SIRET 732 829 320 00074") == ["73282932000074"]
    assert values("siren", "SIRET 732 829 320 00074") == []
    assert values("siren", "RCS Lyon 732 829 320") == ["732829320"]
    assert values("siren", "Tél 732 829 321") == []


def test_a_bic_is_found_beside_the_iban(values):
    """Eight or eleven characters of an existing country."""
    assert "COBADEFFXXX" in values("bic", "IBAN: DE89 3704 0044 0532 0130 00 BIC: COBADEFFXXX")
    assert values("bic", "FACTURE QUINCAILLERIE") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Facture n° F-2026/17", "F-2026/17"),
        ("Invoice No.: 2026.0017", "2026.0017"),
        ("Invoice No.123", "123"),
        ("Facture N°: FA 2026-003", "FA 2026-003"),
    ],
)
def test_a_document_number_begins_behind_its_label(values, text, number):
    """Also where the label touches it, and with the letters that stand apart before it."""
    assert values("identifier", text)[0] == number


def test_a_value_glued_to_its_label_has_only_its_share_of_the_box(line_of):
    """In "Date:03/03/2026" the box begins behind the colon."""
    line = line_of("Date:03/03/2026")
    (span,) = [span for span in find_spans(line) if span.kind == "date"]
    assert span.box.x0 == pytest.approx(line.box.x0 + line.box.width * 5 / 15)
    assert span.box.x1 == line.box.x1


def test_a_span_knows_its_words_page_and_confidence(page_of):
    """What an operator is shown of it."""
    (line,) = lines_of(page_of((40, 60, "Total 1 234,56 €"), number=3, confidence=0.8))
    (span,) = [span for span in find_spans(line) if span.kind == "amount"]
    assert (span.raw.rstrip(" €"), span.page) == ("1 234,56", 3)
    assert span.confidence == pytest.approx(0.8)


def test_a_vat_id_followed_by_a_company_number_is_no_account(page_of) -> None:
    """A footer prints them one behind the other; together they have the shape of an IBAN."""
    sheet = survey([page_of((30, 10, "TVA FR94 978 653 947 SIRET 978 653 947 00012"))])
    assert not sheet.spans_of("iban")


@pytest.mark.parametrize(
    ("kind", "printed", "meant"),
    [("vat_id", "FRO3485213979", "FR03485213979"), ("iban", "FR763OOO6OOOO11234567890189", IBAN)],
)
def test_letters_misread_for_digits_are_mended_where_check_digits_prove_it(page_of, kind, printed, meant):
    """Only OCR confuses O and 0: a text layer that prints the letter means it."""
    for source, valid in ((TextSource.OCR, True), (TextSource.TEXT_LAYER, False)):
        spans = survey([page_of((40, 100, printed), source=source)]).spans_of(kind)
        assert (meant in {span.value for span in spans if span.valid}) is valid


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("TVA intracommunautaire : FR 44 732 829", "320"),
        ("TVA intracommunautaire : FR", "44732829320"),
        ("TVA : FR44732829", "320 Capital 10 000"),
    ],
)
def test_a_vat_id_broken_over_two_lines_is_put_together(page_of, upper, lower):
    """By its check digits, from the rows of one block, wherever it was broken."""
    sheet = survey([page_of((40, 60, upper), (40, 72, lower))])
    assert [span.value for span in sheet.spans_of("vat_id") if span.valid] == ["FR44732829320"]


def test_a_whole_vat_id_takes_nothing_from_the_row_below(page_of):
    """What follows is another number."""
    sheet = survey([page_of((40, 60, "TVA FR 44 732 829 320"), (40, 72, "320"))])
    assert [span.value for span in sheet.spans_of("vat_id")] == ["FR44732829320"]
