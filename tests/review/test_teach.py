"""Decisions teach the supplier memory and the training set."""

import pytest

from pipeline.errors import BrokenFile, ReaderError
from pipeline.extract.record import extract_record
from pipeline.intake.archive import Archive
from pipeline.measure.cases import read_truth
from pipeline.review.teach import Teacher
from pipeline.store.database import Database
from pipeline.suppliers.book import open_book
from pipeline.suppliers.known import Known
from pipeline.suppliers.snapshot import write_snapshot
from schemas import EvidenceKind, FieldName
from schemas.edits import Edits
from tests.review.conftest import ANNE
from tests.suppliers.conftest import draw, letter  # noqa: F401 (fixtures)

NUMBER = FieldName.INVOICE_NUMBER


@pytest.fixture
def book(database_url, ledger, clock):
    with open_book(database_url, clock) as book:
        yield book


@pytest.fixture
def teacher(database_url, ledger, clock, tmp_path):
    database = Database(database_url)
    yield Teacher(database, clock, Archive(tmp_path / "archive"), tmp_path / "labelled")
    database.close()


def test_the_next_invoice_of_the_supplier_says_which_rule_read_it(desk, put, teacher, book, letter, tmp_path):  # noqa: F811
    """A number that was corrected twice is found by its place the third time, and its evidence names the place."""
    for number in ("FA-2026-0012", "FA-2026-0013"):
        item = put(f"C00417 {number}")
        desk.correct(ANNE, desk.claim(ANNE, item), Edits(fields={NUMBER: number}))
        assert teacher.teach(book, lambda _, number=number: letter(number=number)) == 1
    write_snapshot(book, tmp_path)
    known = Known.load(tmp_path / "known" / "main.json")
    pages = letter(number="FA-2026-0047", day="03/04/2026")
    read = extract_record(pages, recall=known.recall).fields[NUMBER]
    memory = [one.detail for one in read.evidence if one.kind is EvidenceKind.SUPPLIER_MEMORY]
    assert extract_record(pages).value(NUMBER) == "C00417"
    assert (read.value, memory) == ("FA-2026-0047", ["below 'piece', as in 2 confirmed before"])


def test_a_decision_teaches_once_and_is_labelled(desk, put, teacher, book, letter, tmp_path):  # noqa: F811
    """Its values are in the training set; rejections teach nothing."""
    desk.approve(ANNE, desk.claim(ANNE, put("FA-2026-0012")))
    assert [teacher.teach(book, lambda _: letter()) for _ in range(2)] == [1, 0]
    [truth] = read_truth(tmp_path / "labelled" / "truth.jsonl")
    assert truth.fields[NUMBER] == "FA-2026-0012"
    [supplier] = book.suppliers.all()
    assert (supplier.vat_id, book.rules.newest(supplier.key).edited_by) == ("FR44732829320", "anne")


@pytest.mark.parametrize(("error", "taught"), [(ReaderError("died"), [0, 1]), (BrokenFile("torn"), [1, 0])])
def test_pages_that_cannot_be_read_now_are_read_the_next_time(desk, put, teacher, book, letter, error, taught):  # noqa: F811
    """A reader may die once; a document that is at fault is at fault for ever."""
    desk.approve(ANNE, desk.claim(ANNE, put()))

    def fail(_):
        raise error

    assert [teacher.teach(book, fail), teacher.teach(book, lambda _: letter())] == taught
