"""A drop folder of odd names and of things that are no files."""

# ruff: noqa: E501 (tables read better unbroken)

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from tests.hostile.paper import paper

NAMES: tuple[bytes, ...] = (
    # options of programs, and names that only look like some
    b"-rf.pdf", b"--help.pdf", b"--.pdf", b"@list.pdf", b"%pipe%id.pdf", b"%d.pdf", b"%s%n{0}.pdf", b"msl:evil.pdf",
    # control characters and spaces
    b"in\nvoice.pdf", b"in\rvoice.pdf", b"in\tvoice.pdf", b"\x1b[31mred\x1b[0m.pdf", b"\x07.pdf", b"a\x7f.pdf", b" .pdf",
    b"a.pdf ", b"  two  spaces.pdf", b"ok\r\nINFO approved.pdf", b"a\r\nSet-Cookie: x=1.pdf",
    # dots and ends of names
    b"a.pdf.", b"...pdf", b"a.pdf.exe", b"A.PDF", b"a.pDf", b"facture", b"0", b"copy (1).pdf", b"a[0].pdf",
    # names of what is hidden, half-written, or litter
    b".pdf", b".hidden.pdf", b"~$facture.pdf", b"a.pdf.part", b"a.pdf.crdownload", b"a.pdf.filepart", b"a.tmp",
    b".a.pdf.Xk29aZ", b"Thumbs.db", b".DS_Store", b"desktop.ini",
    # long ones
    b"n" * 251 + b".pdf", "é".encode() * 125 + b".pdf",
    # alphabets
    "facture_é.pdf".encode(), "facture_e\u0301.pdf".encode(), "facture_\u202efdp.exe".encode(), "fac\u200bture.pdf".encode(),
    "\ufefffacture.pdf".encode(), "🧾.pdf".encode(), "請求書.pdf".encode(), "فاتورة.pdf".encode(),
    "a／b.pdf".encode(), "..⁄..⁄etc.pdf".encode(), b"inv\xff\xfe.pdf", b"\xed\xa0\x80.pdf", b"Rechnung_M\xfcller.pdf",
    # paths and names that Windows has its own ideas of
    b"..%2f..%2fetc%2fpasswd.pdf", b"..\\..\\windows\\a.pdf", b"CON.pdf", b"nul.pdf", b"a.pdf:Zone.Identifier",
    b'a<b>c"d|e?f*.pdf', b"http:__127.0.0.1_.pdf",
    # commands to shells, databases, browsers, spreadsheets, templates and terminals
    b"$(touch pwned).pdf", b"`id`.pdf", b";id;.pdf", b"a|id.pdf", b"a&id&.pdf", b"a'b\"c.pdf", b"*.pdf", b"{a,b}.pdf",
    b"';DROP TABLE documents;--.pdf", b"<img src=x onerror=alert(1)>.pdf", b"=cmd|' C calc'!A0.pdf", b"{{7*7}}.pdf",
    b"[bold]a[>b].pdf", b'a"; filename="evil.html.pdf',
)  # fmt: skip
LARGE = 10 * 2**30


def lay_out(folder: Path, content: bytes | None = None, large: int = LARGE) -> int:
    """Fill a folder with a PDF under each name, and with what is no such file; returns how many entries there are.

    The contents differ, so that none is passed over as seen before; a name that a file system refuses is left out.
    One file is `large` bytes long and takes no room.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page = paper() if content is None else content
    made = sum(_wrote(os.fsencode(folder) + b"/" + name, _numbered(page, number)) for number, name in enumerate(NAMES))
    for make in _things(page, large):
        make(folder)
        made += 1
    return made


def _numbered(page: bytes, number: int) -> bytes:
    """A PDF of its own for each name."""
    return page + b"%% %d\n%%%%EOF\n" % number


def _wrote(path: bytes, content: bytes) -> bool:
    with suppress(OSError):
        with open(path, "wb") as file:  # noqa: PTH123 (a path of bytes)
            file.write(content)
        return True
    return False


def _things(page: bytes, large: int) -> Iterator[Callable[[Path], object]]:
    yield lambda folder: (folder / "link-outside.pdf").symlink_to("/etc/passwd")
    yield lambda folder: (folder / "link-to-itself.pdf").symlink_to("link-to-itself.pdf")
    yield lambda folder: (folder / "link-nowhere.pdf").symlink_to("/nonexistent")
    yield lambda folder: (folder / "link-up").symlink_to("..")
    yield lambda folder: os.mkfifo(folder / "pipe.pdf")
    yield _socket
    yield lambda folder: _sparse(folder / "sparse.pdf", page, large)
    yield lambda folder: os.link(folder / "A.PDF", folder / "second-link.pdf")
    yield lambda folder: _dated(folder / "of-2096.pdf", 4e9, _numbered(page, 903))
    yield lambda folder: _dated(folder / "of-1938.pdf", -1e9, _numbered(page, 904))
    yield lambda folder: _inside(folder.joinpath(*["d" * 40] * 20), _numbered(page, 900))
    yield lambda folder: _inside(folder / "folder.pdf", _numbered(page, 901))
    yield lambda folder: _unreadable(folder / "unreadable.pdf", _numbered(page, 902))


def _socket(folder: Path) -> None:
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(folder)  # the address of a socket has room for 107 bytes
        server.bind("socket.pdf")
    os.chdir(here)


def _sparse(path: Path, content: bytes, size: int) -> None:
    """A file of which only the beginning takes room on the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.truncate(size)


def _dated(path: Path, when: float, content: bytes) -> None:
    path.write_bytes(content)
    os.utime(path, (when, when))


def _inside(folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / f"inside-{len(folder.parts)}.pdf").write_bytes(content)


def _unreadable(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0)
