"""PDFs that are damaged, half-written, empty, locked, or no PDF at all."""

import io
import zipfile
from collections.abc import Iterator
from random import Random

import pikepdf

from tests.hostile.paper import paper, saved
from tests.hostile.sample import Make, Sample

FAMILY = "pdf/broken"
CUTS = (1, 10, 25, 50, 75, 90, 95, 99)


def samples(seed: int) -> Iterator[Sample]:
    """All samples of the family."""
    makes: dict[str, tuple[str, Make]] = {
        **{f"cut-at-{share}": (f"half-written: {share} % of it", _cut(share)) for share in CUTS},
        "empty": ("no byte", bytes),
        "one-byte": ("one byte", lambda: b"%"),
        "header": ("nothing but the header", lambda: b"%PDF-1.7\n"),
        "header-and-end": ("header and end, nothing between", lambda: b"%PDF-1.7\n%%EOF\n"),
        "noise": ("random bytes", lambda: Random(seed).randbytes(40_000)),
        "noise-with-header": ("random bytes with header and end", lambda: _framed(Random(seed + 1).randbytes(40_000))),
        "zeros": ("the right size, nothing but zeros", lambda: bytes(len(paper()))),
        "zeros-behind": ("the right size, its second half zeros", _zeros_behind),
        "junk-before": ("2 KiB before the header", lambda: b"J" * 2048 + paper()),
        "junk-behind": ("1 MiB behind the end", lambda: paper() + b"X" * 2**20),
        "junk-behind-end": ("300 KiB behind the end, and the end again", lambda: paper() + b"X" * 300_000 + b"%%EOF"),
        "two-in-one": ("two PDFs, one behind the other", lambda: paper() + paper(content=b"BT ET")),
        "no-table": ("no table of objects", lambda: _without(paper(), b"xref", b"trailer")),
        "table-points-nowhere": ("its table is said to be behind its end", _table_nowhere),
        "table-points-to-itself": ("the table before the last is the last", _table_loop),
        "no-catalogue": ("the catalogue is missing", lambda: paper().replace(b"/Root", b"/Toor")),
        "html": ("a web page named .pdf", lambda: b"<html><body>502 Bad Gateway</body></html>"),
        "postscript": ("PostScript that starts a program", lambda: b"%!PS-Adobe-3.0\n(%pipe%id) (w) file closefile\n"),
        "word": ("an office document named .pdf", lambda: _zipped("word/document.xml", b"<w:document/>")),
        "zip-slip": ("a ZIP that climbs out of its folder", lambda: _zipped("../../../../tmp/evil", b"x")),
        "pdf-and-zip": ("PDF and ZIP at once", lambda: paper() + _zipped("a.txt", b"x")),
        "locked": (
            "asks for a password, RC4",
            lambda: _locked(user="secret", owner="o", R=3, aes=False, metadata=False),
        ),
        "locked-aes": ("asks for a password, AES-256", lambda: _locked(user="secret", owner="o", R=6)),
        "locked-for-owners": ("may be read but not changed", lambda: _locked(user="", owner="o", R=6)),
        "linear-cut": ("made for the web, its tail cut", lambda: _linear()[:-300]),
        "objects-in-streams-cut": ("objects in streams, cut in the middle", _packed_cut),
        "old-mac-line-ends": ("every line feed became a carriage return", lambda: paper().replace(b"\n", b"\r")),
        "by-ftp-as-text": ("every line feed got a carriage return", lambda: paper().replace(b"\n", b"\r\n")),
        "seven-bits": ("the eighth bits got lost", lambda: bytes(byte & 127 for byte in paper())),
    }
    for name, (what, make) in makes.items():
        yield Sample(f"{name}.pdf", FAMILY, what, make)


def _cut(share: int) -> Make:
    return lambda: (whole := paper())[: len(whole) * share // 100]


def _framed(content: bytes) -> bytes:
    return b"%PDF-1.4\n" + content + b"\n%%EOF\n"


def _zeros_behind() -> bytes:
    whole = paper()
    return whole[: len(whole) // 2].ljust(len(whole), b"\0")


def _without(whole: bytes, first: bytes, next_one: bytes) -> bytes:
    return whole[: whole.rindex(first, 0, whole.rindex(b"startxref"))] + whole[whole.rindex(next_one) :]


def _table_nowhere() -> bytes:
    head, _, tail = paper().rpartition(b"startxref\n")
    return head + b"startxref\n99999999\n" + tail[tail.index(b"%%EOF") :]


def _table_loop() -> bytes:
    whole = paper()
    at = whole.rindex(b"startxref\n") + 10
    place = whole[at : whole.index(b"\n", at)]
    return whole.replace(b"/Root", b"/Prev " + place + b" /Root")


def _zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def _locked(**how: object) -> bytes:
    """Encrypted; the keys are drawn by chance, so that this one is not the same each time."""
    with pikepdf.open(io.BytesIO(paper())) as pdf:
        return saved(pdf, encryption=pikepdf.Encryption(**how))  # type: ignore[arg-type]


def _linear() -> bytes:
    with pikepdf.open(io.BytesIO(paper())) as pdf:
        return saved(pdf, linearize=True)


def _packed_cut() -> bytes:
    with pikepdf.open(io.BytesIO(paper())) as pdf:
        whole = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return whole[: len(whole) // 2] + b"\n%%EOF\n"
