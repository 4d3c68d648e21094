"""The portal's books: suppliers, vouchers, entries. One SQLite file; what was committed survives any crash."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.posting.portal.plan import HOME_RATE, VAT_CODES, account_label

_TABLES = """
CREATE TABLE IF NOT EXISTS suppliers (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, siren TEXT NOT NULL DEFAULT '',
    vat_id TEXT NOT NULL DEFAULT '', iban TEXT NOT NULL DEFAULT '', account TEXT NOT NULL, terms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS vouchers (
    id INTEGER PRIMARY KEY, number TEXT UNIQUE, reference TEXT NOT NULL, supplier INTEGER NOT NULL REFERENCES suppliers,
    kind TEXT NOT NULL, invoice TEXT NOT NULL, issued TEXT NOT NULL, due TEXT NOT NULL, currency TEXT NOT NULL,
    net TEXT NOT NULL DEFAULT '0.00', tax TEXT NOT NULL DEFAULT '0.00', gross TEXT NOT NULL DEFAULT '0.00',
    made TEXT NOT NULL, posted TEXT
);
CREATE INDEX IF NOT EXISTS by_reference ON vouchers (reference);
CREATE TABLE IF NOT EXISTS lines (
    voucher INTEGER NOT NULL REFERENCES vouchers ON DELETE CASCADE, position INTEGER NOT NULL,
    account TEXT NOT NULL, centre TEXT NOT NULL, label TEXT NOT NULL, net TEXT NOT NULL, code TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS lines_of ON lines (voucher);
CREATE TABLE IF NOT EXISTS taxes (
    voucher INTEGER NOT NULL REFERENCES vouchers ON DELETE CASCADE, code TEXT NOT NULL, base TEXT NOT NULL,
    amount TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS taxes_of ON taxes (voucher);
CREATE TABLE IF NOT EXISTS files (
    voucher INTEGER NOT NULL REFERENCES vouchers ON DELETE CASCADE, name TEXT NOT NULL, type TEXT NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS files_of ON files (voucher);
CREATE TABLE IF NOT EXISTS entries (
    voucher INTEGER NOT NULL REFERENCES vouchers ON DELETE CASCADE, position INTEGER NOT NULL, account TEXT NOT NULL,
    label TEXT NOT NULL, debit TEXT NOT NULL, credit TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS entries_of ON entries (voucher);
CREATE TABLE IF NOT EXISTS sessions (token TEXT PRIMARY KEY, user TEXT NOT NULL, seen REAL NOT NULL);
CREATE TABLE IF NOT EXISTS wrong (user TEXT PRIMARY KEY, count INTEGER NOT NULL, until REAL NOT NULL);
"""
_VOUCHER = """
SELECT vouchers.*, suppliers.name AS supplier_name, suppliers.code AS supplier_code, suppliers.account AS payable
FROM vouchers JOIN suppliers ON suppliers.id = vouchers.supplier
"""
Row = Mapping[str, Any]


class Closed(ValueError):
    """The voucher is no draft any more, or there is none."""


class Books:
    """All reading and writing of the file. Amounts are text with two decimals, negative on a credit note."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        with self.connected() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_TABLES)

    @contextmanager
    def connected(self, write: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction; a writing one excludes all others from its start."""
        connection = sqlite3.connect(self._file, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            if not write:
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise
        finally:
            connection.close()

    def rows(self, query: str, *values: object) -> list[Row]:
        """What a query gives."""
        with self.connected() as connection:
            return [dict(row) for row in connection.execute(query, values)]

    def suppliers(self, asked: str = "", most: int = 200) -> list[Row]:
        """Suppliers whose name, code, SIREN or VAT id has the text."""
        like = f"%{asked.strip()}%"
        query = "SELECT * FROM suppliers WHERE name LIKE ? OR code LIKE ? OR siren LIKE ? OR vat_id LIKE ?"
        return self.rows(f"{query} ORDER BY name LIMIT ?", like, like, like, like, most)

    def supplier(self, key: int) -> Row | None:
        """A supplier by its number."""
        return next(iter(self.rows("SELECT * FROM suppliers WHERE id = ?", key)), None)

    def add_supplier(self, values: Mapping[str, str]) -> str:
        """Take a supplier into the directory; its code."""
        with self.connected(write=True) as connection:
            count = connection.execute("SELECT COUNT(*) + 1 FROM suppliers").fetchone()[0]
            code = f"F{count:05}"
            connection.execute(
                "INSERT INTO suppliers (code, name, siren, vat_id, iban, account, terms)"
                " VALUES (:code, :name, :siren, :vat_id, :iban, :account, 30)",
                {**values, "code": code},
            )
            return code

    def vouchers(self, posted: bool | None = None, asked: str = "", reference: str | None = None) -> list[Row]:
        """Vouchers, drafts, or both; those of a reference, or whose reference, invoice number or supplier has it."""
        query, values = f"{_VOUCHER} WHERE TRUE", []
        if posted is not None:
            query += f" AND vouchers.posted IS {'NOT ' if posted else ''}NULL"
        if reference is not None:
            query, values = f"{query} AND vouchers.reference = ?", [reference]
        elif asked.strip():
            query += " AND (vouchers.reference LIKE ? OR vouchers.invoice LIKE ? OR suppliers.name LIKE ?)"
            values = [f"%{asked.strip()}%"] * 3
        return self.rows(f"{query} ORDER BY vouchers.id DESC", *values)

    def voucher(self, key: int) -> Row | None:
        """A voucher by its number in the file."""
        return next(iter(self.rows(f"{_VOUCHER} WHERE vouchers.id = ?", key)), None)

    def posted(self, number: str) -> Row | None:
        """A posted voucher by the number that it was given."""
        return next(iter(self.rows(f"{_VOUCHER} WHERE vouchers.number = ?", number)), None)

    def parts(self, table: str, key: int) -> list[Row]:
        """The lines, taxes, entries or files of a voucher."""
        columns = "voucher, name, type, LENGTH(content) AS size" if table == "files" else "*"
        return self.rows(f"SELECT {columns} FROM {table} WHERE voucher = ? ORDER BY rowid", key)  # noqa: S608 (our names)

    def open_draft(self, header: Mapping[str, object]) -> int:
        """Begin a voucher."""
        values = {**header, "made": datetime.now(UTC).isoformat()}
        with self.connected(write=True) as connection:
            cursor = connection.execute(
                "INSERT INTO vouchers (reference, supplier, kind, invoice, issued, due, currency, made)"
                " VALUES (:reference, :supplier, :kind, :invoice, :issued, :due, :currency, :made)",
                values,
            )
            return int(cursor.lastrowid or 0)

    def change_header(self, key: int, header: Mapping[str, object]) -> None:
        """Another header for a draft. Raises Closed."""
        with self._draft(key) as connection:
            connection.execute(
                "UPDATE vouchers SET reference = :reference, supplier = :supplier, kind = :kind, invoice = :invoice,"
                " issued = :issued, due = :due, currency = :currency WHERE id = :id",
                {**header, "id": key},
            )

    def set_lines(self, key: int, lines: Sequence[Row], taxes: Mapping[str, Decimal]) -> None:
        """The lines of a draft and the VAT of each code, as keyed (positive); its totals follow. Raises Closed."""
        with self._draft(key) as connection:
            kind = connection.execute("SELECT kind FROM vouchers WHERE id = ?", [key]).fetchone()[0]
            sign = -1 if kind == "AV" else 1
            bases: dict[str, Decimal] = {}
            for line in lines:
                bases[line["code"]] = bases.get(line["code"], Decimal(0)) + sign * line["net"]
            connection.execute("DELETE FROM lines WHERE voucher = ?", [key])
            connection.execute("DELETE FROM taxes WHERE voucher = ?", [key])
            connection.executemany(
                "INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (key, at, one["account"], one["centre"], one["label"], f"{sign * one['net']:.2f}", one["code"])
                    for at, one in enumerate(lines, 1)
                ],
            )
            amounts = {code: sign * taxes.get(code, Decimal(0)) for code in bases}
            connection.executemany(
                "INSERT INTO taxes VALUES (?, ?, ?, ?)",
                [(key, code, f"{base:.2f}", f"{amounts[code]:.2f}") for code, base in bases.items()],
            )
            net, tax = sum(bases.values(), Decimal(0)), sum(amounts.values(), Decimal(0))
            connection.execute(
                "UPDATE vouchers SET net = ?, tax = ?, gross = ? WHERE id = ?",
                (f"{net:.2f}", f"{tax:.2f}", f"{net + tax:.2f}", key),
            )

    def attach(self, key: int, name: str, kind: str, content: bytes) -> None:
        """Attach a file to a draft, in place of the one before. Raises Closed."""
        with self._draft(key) as connection:
            connection.execute("DELETE FROM files WHERE voucher = ?", [key])
            connection.execute("INSERT INTO files VALUES (?, ?, ?, ?)", (key, name, kind, content))

    def file(self, key: int) -> Row | None:
        """The file of a voucher with its content."""
        return next(iter(self.rows("SELECT * FROM files WHERE voucher = ?", key)), None)

    def remove_draft(self, key: int) -> None:
        """Throw a draft away. Raises Closed."""
        with self._draft(key) as connection:
            connection.execute("DELETE FROM vouchers WHERE id = ?", [key])

    def post(self, key: int) -> str:
        """Give a draft its number and write its entries, in one transaction. Raises Closed."""
        with self._draft(key) as connection:
            count = connection.execute("SELECT COUNT(*) + 1 FROM vouchers WHERE number IS NOT NULL").fetchone()[0]
            number = f"HA{count:06}"
            connection.execute(
                "UPDATE vouchers SET number = ?, posted = ? WHERE id = ?", (number, datetime.now(UTC).isoformat(), key)
            )
            voucher = connection.execute(f"{_VOUCHER} WHERE vouchers.id = ?", [key]).fetchone()
            lines = connection.execute("SELECT * FROM lines WHERE voucher = ? ORDER BY position", [key]).fetchall()
            taxes = connection.execute("SELECT * FROM taxes WHERE voucher = ?", [key]).fetchall()
            entries = list(_entries(voucher, lines, taxes))
            connection.executemany(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", [(key, at, *one) for at, one in enumerate(entries, 1)]
            )
            return number

    @contextmanager
    def _draft(self, key: int) -> Iterator[sqlite3.Connection]:
        with self.connected(write=True) as connection:
            if not connection.execute("SELECT 1 FROM vouchers WHERE id = ? AND posted IS NULL", [key]).fetchone():
                raise Closed("Cette pièce n'est plus un brouillon.")
            yield connection


def _entries(voucher: Row, lines: Sequence[Row], taxes: Sequence[Row]) -> Iterator[tuple[str, str, str, str]]:
    """Debit the expenses and the VAT, credit the supplier; the other way round for a credit note."""
    for line in lines:
        yield _entry(line["account"], line["label"] or account_label(line["account"]), Decimal(line["net"]))
    for tax in taxes:
        code, amount = VAT_CODES[tax["code"]], Decimal(tax["amount"])
        if code.due:
            owed = (Decimal(tax["base"]) * HOME_RATE / 100).quantize(Decimal("0.01"))
            yield _entry(code.due, f"TVA due {tax['code']}", -owed)
            amount += owed
        if amount:
            yield _entry(code.account, f"TVA {tax['code']}", amount)
    yield _entry(voucher["payable"], voucher["supplier_name"], -Decimal(voucher["gross"]))


def _entry(account: str, label: str, amount: Decimal) -> tuple[str, str, str, str]:
    return account, label, f"{max(amount, Decimal(0)):.2f}", f"{max(-amount, Decimal(0)):.2f}"
