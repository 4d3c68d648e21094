"""PDFs that want something done: scripts, programs, fetched files, and files inside them."""

# ruff: noqa: E501 (tables read better unbroken)

import io
import zipfile
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from tests.hostile.families.entities import LAUGHS, OUTSIDE_FILE
from tests.hostile.paper import paper, picture, place
from tests.hostile.sample import Make, Sample

FAMILY = "pdf/active"
FACTUR_X = "factur-x.xml"
MIB = 2**20


def samples(_seed: int) -> Iterator[Sample]:
    """All samples of the family."""
    script = "app.alert(1); this.submitForm('http://127.0.0.1:9/x')"
    makes: dict[str, tuple[str, Make]] = {
        "script": ("a script when it is opened", _opens(S=Name.JavaScript, JS=String(script))),
        "program": ("starts a program when it is opened", _opens(S=Name.Launch, F=String("/bin/sh"))),
        "share": ("opens a file of another machine", _opens(S=Name.GoToR, F=String("\\\\10.0.0.1\\share\\a.pdf"))),
        "form-sends": ("sends a form when it is opened", _opens(S=Name.SubmitForm, F=String("http://127.0.0.1:9/"))),
        "content-elsewhere": ("its page is the file /etc/passwd", lambda: paper(_content_elsewhere)),
        "picture-elsewhere": ("a picture from the network", lambda: paper(_picture_elsewhere)),
        "xml-outside-file": ("Factur-X with a file of this machine in it", _attached(FACTUR_X, OUTSIDE_FILE)),
        "xml-laughs": ("Factur-X with a billion entities", _attached(FACTUR_X, LAUGHS)),
        "xml-empty": ("Factur-X without a byte", _attached(FACTUR_X, b"")),
        "xml-no-xml": ("Factur-X that is no XML", _attached(FACTUR_X, b"%PDF-1.4")),
        "xml-300m": ("Factur-X of 300 MiB", _attached(FACTUR_X, lambda: b"<a>" + b" " * (300 * MIB) + b"</a>")),
        "name-climbs": ("an attachment whose name climbs out", _attached("../../../../tmp/evil.xml", b"<x/>")),
        "name-empty": ("an attachment without a name", _attached("", b"<x/>")),
        "name-controls": ("an attachment with control characters", _attached("fact\x1bur-x\n.xml", b"<x/>")),
        "program-inside": ("a program as attachment", _attached("facture.pdf.exe", b"MZ" + bytes(100))),
        "zip-bomb-inside": ("a ZIP of 512 MiB as attachment", _attached("data.zip", _zip_bomb)),
        "attachments-1000": ("1,000 attachments", lambda: paper(_many_attachments)),
        "metadata-outside-file": ("metadata with a file of this machine", _metadata(OUTSIDE_FILE)),
        "metadata-laughs": ("metadata with a billion entities", _metadata(LAUGHS)),
        "form-outside-file": ("an XFA form with a file of this machine", lambda: paper(_xfa)),
        "title-script": ("a script as title, a formula as author", lambda: paper(_title)),
    }
    for name, (what, make) in makes.items():
        yield Sample(f"{name}.pdf", FAMILY, what, make)


def _opens(**action: object) -> Make:
    return lambda: paper(lambda pdf, _: pdf.Root.__setitem__("/OpenAction", Dictionary(action_of(action))))


def action_of(action: dict[str, object]) -> dict[str, object]:
    """The keys of a PDF's dictionary begin with a slash."""
    return {f"/{key}": value for key, value in action.items()}


def _content_elsewhere(pdf: Pdf, page: pikepdf.Page) -> None:
    page.Contents = pdf.make_stream(b"", F=String("/etc/passwd"), FFilter=Array([]))


def _picture_elsewhere(pdf: Pdf, page: pikepdf.Page) -> None:
    there = Dictionary(FS=Name.URL, F=String("http://127.0.0.1:9/picture"))
    place(pdf, page, picture(pdf, b"", 1, 1, F=there))


def _attached(name: str, content: bytes | Make) -> Make:
    def attach(pdf: Pdf, _: pikepdf.Page) -> None:
        packed = zlib.compress(content if isinstance(content, bytes) else content(), 9)
        kind = {"Type": Name.EmbeddedFile, "Subtype": Name("/text/xml"), "Filter": Name.FlateDecode}
        file = pdf.make_stream(packed, **kind)
        spec = pdf.make_indirect(
            Dictionary(
                Type=Name.Filespec, F=String(name), UF=String(name), AFRelationship=Name.Data, EF=Dictionary(F=file, UF=file)
            )
        )  # fmt: skip
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String(name), spec])))
        pdf.Root.AF = Array([spec])

    return lambda: paper(attach)


def _many_attachments(pdf: Pdf, _: pikepdf.Page) -> None:
    for number in range(1000):
        pdf.attachments[f"{number}.xml"] = pikepdf.AttachedFileSpec(pdf, b"<x/>", filename=f"{number}.xml")


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a"), bytes(512 * MIB), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _metadata(content: bytes) -> Make:
    def put(pdf: Pdf, _: pikepdf.Page) -> None:
        pdf.Root.Metadata = pdf.make_stream(content, Type=Name.Metadata, Subtype=Name.XML)

    return lambda: paper(put)


def _xfa(pdf: Pdf, _: pikepdf.Page) -> None:
    pdf.Root.AcroForm = Dictionary(XFA=pdf.make_stream(OUTSIDE_FILE), Fields=Array([]))


def _title(pdf: Pdf, _: pikepdf.Page) -> None:
    pdf.docinfo["/Title"] = "<img src=x onerror=alert(1)>"
    pdf.docinfo["/Author"] = "=1+1"
    pdf.docinfo["/CreationDate"] = "D:99999999999999Z"
