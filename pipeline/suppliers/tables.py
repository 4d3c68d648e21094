"""Reads the CSV files that other programs export: supplier master and purchase orders."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import ValidationError
from stdnum import iban
from stdnum.fr import siren, siret

from pipeline.errors import InputError
from pipeline.extract.labels import plain as lowered
from pipeline.extract.parsing import parse_amount
from pipeline.suppliers.master import bare
from pipeline.suppliers.model import OrderLine, PurchaseOrder, Supplier
from pipeline.validate.identifiers import plain, valid_vat_id

T = TypeVar("T")

SUPPLIER_COLUMNS = {
    "key": "key number code id fournisseur numero compte_tiers",
    "name": "name nom raison_sociale supplier_name",
    "aliases": "aliases alias autres_noms",
    "vat_id": "vat_id vat tva numero_tva tva_intracommunautaire",
    "siren": "siren",
    "siret": "siret",
    "ibans": "ibans iban",
    "currency": "currency devise",
    "country": "country pays",
    "vat_rates": "vat_rates taux_tva",
    "account": "account compte compte_charge",
    "active": "active actif",
}
ORDER_COLUMNS = {
    "number": "number order order_number po_number commande numero bon_de_commande",
    "supplier": "supplier fournisseur supplier_name",
    "description": "description designation article",
    "quantity": "quantity quantite qte",
    "unit_price": "unit_price prix_unitaire pu",
    "net_amount": "net_amount montant montant_ht",
    "total": "total total_net total_ht",
    "currency": "currency devise",
}
"""What the columns may be called, in plain words joined by underscores; other columns are left alone."""

_NO = frozenset(("0", "no", "non", "false", "faux", "n", "inactive", "inactif"))
_SHOWN = 10


def read_suppliers(path: Path) -> list[Supplier]:
    """The suppliers of a CSV file; several values of one cell are set apart by "|".

    Without a key column the VAT id, the SIREN or the name is the key. Raises InputError that names the lines that are
    wrong; then nothing of the file counts.
    """
    suppliers = _collect(path, SUPPLIER_COLUMNS, "name", _supplier)
    _refuse_twins(path, [one.key for one in suppliers])
    return suppliers


def write_suppliers(suppliers: Iterable[Supplier], path: Path) -> int:
    """Write a CSV file that `read_suppliers` reads again, and give the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(SUPPLIER_COLUMNS), extrasaction="ignore")
        writer.writeheader()
        for supplier in suppliers:
            lists = {name: "|".join(map(str, getattr(supplier, name))) for name in ("aliases", "ibans", "vat_rates")}
            writer.writerow({**supplier.model_dump(), **lists, "active": "yes" if supplier.active else "no"})
            count += 1
    return count


def read_orders(path: Path) -> list[PurchaseOrder]:
    """The orders of a CSV file: one row a line of an order, or one row an order with its total (without VAT).

    Raises InputError that names the lines that are wrong; then nothing of the file counts.
    """
    rows: dict[str, list[_OrderRow]] = {}
    for row in _collect(path, ORDER_COLUMNS, "number", _order_row):
        rows.setdefault(plain(row.number), []).append(row)
    return [_order(path, same) for same in rows.values()]


class _OrderRow(NamedTuple):
    number: str
    supplier: str
    currency: str | None
    line: OrderLine | None
    total: Decimal | None


def _collect(path: Path, columns: Mapping[str, str], needed: str, build: Callable[[dict[str, str]], T]) -> list[T]:
    found: list[T] = []
    mistakes: list[str] = []
    for number, row in _rows(path, columns, needed):
        try:
            found.append(build(row))
        except ValidationError as error:
            first = error.errors()[0]
            mistakes.append(f"line {number}: {'.'.join(map(str, first['loc']))}: {first['msg']}")
        except ValueError as error:
            mistakes.append(f"line {number}: {error}")
    if mistakes:
        more = f"; and {len(mistakes) - _SHOWN} more" if len(mistakes) > _SHOWN else ""
        raise InputError(f"{path.name}: {'; '.join(mistakes[:_SHOWN])}{more}.", code="bad-csv", remedy=_REMEDY)
    return found


_REMEDY = "Mend these lines and import the file again; nothing was changed."


def _rows(path: Path, columns: Mapping[str, str], needed: str) -> Iterator[tuple[int, dict[str, str]]]:
    text = _text(path)
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [_column(name, columns) for name in next(reader, [])]
    if needed not in names:
        remedy = f"The first line names the columns: {', '.join(columns)}."
        raise InputError(f"{path.name} has no column '{needed}'.", code="bad-csv", remedy=remedy)
    for cells in reader:
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name and cell.strip()}
        if row:
            yield reader.line_num, row


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")  # what spreadsheets on Windows write


def _column(name: str, columns: Mapping[str, str]) -> str | None:
    said = "_".join("".join(char if char.isalnum() else " " for char in lowered(name)).split())
    return next((column for column, names in columns.items() if said in names.split()), None)


def _supplier(row: dict[str, str]) -> Supplier:
    name, vat_id = row.get("name", ""), plain(row.get("vat_id")) or None
    company, establishment = plain(row.get("siren")) or None, plain(row.get("siret")) or None
    _check("VAT id", vat_id, lambda value: valid_vat_id(value) is not False)
    _check("SIREN", company, siren.is_valid)
    _check("SIRET", establishment, siret.is_valid)
    ibans = tuple(dict.fromkeys(plain(one) for one in _several(row.get("ibans"))))
    for one in ibans:
        _check("IBAN", one, iban.is_valid)
    return Supplier(
        key=row.get("key") or vat_id or company or (establishment or "")[:9] or bare(name) or name,
        name=name,
        aliases=tuple(_several(row.get("aliases"))),
        vat_id=vat_id,
        siren=company,
        siret=establishment,
        ibans=ibans,
        currency=(row.get("currency") or "").upper() or None,
        country=(row.get("country") or "").upper() or None,
        vat_rates=tuple(_number(one.strip("% ")) for one in _several(row.get("vat_rates"))),
        account=row.get("account"),
        active=row.get("active", "yes").casefold() not in _NO,
    )


def _order_row(row: dict[str, str]) -> _OrderRow:
    if "number" not in row:
        raise ValueError("no order number")
    quantity, price, net, total = (
        _optional(row.get(name)) for name in ("quantity", "unit_price", "net_amount", "total")
    )
    if net is None and quantity is not None and price is not None:
        net = quantity * price
    if total is None and net is None:
        raise ValueError("neither a total nor an amount of a line")
    line = OrderLine(description=row.get("description", ""), quantity=quantity, unit_price=price, net_amount=net)
    has_line = net is not None or bool(line.description)
    currency = (row.get("currency") or "").upper() or None
    return _OrderRow(row["number"], row.get("supplier", ""), currency, line if has_line else None, total)


def _order(path: Path, rows: list[_OrderRow]) -> PurchaseOrder:
    """One order of its rows; a total that is given counts, else the sum of its lines."""
    totals = {row.total for row in rows if row.total is not None}
    parties = {(row.supplier, row.currency) for row in rows}
    if len(totals) > 1 or len(parties) > 1:
        message = f"{path.name}: the rows of order {rows[0].number} differ in supplier, currency or total."
        raise InputError(message, code="bad-csv", remedy=_REMEDY)
    lines = tuple(row.line for row in rows if row.line)
    total = totals.pop() if totals else sum((line.net_amount or Decimal(0) for line in lines), Decimal(0))
    return PurchaseOrder(
        number=rows[0].number, supplier=rows[0].supplier, currency=rows[0].currency, total=total, lines=lines
    )


def _several(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split("|") if part.strip()]


def _optional(cell: str | None) -> Decimal | None:
    return None if not cell else _number(cell)


def _number(text: str) -> Decimal:
    value = Decimal(text) if re.fullmatch(r"[-+]?\d+(\.\d+)?", text, re.ASCII) else parse_amount(text, ",")
    if value is None:
        raise ValueError(f"'{text}' is not a number")
    return value


def _check(what: str, value: str | None, is_valid: Callable[[str], object]) -> None:
    if value and not is_valid(value):
        raise ValueError(f"the {what} {value} has wrong check digits or a wrong length")


def _refuse_twins(path: Path, keys: list[str]) -> None:
    twins = [key for key, count in Counter(keys).items() if count > 1]
    if twins:
        raise InputError(f"{path.name} has several suppliers {', '.join(twins[:_SHOWN])}.", code="bad-csv")
