"""A document that says something else than it shows never goes straight through; its honest twin does."""

import io
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from pipeline.route import decide
from pipeline.settings import Settings
from pipeline.understand import understand
from samples.lies import HIDING_PLACES, add_text, remap_digits
from schemas import Box, FieldName, MediaType, Outcome, StraightThrough

HONEST = Path(__file__).parents[2] / "samples" / "set" / "native-fr-1.pdf"
LIE = ["Total TTC 9 999,00 EUR", "IBAN DE89 3704 0044 0532 0130 00"]
OVERPRINT = "9 999,00"

Change = Callable[[Pdf, pikepdf.Page], None]


@cache
def outcome_of(content: bytes, home: Path) -> Outcome:
    """What becomes of a PDF of one invoice."""
    path = home / "document.pdf"
    path.write_bytes(content)
    (draft,) = understand(path, MediaType.PDF, Settings(home=home, workers=1))
    return decide(draft, ())


def codes(outcome: Outcome) -> set[str]:
    return {reason.code for reason in outcome.decision.reasons}


def changed(change: Change) -> bytes:
    """The honest document after a change; its own drawing is enclosed, so that what is added starts afresh."""
    with pikepdf.open(HONEST) as pdf:
        page = pdf.pages[0]
        page.contents_add(b"q", prepend=True)
        page.contents_add(b"Q")
        change(pdf, page)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def with_font(pdf: Pdf, page: pikepdf.Page) -> str:
    kind = {"Type": Name.Font, "Subtype": Name.Type1, "BaseFont": Name.Helvetica, "Encoding": Name.WinAnsiEncoding}
    return str(page.add_resource(pdf.make_indirect(Dictionary(**kind)), Name.Font))


def shown(pdf: Pdf, page: pikepdf.Page, before: str, after: str = "", size: float = 10) -> None:
    """The lie printed between operators that hide it."""
    font = with_font(pdf, page)
    text = " ".join(f"({line}) Tj T*" for line in LIE)
    page.contents_add(f"q {before} BT {font} {size} Tf 14 TL 1 0 0 1 320 180 Tm {text} ET {after} Q".encode())


def of_two_points_less(pdf: Pdf, page: pikepdf.Page) -> None:
    shown(pdf, page, "", size=0.8)


def clipped_away(pdf: Pdf, page: pikepdf.Page) -> None:
    shown(pdf, page, "0 0 1 1 re W n")


def nearly_white(pdf: Pdf, page: pikepdf.Page) -> None:
    shown(pdf, page, "0.96 g")


def under_a_white_box(pdf: Pdf, page: pikepdf.Page) -> None:
    shown(pdf, page, "", "1 g 310 140 260 60 re f")


def in_a_layer_off_by_default(pdf: Pdf, page: pikepdf.Page) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(BaseState=Name.OFF, ON=Array([])))
    name = page.add_resource(layer, Name.Properties)
    shown(pdf, page, f"/OC {name} BDC", "EMC")


def in_a_drawing_of_a_layer(pdf: Pdf, page: pikepdf.Page) -> None:
    """The layer is told by the drawing, not by the page."""
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    text = " ".join(f"({line}) Tj T*" for line in LIE)
    drawing = pdf.make_stream(
        f"BT /F 10 Tf 14 TL 320 180 Td {text} ET".encode(), Type=Name.XObject, Subtype=Name.Form, OC=layer,
        BBox=Array([0, 0, 595, 842]), Resources=Dictionary(Font=Dictionary(F=font)),
    )  # fmt: skip
    page.contents_add(f"q {page.add_resource(drawing, Name.XObject)} Do Q".encode())


def page_shown_twice(pdf: Pdf, page: pikepdf.Page) -> None:
    """The same object twice in the tree: pdfplumber sees one page, PDFium and qpdf two."""
    tree = pdf.Root.Pages
    tree.Kids, tree.Count = Array([page.obj, page.obj]), 2


HIDDEN = (
    of_two_points_less,
    clipped_away,
    nearly_white,
    under_a_white_box,
    in_a_layer_off_by_default,
    in_a_drawing_of_a_layer,
)


def place_of_total(home: Path) -> Box:
    """Where the honest document prints its total with VAT, in points from the top left."""
    record = outcome_of(HONEST.read_bytes(), home).record
    assert record is not None
    box = record.fields[FieldName.GROSS_TOTAL].box
    assert box is not None
    return box


def over_the_total(home: Path, draw: Callable[[Pdf, pikepdf.Page, str, Box], None]) -> bytes:
    """The honest document with another total laid over its own, by what no reader of text sees."""
    box = place_of_total(home)

    def cover(pdf: Pdf, page: pikepdf.Page) -> None:
        x, y = box.x0, float(page.mediabox[3]) - box.y1
        size = box.height * 0.8
        paper = f"1 g {x - 2:.1f} {y - 1:.1f} {box.width + 8:.1f} {box.height + 2:.1f} re f 0 g"
        text = f"{paper} BT /F {size:.1f} Tf {x:.1f} {y + 2:.1f} Td ({OVERPRINT}) Tj ET"
        draw(pdf, page, text, box)

    return changed(cover)


def as_a_stamp(pdf: Pdf, page: pikepdf.Page, text: str, _: Box) -> None:
    """An annotation is drawn over the page; its text is not in the page's text layer."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    whole = Array([0, 0, 595, 842])
    look = pdf.make_stream(
        text.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=whole, Resources=Dictionary(Font=Dictionary(F=font))
    )
    stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=whole, F=4, AP=Dictionary(N=look))
    page.obj.Annots = Array([pdf.make_indirect(stamp)])


def as_a_picture(pdf: Pdf, page: pikepdf.Page, _: str, box: Box) -> None:
    """A picture of figures, as large as the total."""
    from PIL import Image, ImageDraw, ImageFont

    size = (round((box.width + 8) * 8), round((box.height + 2) * 8))
    image = Image.new("L", size, 255)
    font = ImageFont.truetype("DejaVuSans.ttf", round(size[1] * 0.7))
    ImageDraw.Draw(image).text((8, 4), OVERPRINT, fill=0, font=font)
    drawing = pdf.make_stream(
        image.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=size[0], Height=size[1],
        ColorSpace=Name.DeviceGray, BitsPerComponent=8,
    )  # fmt: skip
    name, bottom = page.add_resource(drawing, Name.XObject), float(page.mediabox[3]) - box.y1
    page.contents_add(
        f"q {box.width + 8:.1f} 0 0 {box.height + 2:.1f} {box.x0 - 2:.1f} {bottom - 1:.1f} cm {name} Do Q".encode()
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lies")


def test_the_honest_twin_goes_straight_through(home: Path) -> None:
    """Without it, what follows would prove nothing: there is no other reason to stop the document."""
    assert isinstance(outcome_of(HONEST.read_bytes(), home).decision, StraightThrough)
    assert isinstance(outcome_of(changed(lambda *_: None), home).decision, StraightThrough)


@pytest.mark.real
@pytest.mark.parametrize("how", HIDING_PLACES)
def test_text_in_a_hiding_place_stops_it(how: str, home: Path) -> None:
    """Another total and account that nobody sees: invisible, white, transparent, beside, cropped, in a layer."""
    assert "hidden-text" in codes(outcome_of(add_text(HONEST.read_bytes(), LIE, how), home))


@pytest.mark.parametrize("hide", [in_a_layer_off_by_default, nearly_white], ids=lambda hide: hide.__name__)
def test_text_that_is_hidden_otherwise_stops_it(hide: Change, home: Path) -> None:
    """A layer that is off unless it is switched on, and ink that no eye tells from paper."""
    assert "hidden-text" in codes(outcome_of(changed(hide), home))


@pytest.mark.real
@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__)
def test_text_hidden_in_any_other_way_stops_it(hide: Change, home: Path) -> None:
    """Too small, cut away, pale, painted over, or in a layer that is told elsewhere."""
    assert "hidden-text" in codes(outcome_of(changed(hide), home))


@pytest.mark.parametrize("draw", [as_a_stamp, as_a_picture], ids=lambda draw: draw.__name__)
def test_another_total_laid_over_the_printed_one_stops_it(draw: Callable[..., None], home: Path) -> None:
    """The text layer still says the first total; whoever looks at the page sees the second."""
    outcome = outcome_of(over_the_total(home, draw), home)
    assert not isinstance(outcome.decision, StraightThrough)
    assert "text-layer-differs" in codes(outcome)


def test_a_font_that_draws_other_figures_stops_it(home: Path) -> None:
    """The text layer swaps two figures of the total that the page shows."""
    honest = outcome_of(HONEST.read_bytes(), home).record
    assert honest is not None
    first = str(honest.value(FieldName.GROSS_TOTAL)).lstrip("0")[0]
    second = str((int(first) + 1) % 10)
    outcome = outcome_of(remap_digits(HONEST.read_bytes(), {first: second, second: first}), home)
    assert outcome.record is not None
    assert outcome.record.value(FieldName.GROSS_TOTAL) != Decimal(str(honest.value(FieldName.GROSS_TOTAL)))
    assert "text-layer-differs" in codes(outcome)


def test_parsers_that_count_other_pages_stop_it(home: Path) -> None:
    """A page that one library sees once and another twice."""
    assert "page-count-differs" in codes(outcome_of(changed(page_shown_twice), home))
