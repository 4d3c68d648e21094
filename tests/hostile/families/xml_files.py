"""XML e-invoices that are malformed, endless, deep, in odd alphabets, or hold what is no value."""

# ruff: noqa: E501 (tables read better unbroken)

from collections.abc import Iterator

from tests.hostile.families.entities import HEAD, LAUGHS, OUTSIDE_FILE, outside
from tests.hostile.sample import Make, Sample

BROKEN, VALUES = "xml/broken", "xml/values"
SPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
AMOUNTS = {
    "not-a-number": "NaN",
    "infinite": "INF",
    "exponent": "1E999",
    "negative": "-119.00",
    "400-digits": "9" * 400,
    "comma": "119,00",
    "arabic": "١١٩.٠٠",
    "minus-sign": "−119.00",
    "underscore": "1_000",
    "spaces": " 119 .00 ",
    "hexadecimal": "0x77",
    "decimals": "119.0049999999999999999999",
    "empty": "",
    "currency": "119.00 EUR",
    "two-points": "1.119.00",
    "full-width": "１１９.００",
    "plus": "+119.00",
}
NUMBERS = {
    "script": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "marked-script": "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "formula": "=cmd|' /C calc'!A0",
    "path": "../../../../etc/cron.d/x",
    "comment": "INV<!-- x -->-1",
    "long": "A" * 50_000,
    "control": "INV&#1;",
    "lone-half": "INV&#xD800;",
    "right-to-left": "\u202e1-VNI",
    "zero-width": "IN\u200bV-1",
    "line-end": "INV&#10;-1",
    "markup": "[/bold]{0}%s",
    "empty": "",
}
DATES = {
    "month-13": "2026-13-01",
    "day-0": "2026-01-00",
    "year-0": "0000-01-01",
    "year-9999": "9999-12-31",
    "words": "demain",
}


def samples(_seed: int) -> Iterator[Sample]:
    """All samples of both families."""
    makes: dict[str, tuple[str, Make]] = {
        "laughs": ("a billion entities", lambda: LAUGHS),
        "quadratic": ("an entity of 100 KB, 20,000 times", _quadratic),
        "outside-file": ("a file of this machine", lambda: OUTSIDE_FILE),
        "outside-network": ("a page of the network", lambda: outside("http://127.0.0.1:9/x")),
        "outside-endless": ("a file without end", lambda: outside("file:///dev/zero")),
        "outside-rules": ("rules from the network", lambda: HEAD + b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x"><r/>'),
        "parameter": ("an entity that fetches entities", _parameter),
        "includes": ("includes a file", _includes),
        "style": (
            "a style sheet from the network",
            lambda: _after_head(b'<?xml-stylesheet href="http://127.0.0.1:9/x"?>'),
        ),
        "schema": ("a schema from the network", _schema),
        "deep-100k": ("100,000 elements in one another", lambda: HEAD + b"<a>" * 100_000 + b"</a>" * 100_000),
        "deep-invoice": ("an invoice with 200 elements in one another", lambda: ubl(more="<a>" * 200 + "</a>" * 200)),
        "open-2m": ("2 million elements that never end", lambda: HEAD + b"<a>" * 2_000_000),
        "attributes-300k": ("300,000 attributes", _attributes),
        "attribute-30m": ("an attribute of 30 MB", lambda: HEAD + b'<a b="' + b"x" * 30_000_000 + b'"/>'),
        "spaces-3000": ("3,000 name spaces", _spaces),
        "text-60m": ("a text of 60 MB", lambda: HEAD + b"<r>" + b"A" * 60_000_000 + b"</r>"),
        "lines-100k": ("100,000 lines: too long", lambda: ubl(more=_LINE * 100_000)),
        "lines-2k": ("2,000 lines: legal", lambda: ubl(more=_LINE * 2_000)),
        "empty": ("no byte", bytes),
        "cut": ("half-written", lambda: ubl()[:200]),
        "cut-end": ("its last tag is cut", lambda: ubl()[:-3]),
        "zero-inside": ("a zero byte", lambda: ubl().replace(b"INV-1", b"IN\0V")),
        "utf-16": ("UTF-16: legal", lambda: ubl().replace(b"UTF-8", b"UTF-16").decode().encode("utf-16")),
        "utf-16-said": ("says UTF-16 and is not", lambda: ubl().replace(b"UTF-8", b"UTF-16")),
        "utf-7": ("UTF-7", lambda: b'<?xml version="1.0" encoding="UTF-7"?>+ADw-r+AD4-'),
        "utf-32": ("UTF-32", lambda: ubl().replace(b"UTF-8", b"UTF-32").decode().encode("utf-32")),
        "latin-said-utf-8": ("Latin 1 that says UTF-8", lambda: ubl().replace(b"INV-1", b"\xe9\xff")),
        "two-marks": ("two byte order marks", lambda: b"\xef\xbb\xbf" * 2 + ubl()),
        "ebcdic": ("EBCDIC", lambda: ubl().replace(b"UTF-8", b"IBM037").decode().encode("cp037")),
        "unknown-alphabet": ("an encoding that there is not", lambda: ubl().replace(b"UTF-8", b"X-KLINGON")),
        "web-page": ("a web page", lambda: b"<!DOCTYPE html><html><body>503</body></html>"),
        "two-roots": ("two invoices in one file", lambda: ubl() + ubl()[len(HEAD) :]),
        "no-space": ("an invoice without its name space", lambda: ubl().replace(SPACE.encode(), b"urn:x:")),
        "order": ("an order", lambda: ubl().replace(b"Invoice-2", b"Order-2").replace(b"Invoice", b"Order")),
    }
    for name, (what, make) in makes.items():
        yield Sample(f"{name}.xml", BROKEN, what, make)
    for name, text in AMOUNTS.items():
        yield Sample(f"amount-{name}.xml", VALUES, f"an amount: {name}", lambda text=text: ubl(amount=text))
    for name, text in NUMBERS.items():
        yield Sample(f"number-{name}.xml", VALUES, f"a number: {name}", lambda text=text: ubl(number=text))
    for name, text in DATES.items():
        yield Sample(f"date-{name}.xml", VALUES, f"a date: {name}", lambda text=text: ubl(day=text))
    yield Sample("two-numbers.xml", VALUES, "two numbers", lambda: ubl(number="INV-1</cbc:ID><cbc:ID>INV-2"))
    yield Sample("attachment-climbs.xml", VALUES, "an attachment whose name climbs out", lambda: ubl(more=_attached()))
    yield Sample("attachment-elsewhere.xml", VALUES, "an attachment in the network", lambda: ubl(more=_elsewhere()))


def ubl(number: str = "INV-1", amount: str = "119.00", day: str = "2026-01-31", more: str = "") -> bytes:
    """A small UBL invoice."""
    body = (
        f'<Invoice xmlns="{SPACE}Invoice-2" xmlns:cbc="{SPACE}CommonBasicComponents-2" '
        f'xmlns:cac="{SPACE}CommonAggregateComponents-2"><cbc:ID>{number}</cbc:ID><cbc:IssueDate>{day}</cbc:IssueDate>'
        f'<cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="EUR">{amount}</cbc:PayableAmount>'
        f"</cac:LegalMonetaryTotal>{more}</Invoice>"
    )
    return HEAD + body.encode("utf-8", "surrogatepass")


_LINE = (
    "<cac:InvoiceLine><cbc:ID>1</cbc:ID>"
    '<cbc:LineExtensionAmount currencyID="EUR">1.00</cbc:LineExtensionAmount></cac:InvoiceLine>'
)


def _after_head(more: bytes) -> bytes:
    return ubl().replace(HEAD, HEAD + more)


def _quadratic() -> bytes:
    return HEAD + b'<!DOCTYPE r [<!ENTITY a "' + b"A" * 100_000 + b'">]><r>' + b"&a;" * 20_000 + b"</r>"


def _parameter() -> bytes:
    return HEAD + b'<!DOCTYPE r [<!ENTITY % e SYSTEM "http://127.0.0.1:9/e.dtd"> %e;]><r/>'


def _includes() -> bytes:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    return ubl(number=include)


def _schema() -> bytes:
    said = b'<Invoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x http://127.0.0.1:9/" '
    return ubl().replace(b"<Invoice ", said)


def _attributes() -> bytes:
    return HEAD + b"<a " + b" ".join(b'a%d="1"' % number for number in range(300_000)) + b"/>"


def _spaces() -> bytes:
    return HEAD + b"".join(b'<a xmlns:n%d="u%d">' % (each, each) for each in range(3000)) + b"</a>" * 3000


def _attached() -> str:
    binary = '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="../../tmp/x">QQ==</cbc:EmbeddedDocumentBinaryObject>'
    return _reference(binary)


def _elsewhere() -> str:
    return _reference(
        "<cac:ExternalReference><cbc:URI>http://169.254.169.254/latest/</cbc:URI></cac:ExternalReference>"
    )


def _reference(inside: str) -> str:
    attachment = f"<cac:Attachment>{inside}</cac:Attachment>"
    return f"<cac:AdditionalDocumentReference>{attachment}</cac:AdditionalDocumentReference>"
