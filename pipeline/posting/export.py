"""Writes what was cleared into files; what cannot be written is named, never left out in silence."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from stdnum.fr import siren as siren_number

from pipeline.durable import make_folder, write_durably
from pipeline.errors import BackofficeError, EnvironmentFault, InputError, StoreError
from pipeline.intake.archive import Archive
from pipeline.posting.cleared import Cleared, cleared_records, find_record, order_of
from pipeline.posting.coding.coders import Coders
from pipeline.posting.files.booking import Rate, movements
from pipeline.posting.files.check_fec import check_fec
from pipeline.posting.files.einvoices import file_stem, to_factur_x, to_ubl
from pipeline.posting.files.fec import Validated, file_name, write_fec
from pipeline.posting.files.prepare import EInvoice, prepare
from pipeline.posting.files.tables import to_csv, to_json, to_xlsx
from pipeline.sandbox import Sandbox
from pipeline.store.database import Database
from schemas import Document, MediaType, PostingOrder, Record

_TABLES: dict[str, Callable[[list[PostingOrder]], bytes]] = {"csv": to_csv, "xlsx": to_xlsx, "json": to_json}


class Refused(NamedTuple):
    """An invoice that was not written, and why."""

    document_id: str
    file_name: str
    message: str
    remedy: str


class Exported(NamedTuple):
    """What came of an export."""

    path: Path
    written: int
    refused: tuple[Refused, ...]


@dataclass(eq=False)
class Exporter:
    """The cleared invoices of one client, issued in a period. Every method raises StoreError and OSError."""

    database: Database
    archive: Archive
    sandbox: Sandbox
    coders: Coders
    client_id: str
    client_name: str
    begin: date | None = None
    end: date | None = None
    document_seconds: float = 600.0
    refused: list[Refused] = field(default_factory=list)

    def fec(self, folder: Path, rate: Rate, first_number: int = 1, siren: str | None = None) -> Exported:
        """Write a FEC into a folder. Raises InputError without a valid SIREN, or when the norm would be broken."""
        plan = self.coders.of(self.client_id).plan
        number = "".join((siren or plan.siren or "").split())
        if not siren_number.is_valid(number):
            remedy = "Give --siren, or set siren in the coding plan."
            raise InputError(f"The client's SIREN '{number}' is not valid.", code="no-siren", remedy=remedy)
        entries = list(self._bookable(rate))
        content = write_fec(entries, plan, rate, first_number)
        closing = self.end or max((one.order.key.issue_date for one in entries), default=date.min)
        name = file_name(number, closing)
        if faults := check_fec(content, name):
            raise InputError(f"The FEC breaks its norm: {faults[0].message}", code="bad-fec", remedy="Report this.")
        return self._done(_put(folder / name, content), len(entries))

    def e_invoices(self, folder: Path, syntax: str) -> Exported:
        """Write one file an invoice, "ubl" or "facturx", valid by EN 16931."""
        count = 0
        for one in self._cleared():
            with self._refusing(one) as trial:
                ready = self._prepared(one.record)
                suffix, content = self._e_invoice(ready, one, syntax)
                name = f"{file_stem(ready)}_{one.document.document_id[:8]}-{one.part}{suffix}"
                _put(folder / name, content)
            count += trial.is_good
        return self._done(folder, count)

    def table(self, path: Path, kind: str) -> Exported:
        """Write one file, "csv", "xlsx" or "json"."""
        orders = [order for _, order in self._orders()]
        return self._done(_put(path, _TABLES[kind](orders)), len(orders))

    def look_up(self, name: str, part: int) -> tuple[Document, Record] | None:
        """An invoice of the client by the beginning of its document's id, or by file name; cleared or not.

        What a person made of it counts before the machine's.
        """
        return find_record(self.database, self.client_id, name, part)

    def _e_invoice(self, ready: EInvoice, one: Cleared, syntax: str) -> tuple[str, bytes]:
        if syntax == "ubl":
            return ".xml", to_ubl(ready)
        original = self.archive.path(one.document.sha256) if one.document.media_type is MediaType.PDF else None
        language = one.record.language or "fr"
        future = self.sandbox.submit(to_factur_x, ready, original, language, timeout=self.document_seconds)
        return ".pdf", future.result()

    def _prepared(self, record: Record) -> EInvoice:
        return prepare(record, self.coders.of(self.client_id).supplier(record), self.client_name)

    def _bookable(self, rate: Rate) -> Iterator[Validated]:
        plan = self.coders.of(self.client_id).plan
        for one, order in self._orders():
            with self._refusing(one) as trial:
                movements(order, plan, rate)
            if trial.is_good:
                yield Validated(order, one.at)

    def _orders(self) -> Iterator[tuple[Cleared, PostingOrder]]:
        for one in self._cleared():
            order: PostingOrder | None = None
            with self._refusing(one):
                order = order_of(one, self.coders)
                if order is None:
                    raise InputError("Seller, number, date or total is unknown.", remedy="Complete it in the review.")
            if order is not None:
                yield one, order

    def _cleared(self) -> Iterator[Cleared]:
        self.refused.clear()
        return cleared_records(self.database, self.client_id, self.begin, self.end)

    def _refusing(self, one: Cleared) -> "_Trial":
        return _Trial(self.refused, one)

    def _done(self, path: Path, count: int) -> Exported:
        return Exported(path, count, tuple(self.refused))


class _Trial:
    """Notes the error of one invoice, so that the others go on; what is wrong with the machine is not its fault."""

    def __init__(self, refused: list[Refused], one: Cleared) -> None:
        self._refused = refused
        self._one = one
        self.is_good = False

    def __enter__(self) -> "_Trial":
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        self.is_good = error is None
        if not isinstance(error, BackofficeError) or isinstance(error, (StoreError, EnvironmentFault)):
            return False
        document = self._one.document
        self._refused.append(Refused(document.document_id, document.file_name, error.message, error.specific_remedy))
        return True


def _put(path: Path, content: bytes) -> Path:
    make_folder(path.parent)
    write_durably(path, content)
    return path
