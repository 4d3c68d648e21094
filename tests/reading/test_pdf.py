import pikepdf
import pytest

from pipeline.errors import BrokenFile, TooLarge
from pipeline.reading import pdf
from pipeline.reading.pdf import PdfFile
from pipeline.settings import Limits, Settings


def test_a_text_layer_that_is_believed_makes_a_page(make_pdf, lines_stream):
    """A page with readable text is read from it, with its size and number."""
    page, reason, hidden = PdfFile(make_pdf("", lines_stream()), Settings()).read_text(2)
    assert page is not None
    assert (reason, hidden) == ("", ())
    assert (page.number, page.width, page.height) == (2, 595, 842)
    assert "FA-2026-0417" in {word.text for word in page.words}


def test_a_text_layer_that_is_not_believed_says_why(make_pdf):
    """A page without text gives no page and the code of the reason."""
    assert PdfFile(make_pdf(""), Settings()).read_text(1) == (None, "no-text", ())


def test_libraries_that_count_differently_are_a_failure(make_pdf, lines_stream, monkeypatch):
    """When the PDF libraries see different pages, the text layer is not used and the reading has a failure."""
    monkeypatch.setattr(pdf, "_qpdf_pages", lambda _content: 3)
    file = PdfFile(make_pdf(lines_stream()), Settings())
    assert [failure.code for failure in file.failures] == ["page-count-differs"]
    assert file.read_text(1) == (None, "unreadable", ())


def test_sound_files_count_the_same(make_pdf, lines_stream):
    """Three libraries agree on an ordinary file."""
    file = PdfFile(make_pdf(lines_stream(), lines_stream()), Settings())
    assert file.failures == ()
    assert file.page_count == 2


def test_too_many_pages_are_refused(make_pdf):
    """More pages than the limit are refused before any is read."""
    with pytest.raises(TooLarge):
        PdfFile(make_pdf("", "", ""), Settings(limits=Limits(pages=2)))


def test_a_pdf_that_opens_without_a_password_is_read(make_pdf, lines_stream):
    """Encryption that only restricts printing does not keep a clerk from reading, nor us."""
    content = make_pdf(lines_stream(), encryption=pikepdf.Encryption(owner="secret", user=""))
    assert PdfFile(content, Settings()).read_text(1).page is not None


def test_a_pdf_that_asks_for_a_password_is_refused(make_pdf, lines_stream):
    """A file that nobody can open without a password is refused, and the remedy says what to ask for."""
    content = make_pdf(lines_stream(), encryption=pikepdf.Encryption(owner="secret", user="secret"))
    with pytest.raises(BrokenFile) as caught:
        PdfFile(content, Settings())
    assert caught.value.specific_code == "encrypted-pdf"
    assert "password" in caught.value.specific_remedy
