"""PDFs that are small and become large, and those that take for ever to draw or to read."""

import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from tests.hostile.packing import packed
from tests.hostile.paper import LINES, form, paper, picture, place, printed
from tests.hostile.sample import Make, Sample

FAMILY = "pdf/bombs"
MIB = 2**20
LEVELS = 10
CMAP = (
    b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00000000> <ffffffff> endcodespacerange "
    b"1 beginbfrange <00000000> <ffffffff> <0041> endbfrange endcmap end"
)


def samples(_seed: int) -> Iterator[Sample]:
    """All samples of the family."""
    makes: dict[str, tuple[str, Make]] = {
        "spaces-1g": ("a page of 1 GiB of spaces", lambda: _packed_page(1024, times=1)),
        "spaces-2g-thrice": ("packed three times: 2 GiB", lambda: _packed_page(2048, times=3)),
        "strokes-1m": ("a million strokes", lambda: paper(content=b"0 0 m 1 1 l S\n" * 1_000_000)),
        "states-1m": ("a million states kept and never given back", lambda: paper(content=b"q " * 1_000_000)),
        "letters-2m": ("two million letters", lambda: paper(content=_letters(2_000))),
        "words-200k": ("200,000 words", lambda: paper(content=b"".join(_words(200_000)))),
        "boxes-300k": ("300,000 boxes", lambda: paper(content=b"".join(_boxes(300_000)))),
        "grid": ("a table of 4 million cells", lambda: paper(content=b"".join(_grid(2_000)))),
        "drawings-of-drawings": ("10^10 drawings", lambda: paper(_laughs)),
        "drawing-of-itself": ("a drawing that draws itself", lambda: paper(_recursive)),
        "letter-of-itself": ("a letter that prints itself", lambda: paper(_own_letter)),
        "pattern-of-itself": ("a pattern of a hundredth of a point that paints itself", lambda: paper(_own_pattern)),
        "mask-of-itself": ("a picture that is its own mask", lambda: paper(_own_mask)),
        "picture-60k": ("a picture of 3.6 gigapixels of 1 bit", lambda: paper(_large_picture)),
        "picture-says-2g": ("100 bytes that say to be 2^31 pixels square", lambda: paper(_boasting_picture)),
        "picture-no-jpeg2000": ("JPEG 2000 that is none", lambda: paper(_no_jpeg2000)),
        "picture-no-jbig2": ("JBIG2 that is none", lambda: paper(_no_jbig2)),
        "alphabet-of-4g": ("a font that names 2^32 letters", lambda: paper(_alphabet)),
        "links-50k": ("50,000 links", lambda: paper(_links)),
        "filters-100": ("packed 100 times", lambda: paper(_filters)),
    }
    for name, (what, make) in makes.items():
        yield Sample(f"{name}.pdf", FAMILY, what, make)


def _packed_page(mebibytes: int, times: int) -> bytes:
    data = packed(b" " * MIB, mebibytes)
    for _ in range(times - 1):
        data = zlib.compress(data, 9)

    def fill(pdf: Pdf, page: pikepdf.Page) -> None:
        page.Contents = pikepdf.Stream(pdf, data)
        page.Contents.Filter = Array([Name.FlateDecode] * times)

    return paper(fill)


def _letters(lines: int) -> bytes:
    return b"BT /F1 1 Tf 10 10 Td " + (b"(" + b"A" * 1000 + b") Tj ") * lines + b"ET"


def _words(count: int) -> Iterator[bytes]:
    yield b"BT /F1 4 Tf "
    yield from (b"1 0 0 1 %d %d Tm (w%d) Tj " % (i % 590, i * 7 % 840, i) for i in range(count))
    yield b"ET"


def _boxes(count: int) -> Iterator[bytes]:
    return (b"%d %d 5 5 re S\n" % (i % 590, i * 7 % 840) for i in range(count))


def _grid(lines: int) -> Iterator[bytes]:
    steps = ((i * 595 / lines, i * 842 / lines) for i in range(lines))
    return (f"{x:.2f} 0 m {x:.2f} 842 l S 0 {y:.2f} m 595 {y:.2f} l S\n".encode() for x, y in steps)


def _laughs(pdf: Pdf, page: pikepdf.Page) -> None:
    inner = form(pdf, printed(LINES))
    for _ in range(LEVELS):
        inner = form(pdf, b"/X Do " * 10, X=inner)
    place(pdf, page, inner)


def _recursive(pdf: Pdf, page: pikepdf.Page) -> None:
    own = form(pdf, b"/X Do ")
    own.Resources.XObject = Dictionary(X=own)
    place(pdf, page, own)


def _own_letter(pdf: Pdf, page: pikepdf.Page) -> None:
    font = pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 1000, 1000]), FirstChar=97, LastChar=97,
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), Widths=Array([1000]),
            Encoding=Dictionary(Differences=Array([97, Name.a])),
        )
    )  # fmt: skip
    font.CharProcs = Dictionary(a=pdf.make_stream(b"1000 0 d0 BT /T 1000 Tf (a) Tj ET"))
    font.Resources = Dictionary(Font=Dictionary(T=font))
    page.obj.Resources = Dictionary(Font=Dictionary(T=font))
    page.Contents = pdf.make_stream(b"BT /T 12 Tf 72 700 Td (a) Tj ET")


def _own_pattern(pdf: Pdf, page: pikepdf.Page) -> None:
    pattern = pdf.make_stream(
        b"/Pattern cs /P scn 0 0 1 1 re f", PatternType=1, PaintType=1, TilingType=1,
        BBox=Array([0, 0, 0.01, 0.01]), XStep=0.01, YStep=0.01,
    )  # fmt: skip
    pattern.Resources = Dictionary(Pattern=Dictionary(P=pattern))
    page.obj.Resources.Pattern = Dictionary(P=pattern)
    page.Contents = pdf.make_stream(b"/Pattern cs /P scn 0 0 595 842 re f")


def _own_mask(pdf: Pdf, page: pikepdf.Page) -> None:
    own = picture(pdf, bytes(100), 10, 10)
    own.SMask = own
    place(pdf, page, own)


def _large_picture(pdf: Pdf, page: pikepdf.Page) -> None:
    data = packed(bytes(75_000), 6_000)
    place(pdf, page, picture(pdf, data, 60_000, 60_000, BitsPerComponent=1, Filter=Name.FlateDecode))


def _boasting_picture(pdf: Pdf, page: pikepdf.Page) -> None:
    side = 2**31 - 1
    place(pdf, page, picture(pdf, bytes(100), side, side, BitsPerComponent=16, ColorSpace=Name.DeviceCMYK))


def _no_jpeg2000(pdf: Pdf, page: pikepdf.Page) -> None:
    place(pdf, page, picture(pdf, bytes(range(256)) * 16, 100, 100, Filter=Name.JPXDecode))


def _no_jbig2(pdf: Pdf, page: pikepdf.Page) -> None:
    place(pdf, page, picture(pdf, bytes(range(256)) * 16, 9000, 9000, BitsPerComponent=1, Filter=Name.JBIG2Decode))


def _alphabet(pdf: Pdf, page: pikepdf.Page) -> None:
    system = Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0)
    inner = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.X, CIDSystemInfo=system)
    page.obj.Resources.Font.F1 = pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.X, Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(inner)]), ToUnicode=pdf.make_stream(CMAP),
        )
    )  # fmt: skip
    page.Contents = pdf.make_stream(b"BT /F1 12 Tf 72 700 Td <0001> Tj ET")


def _links(pdf: Pdf, page: pikepdf.Page) -> None:
    action = Dictionary(S=Name.URI, URI=pikepdf.String("javascript:alert(1)"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    page.obj.Annots = Array([link] * 50_000)


def _filters(pdf: Pdf, page: pikepdf.Page) -> None:
    data = printed(LINES)
    for _ in range(100):
        data = zlib.compress(data, 1)
    page.Contents = pikepdf.Stream(pdf, data)
    page.Contents.Filter = Array([Name.FlateDecode] * 100)
