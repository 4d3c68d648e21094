"""The practice portal's books as an accounting system that is reached without screens, and takes an invoice twice.

Its drafts and postings are transactions of another program's database: they stay, whoever dies.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipeline.effects import effect
from pipeline.errors import OutcomeUnknown
from pipeline.ports import Posted
from pipeline.posting.portal.books import Books, Row
from pipeline.settings import Settings
from schemas import FieldName, PostingKey, PostingOrder, Voucher

FILE = "books.db"


def books_target(settings: Settings, client_id: str) -> "BooksTarget":
    return BooksTarget(settings.home / client_id / FILE)


class BooksTarget:
    """As the robot does: a draft that was left is removed, and posting is the last step."""

    name = "books"

    def __init__(self, file: Path) -> None:
        self._books = Books(file)

    def find(self, key: PostingKey) -> Voucher | None:
        found = [_voucher(row) for row in self._books.vouchers(posted=True, reference=key.reference)]
        if len(found) > 1:
            raise OutcomeUnknown(f"{key.reference} is there {len(found)} times.")
        return found[0] if found else None

    def post(self, order: PostingOrder, original: Path) -> Posted:
        for draft in self._books.vouchers(posted=False, reference=order.key.reference):
            with effect("books.remove"):
                self._books.remove_draft(draft["id"])
        with effect("books.draft"):
            key = self._books.open_draft(_header(self._books, order))
        with effect("books.lines"):
            self._books.set_lines(key, [_line(order)], {"D200": order.coding.tax})
        with effect("books.attach"):
            self._books.attach(key, order.file_name, "application/xml", original.read_bytes())
        with effect("books.post"):
            number = self._books.post(key)
        row = self._books.posted(number)
        assert row is not None
        return Posted(_voucher(row))

    def vouchers(self) -> Iterator[Voucher]:
        yield from map(_voucher, self._books.vouchers())


def _header(books: Books, order: PostingOrder) -> dict[str, object]:
    name = str(order.record.value(FieldName.SELLER_NAME))
    known = {row["name"]: row["id"] for row in books.suppliers()}
    if name not in known:
        with effect("books.supplier"):
            books.add_supplier({"name": name, "siren": "", "vat_id": "", "iban": "", "account": "401000"})
        known = {row["name"]: row["id"] for row in books.suppliers()}
    return {
        "reference": order.key.reference,
        "supplier": known[name],
        "kind": "FA",
        "invoice": str(order.record.value(FieldName.INVOICE_NUMBER)),
        "issued": order.key.issue_date.isoformat(),
        "due": order.key.issue_date.isoformat(),
        "currency": "EUR",
    }


def _line(order: PostingOrder) -> dict[str, object]:
    net = order.coding.total - order.coding.tax
    return {"account": "606300", "centre": "", "label": "", "net": net, "code": "D200"}


def _voucher(row: Row) -> Voucher:
    return Voucher(
        reference=row["reference"],
        target_id=row["number"] or f"draft {row['id']}",
        seller_name=row["supplier_name"],
        number=row["invoice"],
        issue_date=date.fromisoformat(row["issued"]),
        net=Decimal(row["net"]),
        tax=Decimal(row["tax"]),
        gross=Decimal(row["gross"]),
        currency=row["currency"],
        is_posted=row["posted"] is not None,
    )
