"""PDFs whose pages have sizes, numbers or trees that cannot be."""

import re
from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from tests.hostile.paper import LINES, paper, printed
from tests.hostile.sample import Make, Sample

FAMILY = "pdf/pages"
BOXES: dict[str, tuple[str, str]] = {
    "200-inches": ("3.6 gigapixels at 300 dpi", "[0 0 14400 14400]"),
    "billion": ("a side of 10^9 points", "[0 0 1000000000 1000000000]"),
    "negative": ("negative sides", "[0 0 -595 -842]"),
    "nothing": ("no area", "[0 0 0 0]"),
    "upside-down": ("corners exchanged", "[595 842 0 0]"),
    "thread": ("1 point wide, 2 million high", "[0 0 1 2000000]"),
    "words": ("no numbers", "[0 0 (a) null]"),
    "infinite": ("numbers beyond all measure", "[0 0 1" + "0" * 400 + " 1" + "0" * 400 + "]"),
    "short": ("two numbers", "[0 0]"),
    "a0": ("A0, 140 megapixels at 300 dpi: legal", "[0 0 2384 3370]"),
    "far-away": ("a page far from the origin", "[1000000 1000000 1000595 1000842]"),
    "tiny": ("a hundredth of a point", "[0 0 0.01 0.01]"),
}
MANY, VERY_MANY, DEEP = 10_000, 100_000, 3_000


def samples(_seed: int) -> Iterator[Sample]:
    """All samples of the family."""
    for name, (what, box) in BOXES.items():
        yield Sample(f"box-{name}.pdf", FAMILY, what, _boxed(box))
    makes: dict[str, tuple[str, Make]] = {
        "unit-1000": ("a user unit of 1000", _with("UserUnit", 1000)),
        "turned-45": ("turned by 45 degrees", _with("Rotate", 45)),
        "turned-often": ("turned by 36000090 degrees", _with("Rotate", 36_000_090)),
        "no-box": ("no page box", lambda: paper().replace(b"/MediaBox", b"/XediaBox")),
        "crop-elsewhere": ("a crop box beside the page", _with("CropBox", Array([9000, 9000, 9500, 9800]))),
        "crop-nothing": ("a crop box without area", _with("CropBox", Array([10, 10, 10, 10]))),
        "no-pages": ("no page", lambda: paper(lambda pdf, _: pdf.pages.__delitem__(0))),
        "count-2g": ("says that it has 2^31 pages", _counted(2**31 - 1)),
        "count-negative": ("says that it has -5 pages", _counted(-5)),
        "count-zero": ("says that it has no page, and has one", _counted(0)),
        "tree-in-itself": ("the tree of pages contains itself", lambda: paper(_tree_in_itself)),
        "tree-deep": ("a tree of pages 3,000 levels deep", lambda: paper(_tree_deep)),
        "same-page-10k": ("10,000 times the same page", _same_page(MANY)),
        "same-page-100k": ("100,000 times the same page", _same_page(VERY_MANY)),
        "pages-10k": ("10,000 pages", _pages(MANY)),
        "pages-501": ("one page more than is allowed", _pages(501)),
        "page-is-no-page": ("a page that is a number", lambda: paper(lambda pdf, _: _kids(pdf, [7]))),
        "no-content": ("a page without content", lambda: paper(lambda _, page: page.obj.__delitem__("/Contents"))),
        "content-missing": ("content that is not there", _content_missing),
        "arrays-100k": ("100,000 arrays in one another", lambda: paper(_nested(b"[" * 100_000, b"]" * 100_000))),
        "dictionaries-20k": (
            "20,000 dictionaries in one another",
            lambda: paper(_nested(b"<</A" * 20_000, b">>" * 20_000)),
        ),
    }
    for name, (what, make) in makes.items():
        yield Sample(f"{name}.pdf", FAMILY, what, make)


def _boxed(box: str) -> Make:
    """The page box as text, for pikepdf makes no wrong ones."""
    return lambda: paper().replace(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox " + box.encode(), 1)


def _with(name: str, value: object) -> Make:
    return lambda: paper(lambda _, page: page.obj.__setitem__(f"/{name}", value))


def _counted(count: int) -> Make:
    return lambda: paper().replace(b"/Count 1", b"/Count %d" % count)


def _kids(pdf: Pdf, kids: list[object]) -> None:
    pdf.Root.Pages.Kids = Array(kids)


def _tree_in_itself(pdf: Pdf, _: pikepdf.Page) -> None:
    tree = pdf.Root.Pages
    tree.Kids, tree.Count = Array([tree, tree]), 2


def _tree_deep(pdf: Pdf, page: pikepdf.Page) -> None:
    below = page.obj
    for _ in range(DEEP):
        above = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([below]), Count=1))
        below.Parent = above
        below = above
    pdf.Root.Pages = below


def _same_page(count: int) -> Make:
    def repeat(pdf: Pdf, page: pikepdf.Page) -> None:
        pdf.Root.Pages.Kids, pdf.Root.Pages.Count = Array([page.obj] * count), count

    return lambda: paper(repeat)


def _pages(count: int) -> Make:
    def multiply(pdf: Pdf, page: pikepdf.Page) -> None:
        own = {key: page.obj[key] for key in ("/Type", "/Parent", "/MediaBox", "/Resources", "/Contents")}
        pages = [pdf.make_indirect(Dictionary(own)) for _ in range(count)]
        pdf.Root.Pages.Kids, pdf.Root.Pages.Count = Array(pages), count

    return lambda: paper(multiply)


def _content_missing() -> bytes:
    return re.sub(rb"/Contents \d+ 0 R", b"/Contents 999 0 R", paper())


def _nested(before: bytes, behind: bytes) -> Callable[[Pdf, pikepdf.Page], None]:
    """Nested too deep for pikepdf to hold, so the text of the object is put into a content stream's place."""

    def nest(pdf: Pdf, page: pikepdf.Page) -> None:
        operators = printed(LINES) + b"/Span <</X " + before + b" 1 " + behind + b">> BDC EMC"
        page.Contents = pdf.make_stream(operators)

    return nest
