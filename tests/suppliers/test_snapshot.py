"""What is known as a file for the child processes."""

import subprocess
import sys
import time
from decimal import Decimal

import pytest

from pipeline.extract.candidates import survey
from pipeline.suppliers.known import Known
from pipeline.suppliers.master import Master, find_supplier
from pipeline.suppliers.model import PurchaseOrder, Rules, Supplier
from pipeline.suppliers.snapshot import write_snapshot
from schemas import Candidate, EvidenceKind, FieldName
from tests.suppliers.conftest import IBAN, NEW_IBAN, VAT_ID, option

MANY = 20_000


@pytest.fixture
def filled(book, martin):
    book.suppliers.put([martin], "me")
    book.rules.add("F001", Rules(supplier="F001", currencies=("EUR",)), "me")
    book.orders.put([PurchaseOrder(number="PO-9", total=Decimal(5))])
    return book


def test_a_snapshot_says_what_the_book_knows(filled, tmp_path, martin):
    """Master, live rules and orders."""
    known = Known.load(write_snapshot(filled, tmp_path))
    assert known.master.suppliers == (martin,)
    assert known.rules("F001") == Rules(supplier="F001", currencies=("EUR",))
    assert known.rules("F009") is None
    assert known.order("PO 9").total == 5
    assert len(known.version) == 64


def test_a_snapshot_is_written_only_when_something_changed(filled, tmp_path):
    """The version is that of the contents, and a reader keeps what it has read."""
    path = write_snapshot(filled, tmp_path)
    before, known = path.stat().st_mtime_ns, Known.load(path)
    write_snapshot(filled, tmp_path)
    assert path.stat().st_mtime_ns == before
    assert Known.load(path) is known
    filled.suppliers.set_active("F001", False)
    write_snapshot(filled, tmp_path)
    assert not Known.load(path).master.suppliers[0].active
    assert list(tmp_path.glob(".known-*")) == []


def test_without_a_file_nothing_is_known(tmp_path):
    """A first run, and a child of an installation without suppliers."""
    known = Known.load(tmp_path / "known" / "main.json")
    assert (known.master.suppliers, known.version) == ((), "")


def test_a_child_needs_no_database_library(filled, tmp_path):
    """What a child process imports to know its suppliers."""
    path = write_snapshot(filled, tmp_path)
    program = (
        "import sys; from pathlib import Path; from pipeline.suppliers.known import Known; "
        "import pipeline.suppliers.check; "
        f"print(len(Known.load(Path({str(path)!r})).master.suppliers), 'sqlalchemy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]


def test_twenty_thousand_suppliers_are_quick_to_look_up(make_record, martin):
    """Once the indices are made, an identifier costs microseconds and a misread name milliseconds of CPU time."""
    others = [Supplier(key=str(n), name=f"Firm {n:x} of {n % 977}", siren=f"{n:09d}") for n in range(MANY)]
    master = Master((*others, martin))
    by_key = make_record()
    by_likeness = make_record(seller_vat_id=None, iban=None, seller_name="Quincaillerle Martin")
    assert find_supplier(by_key, master).supplier == martin
    start = time.process_time()
    assert all(find_supplier(by_likeness, master).supplier == martin for _ in range(10))
    assert (time.process_time() - start) / 10 < 0.2


def test_the_master_tells_the_name_that_the_page_does_not(martin, draw):
    """Known by its VAT id, the seller's name is a candidate with the memory as its witness, and no place."""
    sheet = survey(draw((40, 40, "Facture"), (40, 800, f"TVA {VAT_ID}")))
    wrong = option(FieldName.SELLER_NAME, "Facture", 0.4)
    best, _ = Known(Master((martin,))).recall({FieldName.SELLER_NAME: (wrong,)}, sheet)[FieldName.SELLER_NAME]
    assert (best.value, best.box) == (martin.name, None)
    assert [one.kind for one in best.evidence] == [EvidenceKind.SUPPLIER_MEMORY]


def test_a_printed_name_that_is_the_master_s_is_believed(martin, draw):
    """The printed form stays; it gains the witness."""
    sheet = survey(draw((40, 40, "Quincaillerie Martin"), (40, 800, f"TVA {VAT_ID}")))
    printed = option(FieldName.SELLER_NAME, "Quincaillerie Martin", 0.4)
    (best,) = Known(Master((martin,))).recall({FieldName.SELLER_NAME: (printed,)}, sheet)[FieldName.SELLER_NAME]
    assert isinstance(best, Candidate)
    assert best.value == "Quincaillerie Martin"
    assert best.score > 0.4


def test_accounts_of_the_master_are_witnesses(martin, draw):
    """Without any learned rule, the master's account and currency speak for their candidates."""
    sheet = survey(draw((40, 40, "Quincaillerie Martin"), (40, 800, f"TVA {VAT_ID}")))
    options = (option(FieldName.IBAN, NEW_IBAN), option(FieldName.IBAN, IBAN))
    new, usual = Known(Master((martin,))).recall({FieldName.IBAN: options}, sheet)[FieldName.IBAN]
    assert [one.evidence[-1].supports for one in (new, usual)] == [False, True]
