import numpy as np
import pytest

from pipeline.errors import BrokenFile, TooLarge
from pipeline.reading import ink
from pipeline.reading.textlayer import TextLayer
from pipeline.reading.visible import TextPage


def read(content: bytes, seconds: float = 60.0) -> TextPage:
    layer = TextLayer(content, seconds)
    try:
        return layer.read_page(1)
    finally:
        layer.close()


def texts(content: bytes) -> list[str]:
    return [word.text for word in read(content).words]


def show(text: str, at: str = "72 700 Td", before: str = "", size: float = 12) -> str:
    return f"BT {before} /F1 {size} Tf {at} ({text}) Tj ET\n"


def test_words_have_boxes_in_points_from_the_top_left(make_pdf):
    """A word that begins one inch from the left and stands near the top has such a box."""
    page = read(make_pdf(show("Facture 4711", at="72 760 Td")))
    first, second = page.words
    assert (first.text, second.text) == ("Facture", "4711")
    assert first.box.x0 == pytest.approx(72, abs=0.5)
    assert 65 < first.box.y0 < first.box.y1 < 90
    assert second.box.x0 > first.box.x1


@pytest.mark.parametrize(
    ("rotate", "matrix"),
    [(0, "1 0 0 1 150 700"), (90, "0 1 -1 0 142 150"), (180, "-1 0 0 -1 445 142"), (270, "0 -1 1 0 453 692")],
)
def test_boxes_turn_with_the_page(make_pdf, rotate: int, matrix: str):
    """A page that is shown turned has its words where the reader sees them: 150 points in, 142 points down."""
    page = read(make_pdf(show("4711 seen", at=f"{matrix} Tm"), page={"Rotate": rotate}))
    assert [word.text for word in page.words] == ["4711", "seen"]
    assert (page.width, page.height) == ((595, 842) if rotate % 180 == 0 else (842, 595))
    assert page.words[0].box.x0 == pytest.approx(150, abs=0.5)
    assert page.words[0].box.y1 == pytest.approx(142, abs=4)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_text_that_does_not_run_to_the_right_counts_as_sideways(make_pdf, rotate: int):
    """Text that stands on its side or head as shown gives no words, and is counted."""
    page = read(make_pdf(show("4711", at="150 700 Td"), page={"Rotate": rotate}))
    assert page.words == ()
    assert page.sideways == 4


def test_text_outside_the_crop_box_is_left_out(make_pdf):
    """What the crop box hides is no text, and boxes are told from the corner of what is shown."""
    stream = show("hidden", at="10 10 Td") + show("seen", at="150 700 Td")
    page = read(make_pdf(stream, page={"CropBox": [100, 100, 500, 800]}))
    assert [word.text for word in page.words] == ["seen"]
    assert (page.width, page.height) == (400, 700)
    assert page.words[0].box.x0 == pytest.approx(50, abs=0.5)
    assert page.words[0].box.y1 == pytest.approx(100, abs=6)
    assert page.hidden_count == 6


def test_media_box_may_begin_anywhere(make_pdf):
    """The corner of the media box is the origin, wherever it lies."""
    page = read(make_pdf(show("seen", at="150 700 Td"), media=(100, 100, 500, 800)))
    assert page.words[0].box.x0 == pytest.approx(50, abs=0.5)
    assert page.words[0].box.y1 == pytest.approx(100, abs=6)


@pytest.mark.parametrize(
    "hidden",
    [
        show("666.00", before="3 Tr"),
        show("666.00", before="1 g"),
        show("666.00", before="1 1 1 rg"),
        show("666.00", before="0 0 0 0 k"),
        show("666.00", size=0.5),
        show("666.00", at="700 700 Td"),
    ],
    ids=["render mode 3", "white", "white rgb", "white cmyk", "tiny", "off the page"],
)
def test_text_without_ink_is_left_out(make_pdf, hidden: str):
    """Text that nobody can see is not read, and is counted."""
    page = read(make_pdf(show("Total 100.00", at="72 500 Td") + hidden))
    assert [word.text for word in page.words] == ["Total", "100.00"]
    assert page.hidden_count == 6


def test_white_text_on_a_dark_ground_is_read(make_pdf):
    """A white heading on a dark band is seen, so it is read."""
    assert texts(make_pdf("0 0 0.4 rg 50 680 400 60 re f\n" + show("FACTURE", before="1 g"))) == ["FACTURE"]


def test_text_under_an_image_is_left_out(make_pdf):
    """Text that an opaque picture was laid over cannot be seen; text over a picture can."""
    images = {"Im1": np.full((10, 10), 255, np.uint8)}
    image = "q 595 0 0 842 0 0 cm /Im1 Do Q\n"
    assert texts(make_pdf(show("below") + image + show("above", at="72 600 Td"), images=images)) == ["above"]


def test_bold_type_made_by_painting_twice_is_read_once(make_pdf):
    """Characters painted again a third of a point away count once; doubled letters stay doubled."""
    stream = show("Bill 100,00") + show("Bill 100,00", at="72.3 700 Td")
    assert texts(make_pdf(stream)) == ["Bill", "100,00"]


def test_a_watermark_across_the_page_stays_out_of_the_words(make_pdf):
    """Its slanted letters lie on the rows without being of them."""
    watermark = show("A", at="0.8 0.6 -0.6 0.8 76 695 Tm", size=60)
    found = texts(make_pdf(show("Total 12,50") + watermark))
    assert found[:2] == ["Total", "12,50"]
    assert "A" in found[2:]


def test_white_space_of_every_kind_splits_words(make_pdf):
    """A no-break space inside an amount makes two adjacent words."""
    assert texts(make_pdf(show("1\u00a0234,56"))) == ["1", "234,56"]


def test_gaps_split_words_where_no_space_is_printed(make_pdf):
    """Words placed apart without a space between them are words; letters moved by kerning stay together."""
    assert texts(make_pdf("BT /F1 12 Tf 72 700 Td [(FA) -50 (CT) -400 (2026)] TJ ET")) == ["FACT", "2026"]


def test_a_page_with_too_many_objects_is_refused(make_pdf, monkeypatch):
    """A page made to keep the reader busy is given up."""
    monkeypatch.setattr(ink, "MAX_OBJECTS", 1000)
    with pytest.raises(TooLarge):
        read(make_pdf("0 0 m 10 10 l S\n" * 1001))


def test_a_page_that_takes_too_long_is_refused(make_pdf):
    """The time for one page is limited."""
    with pytest.raises(TooLarge):
        read(make_pdf("0 0 m 10 10 l S\n" * 1000), seconds=0.0)


def test_bytes_that_are_no_pdf_are_refused():
    """Something else than a PDF is a broken file."""
    with pytest.raises(BrokenFile):
        TextLayer(b"%PDF-1.7 and no more", 60)
