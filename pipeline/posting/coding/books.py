"""Learns from a client's past books: which accounts each supplier's invoices were booked on, from their FEC."""

import csv
import io
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pipeline.errors import InputError
from pipeline.suppliers.master import Master, Match, bare, by_name
from schemas.posting import Entry

COST = ("2", "60", "61", "62", "63", "64", "65")
"""Accounts that an invoice is booked on: assets and costs."""
_NEEDED = ("JournalCode", "EcritureNum", "CompteNum", "EcritureLib", "PieceRef")


def entries_in(path: Path, master: Master) -> Iterator[Entry]:
    """The cost accounts of every entry with a supplier in it, each with its label.

    The supplier is the auxiliary account's name, as the master knows it; without one, the label of the supplier's line.
    Raises InputError when the file is no FEC.
    """
    for (journal, number), grouped in groupby(_rows(path), key=lambda row: (row["JournalCode"], row["EcritureNum"])):
        rows = list(grouped)
        owed = next((row for row in rows if row["CompteNum"].startswith(("401", "404"))), None)
        if owed is None:
            continue
        name = (owed.get("CompAuxLib") or owed["EcritureLib"]).strip()
        match = by_name(name, master)
        supplier = match.supplier.key if isinstance(match, Match) else bare(name) or name
        for row in rows:
            if row["CompteNum"].startswith(COST):
                text = row["EcritureLib"].replace(name, "").replace(row["PieceRef"], "").strip()
                document = f"fec:{journal}:{row.get('EcritureDate', '')}:{number}"[:80]
                yield Entry(supplier, text, row["CompteNum"][:15].upper(), None, document)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("iso8859-15")
    first = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else "|", quoting=csv.QUOTE_NONE
    )
    if not set(_NEEDED) <= set(reader.fieldnames or ()):
        remedy = "Give the file that the accounting program exports for the tax office."
        raise InputError(f"{path.name} is no FEC.", code="no-fec", remedy=remedy)
    for row in reader:
        yield {name: value or "" for name, value in row.items() if isinstance(name, str)}
