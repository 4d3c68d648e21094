"""Pictures that are cut off, boast, become large, or are something else."""

# ruff: noqa: E501 (tables read better unbroken)

import io
import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random

from PIL import Image

from tests.hostile.packing import packed
from tests.hostile.sample import Make, Sample

FAMILY = "pictures"
PNG = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
MIB = 2**20


def samples(seed: int) -> Iterator[Sample]:
    """All samples of the family."""
    for name, (what, make) in {**_pngs(), **_jpegs(seed), **_tiffs(seed), **_others()}.items():
        yield Sample(name, FAMILY, what, make)


@cache
def noise(seed: int, width: int, height: int) -> Image.Image:
    """A picture of random grays, of which every reader makes something else."""
    return Image.frombytes("L", (width, height), Random(seed).randbytes(width * height)).convert("RGB")


def coded(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture in a file format."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png(width: int, height: int, *, bits: int = 8, colour: int = 0, data: bytes | None = None, **odd: object) -> bytes:
    """A PNG of one gray; `odd` replaces its signature, adds chunks (`more`) or falsifies a checksum (`check`)."""
    row = bytes(1 + (width * bits * CHANNELS.get(colour, 1) + 7) // 8)
    data = zlib.compress(row * height, 9) if data is None else data
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0), odd.get("check"))
    signature, more = odd.get("signature", PNG), odd.get("more", b"")
    return b"".join([signature, head, more, chunk(b"IDAT", data) if data else b"", chunk(b"IEND", b"")])  # type: ignore[list-item]


def chunk(kind: bytes, data: bytes, check: object = None) -> bytes:
    """A chunk of a PNG."""
    return (
        struct.pack(">I4s", len(data), kind)
        + data
        + struct.pack(">I", zlib.crc32(kind + data) if check is None else check)
    )


def _pngs() -> dict[str, tuple[str, Make]]:
    small = png(32, 32)
    return {
        "signature-high-bit.png": ("the signature lost its high bit", lambda: b"\x09" + small[1:]),
        "signature-line-ends.png": ("sent as text: CR LF became LF", lambda: small.replace(b"\r\n", b"\n")),
        "signature-old-mac.png": ("sent as text: CR LF became CR", lambda: small.replace(b"\r\n", b"\r")),
        "head-check.png": ("a wrong checksum of the head", lambda: png(32, 32, check=0)),
        "colour-1.png": ("a kind of colour that there is not", lambda: png(32, 32, colour=1)),
        "colour-9.png": ("another one", lambda: png(32, 32, colour=9)),
        "bits-0.png": ("0 bits a channel", lambda: png(32, 32, bits=0, data=b"x")),
        "bits-99.png": ("99 bits a channel", lambda: png(32, 32, bits=99, data=b"x")),
        "no-pixels.png": ("no pixels", lambda: png(32, 32, data=b"")),
        "too-many-pixels.png": ("64 MiB of pixels for 32 x 32", lambda: png(32, 32, data=packed(bytes(MIB), 64))),
        "too-few-pixels.png": ("one row of pixels for 32", lambda: png(32, 32, data=zlib.compress(bytes(33)))),
        "60k-1-bit.png": ("3.6 gigapixels of 1 bit", lambda: _large_png(60_000, 60_000, 1, 0)),
        "20k-rgba.png": ("1.6 GB of pixels", lambda: _large_png(20_000, 20_000, 8, 6)),
        "10k-gray.png": ("100 megapixels: legal", lambda: _large_png(10_000, 10_000, 8, 0)),
        "2g-square.png": ("says that it is 2^31 square", lambda: png(2**31 - 1, 1, data=b"x")[:16] + b"\x7f\xff\xff\xff" * 2 + png(1, 1)[24:]),
        "0-square.png": ("says that it is 0 square", lambda: png(0, 0, data=b"x")),
        "1-by-1g.png": ("1 pixel wide, 10^9 high", lambda: png(1, 1)[:20] + struct.pack(">I", 10**9) + png(1, 1)[24:]),
        "cut.png": ("cut off", lambda: small[:50]),
        "zeros-behind.png": ("cut off, zeros behind", lambda: small[:50] + bytes(500)),
        "text-256m.png": ("a comment of 256 MiB", lambda: png(32, 32, more=chunk(b"zTXt", b"c\0\0" + packed(bytes(MIB), 256)))),
        "profile-128m.png": ("a colour profile of 128 MiB", lambda: png(32, 32, more=chunk(b"iCCP", b"c\0\0" + packed(bytes(MIB), 128)))),
        "one-pixel.png": ("one pixel", lambda: png(1, 1)),
        "frames.png": ("moving pictures", lambda: coded(noise(1, 60, 90), "PNG", save_all=True, append_images=[noise(2, 60, 90)] * 3)),
    }  # fmt: skip


def _large_png(width: int, height: int, bits: int, colour: int) -> bytes:
    row = bytes(1 + (width * bits * CHANNELS[colour] + 7) // 8)
    return png(width, height, bits=bits, colour=colour, data=packed(row, height))


def _jpegs(seed: int) -> dict[str, tuple[str, Make]]:
    def page() -> bytes:
        return coded(noise(seed, 620, 877), "JPEG", quality=60)

    def says(width: int, height: int) -> bytes:
        whole = page()
        at = whole.index(b"\xff\xc0") + 5
        return whole[:at] + struct.pack(">HH", height, width) + whole[at + 4 :]

    def turned(orientation: int) -> Make:
        exif = Image.Exif()
        exif[0x112], exif[0x10E] = orientation, "<script>alert(1)</script>"
        return lambda: coded(noise(seed, 62, 88), "JPEG", exif=exif)

    cuts = {f"cut-at-{share}.jpg": (f"{share} % of it", lambda share=share: page()[: len(page()) * share // 100]) for share in (1, 25, 50, 95)}  # fmt: skip
    ways = {f"orientation-{way}.jpg": (f"orientation {way}", turned(way)) for way in (*range(1, 9), 99)}
    return {
        **cuts,
        **ways,
        "zeros-behind.jpg": ("half of it, zeros behind", lambda: page()[: len(page()) // 2].ljust(len(page()), b"\0")),
        "says-65500.jpg": ("says that it is 65,500 square", lambda: says(65_500, 65_500)),
        "says-0.jpg": ("says that it is 0 square", lambda: says(0, 0)),
        "four-inks.jpg": ("four inks: legal", lambda: coded(noise(seed, 620, 877).convert("CMYK"), "JPEG")),
        "2000-scans.jpg": ("144 megapixels in 2,000 empty passes", _many_scans),
        "noise.jpg": ("nothing but noise", page),
    }


def _many_scans() -> bytes:
    whole = coded(Image.new("L", (12_000, 12_000)), "JPEG", progressive=True, quality=1)
    second = whole.index(b"\xff\xda", whole.index(b"\xff\xda") + 2)
    return whole[:second] + b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00" * 2000 + b"\xff\xd9"


WIDTH, HEIGHT, BITS, PACKED, PHOTO, STRIPS, SAMPLES, ROWS, SIZES = 256, 257, 258, 259, 262, 273, 277, 278, 279


def tiff(entries: dict[int, int], data: bytes = bytes(400), following: int = 0, order: str = "<") -> bytes:
    """A TIFF with one directory at its beginning, of 32-bit numbers."""
    first = 8 + 2 + 12 * len(entries) + 4
    entries = {STRIPS: first, SIZES: 100} | entries
    first = 8 + 2 + 12 * len(entries) + 4
    rows = b"".join(struct.pack(order + "HHII", tag, 4, 1, value) for tag, value in sorted(entries.items()))
    head = b"II" if order == "<" else b"MM"
    directory = struct.pack(order + "H", len(entries)) + rows + struct.pack(order + "I", following)
    return head + struct.pack(order + "HI", 42, 8) + directory + data


def _plain(width: int, height: int, **odd: int) -> dict[int, int]:
    names = {"bits": BITS, "packed": PACKED, "samples": SAMPLES, "rows": ROWS, "strips": STRIPS, "sizes": SIZES}
    usual = {WIDTH: width, HEIGHT: height, BITS: 8, PACKED: 1, PHOTO: 1, SAMPLES: 1, ROWS: height}
    return usual | {names[name]: value for name, value in odd.items()}


def _tiffs(seed: int) -> dict[str, tuple[str, Make]]:
    def page() -> bytes:
        return coded(noise(seed, 310, 438), "TIFF", compression="tiff_lzw")

    def pages(images: Sequence[Image.Image], packed: str) -> bytes:
        return coded(images[0], "TIFF", compression=packed, save_all=True, append_images=images[1:])

    most = 2**31 - 1
    return {
        **{f"cut-at-{share}.tif": (f"{share} % of it", lambda share=share: page()[: len(page()) * share // 100]) for share in (1, 50, 95)},
        "directory-loop.tif": ("the next directory is the same", lambda: tiff(_plain(10, 10), following=8)),
        "directory-beyond.tif": ("its directory is beyond the end", lambda: b"II*\0\xff\xff\xff\x7f"),
        "says-2g.tif": ("says that it is 2^32 square", lambda: tiff(_plain(2**32 - 1, 2**32 - 1))),
        "60k-fax.tif": ("a fax of 3.6 gigapixels in 300 bytes", lambda: tiff(_plain(60_000, 60_000, packed=4, bits=1, sizes=300))),
        "strip-beyond.tif": ("pixels beyond the end", lambda: tiff(_plain(100, 100, strips=most, sizes=most))),
        "bits-0.tif": ("0 bits", lambda: tiff(_plain(10, 10, bits=0))),
        "packed-9999.tif": ("packed in an unknown way", lambda: tiff(_plain(10, 10, packed=9999))),
        "samples-65535.tif": ("65,535 channels", lambda: tiff(_plain(10, 10, samples=65_535))),
        "rows-1.tif": ("2^31 strips of one row", lambda: tiff(_plain(1000, most, rows=1))),
        "big-endian.tif": ("the other order of bytes: legal", lambda: tiff(_plain(10, 10), order=">")),
        "pages-600.tif": ("600 pages of fax", lambda: pages([Image.new("1", (1240, 1754), 1)] * 600, "group4")),
        "50k-fax.tif": ("a blank fax of 2.5 gigapixels", lambda: coded(Image.new("1", (50_000, 50_000), 1), "TIFF", compression="group4")),
        "no-numbers.tif": ("floats that are no numbers", lambda: coded(Image.new("F", (99, 99), float("nan")), "TIFF")),
        "16-bits.tif": ("16 bits: legal", lambda: coded(Image.new("I;16", (99, 99), 40_000), "TIFF")),
        "four-inks.tif": ("four inks: legal", lambda: coded(Image.new("CMYK", (99, 99)), "TIFF")),
    }  # fmt: skip


def _others() -> dict[str, tuple[str, Make]]:
    fetches = b"push graphic-context\nfill 'url(https://127.0.0.1/\"|id > /tmp/x\")'\npop graphic-context"
    bitmap = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 54, 0, 0, 54, 40, 100_000, 100_000, 1, 24, 0, 0, 0, 0, 0, 0)
    return {
        "drawing.png": ("SVG that fetches a file", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
        "commands.jpg": ("drawing commands of ImageMagick", lambda: fetches),
        "page.jpg": ("a web page", lambda: b"<html>502 Bad gateway</html>"),
        "empty.png": ("no byte", bytes),
        "empty.jpg": ("no byte", bytes),
        "empty.tif": ("no byte", bytes),
        "gif.png": ("a GIF", lambda: coded(noise(3, 62, 88), "GIF")),
        "webp.jpg": ("a WebP: legal", lambda: coded(noise(3, 62, 88), "WEBP")),
        "100k-bitmap.bmp": ("a head that says 10 gigapixels", lambda: bitmap),
        "bitmap-cut.bmp": ("a bitmap cut in half", lambda: coded(noise(3, 620, 88), "BMP")[:60_000]),
    }  # fmt: skip
