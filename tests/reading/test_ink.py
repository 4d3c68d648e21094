"""Text that a PDF holds and does not paint."""

import io
from collections.abc import Callable

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.reading.textlayer import TextLayer
from pipeline.reading.visible import TextPage

TEXT = "BT /F1 12 Tf 72 700 Td (Total 666.00) Tj ET "
SEEN = "BT /F1 12 Tf 72 500 Td (Total 100.00) Tj ET "


def read(content: bytes) -> TextPage:
    layer = TextLayer(content, 60)
    try:
        return layer.read_page(1)
    finally:
        layer.close()


def texts(page: TextPage) -> tuple[list[str], list[str]]:
    return [word.text for word in page.words], [word.text for word in page.hidden]


@pytest.fixture
def changed(make_pdf: Callable[..., bytes]) -> Callable[..., bytes]:
    """A function that writes a page of a stream, and lets a change be made to the document."""

    def write(stream: str, change: Callable[[pikepdf.Pdf, pikepdf.Page], None]) -> bytes:
        with pikepdf.open(io.BytesIO(make_pdf(stream))) as document:
            change(document, document.pages[0])
            out = io.BytesIO()
            document.save(out)
            return out.getvalue()

    return write


def with_state(**state: object) -> Callable[[pikepdf.Pdf, pikepdf.Page], None]:
    def change(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.Resources.ExtGState = Dictionary(G1=Dictionary(Type=Name.ExtGState, **state))

    return change


def with_layers(off: bool, policy: str = "") -> Callable[[pikepdf.Pdf, pikepdf.Page], None]:
    def change(document: pikepdf.Pdf, page: pikepdf.Page) -> None:
        layer = document.make_indirect(Dictionary(Type=Name.OCG, Name="Layer"))
        other = document.make_indirect(Dictionary(Type=Name.OCG, Name="Other"))
        document.Root.OCProperties = Dictionary(
            OCGs=Array([layer, other]), D=Dictionary(OFF=Array([layer] if off else []))
        )
        member = Dictionary(Type=Name.OCMD, OCGs=Array([layer, other]), P=Name(f"/{policy}"))
        page.Resources.Properties = Dictionary(P1=document.make_indirect(member) if policy else layer)

    return change


def test_transparent_text_is_hidden_until_the_state_is_restored(changed) -> None:
    """Text of opacity 0 leaves no ink; what follows the restored graphics state does."""
    page = read(changed("q /G1 gs " + TEXT + "Q " + SEEN, with_state(ca=0)))
    assert texts(page) == (["Total", "100.00"], ["Total", "666.00"])


def test_faded_text_that_can_be_read_is_seen(changed) -> None:
    """Text of opacity 0.3 is pale, but it is print."""
    assert texts(read(changed("q /G1 gs " + TEXT + "Q", with_state(ca=0.3)))) == (["Total", "666.00"], [])


def test_text_of_a_layer_that_is_off_is_hidden(changed) -> None:
    """Optional content that is off when the document is opened is not seen; where it is on, it is."""
    stream = "/OC /P1 BDC " + TEXT + "EMC " + SEEN
    assert texts(read(changed(stream, with_layers(off=True)))) == (["Total", "100.00"], ["Total", "666.00"])
    assert texts(read(changed(stream, with_layers(off=False))))[1] == []


@pytest.mark.parametrize(("policy", "hidden"), [("AnyOn", 0), ("AllOn", 2), ("AnyOff", 0), ("AllOff", 2)])
def test_a_membership_of_layers_follows_its_policy(changed, policy: str, hidden: int) -> None:
    """Of two layers one is off: what needs all of them on, or all off, is hidden (ISO 32000-1, 8.11.2.2)."""
    page = read(changed("/OC /P1 BDC " + TEXT + "EMC", with_layers(off=True, policy=policy)))
    assert len(page.hidden) == hidden


def test_text_under_a_picture_that_lets_it_shine_through_is_seen(make_pdf, changed) -> None:
    """A multiplied picture is a highlighter; a plain one covers."""
    images = {"Im1": np.full((10, 10), 255, np.uint8)}
    content = make_pdf(TEXT + "q /G1 gs 595 0 0 842 0 0 cm /Im1 Do Q", images=images)
    with pikepdf.open(io.BytesIO(content)) as document:
        with_state(BM=Name.Multiply)(document, document.pages[0])
        out = io.BytesIO()
        document.save(out)
    assert texts(read(out.getvalue()))[0] == ["Total", "666.00"]
    assert texts(read(make_pdf(TEXT + "q 595 0 0 842 0 0 cm /Im1 Do Q", images=images)))[1] == ["Total", "666.00"]


@pytest.mark.parametrize("matrix", ["1 0 0 -1 72 700", "-1 0 0 -1 300 700", "0 1 -1 0 300 300", "0 -1 1 0 300 700"])
def test_hidden_text_of_any_direction_makes_words(make_pdf, matrix: str) -> None:
    """Hidden text that is mirrored, upside down or on its side is told in words all the same, where it stands."""
    page = read(make_pdf(SEEN + f"BT 3 Tr /F1 12 Tf {matrix} Tm (Total 666.00) Tj ET"))
    assert [word.text for word in page.hidden] == ["Total", "666.00"]
    assert all(70 <= word.box.x0 <= word.box.x1 <= 310 for word in page.hidden)
