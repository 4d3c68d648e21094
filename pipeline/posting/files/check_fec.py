"""Checks a fichier des écritures comptables against its norm; written from that alone, not from our writer.

Sources: LPF art. A47 A-1 (I: separators; III: characters, numbers, dates; VII: fields and their order, file name),
BOI-CF-IOR-60-40-20 (continuous numbers by file or journal, balance of each entry, optional fields).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby, pairwise
from typing import NamedTuple

from stdnum.fr import siren

FIELDS = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate "
    "EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"
).split()
MAY_BE_EMPTY = frozenset("CompAuxNum CompAuxLib EcritureLet DateLet Montantdevise Idevise".split())
PAIRS = (("CompAuxNum", "CompAuxLib"), ("EcritureLet", "DateLet"), ("Montantdevise", "Idevise"))
"""Fields of which the one is of no use without the other."""
_NAME = re.compile(r"(\d{9})FEC(\d{8})\.txt", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(,\d{1,2})?")
_ACCOUNT = re.compile(r"[1-8]\d\d[0-9A-Za-z]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ufffd]")


class Fault(NamedTuple):
    """What is wrong at a line (1 is the header, 0 the file as a whole)."""

    line: int
    code: str
    message: str


class Line(NamedTuple):
    """A data line by field name."""

    number: int
    fields: dict[str, str]

    def amount(self, name: str) -> Decimal:
        """Debit or credit; zero for text that is no number, which is a fault of its own."""
        text = self.fields[name]
        return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else Decimal(0)

    @property
    def entry(self) -> tuple[str, str]:
        """Journal and number of its entry."""
        return self.fields["JournalCode"], self.fields["EcritureNum"]


def check_fec(content: bytes, name: str | None = None) -> tuple[Fault, ...]:
    """All faults of a file; empty when it keeps the norm. `name` is its file name, where that is to be checked."""
    text, faults = _decoded(content)
    faults += _name_faults(name)
    rows = _rows(text)
    separator = "\t" if "\t" in (rows[0] if rows else "") else "|"
    header = rows[0].split(separator) if rows else []
    if header[: len(FIELDS)] != FIELDS:
        return (*faults, Fault(1, "columns", f"The first line must name the 18 fields in order, not {header}."))
    lines: list[Line] = []
    for number, row in enumerate(rows[1:], start=2):
        cells = row.split(separator)
        if len(cells) != len(header):
            faults.append(Fault(number, "columns", f"{len(cells)} fields instead of {len(header)}."))
            continue
        lines.append(Line(number, dict(zip(FIELDS, cells, strict=False))))
    for line in lines:
        faults += _line_faults(line)
    faults += [*_entry_faults(lines), *_number_faults(lines), *_order_faults(lines, name)]
    return tuple(sorted(faults))


def _decoded(content: bytes) -> tuple[str, list[Fault]]:
    """The text, in UTF-8 where it is that, else in ISO 8859-15, and what no text file holds."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("iso8859-15")
    bad = _CONTROL.search(text)
    return text, [Fault(0, "characters", f"The character {bad[0]!r} is not allowed.")] if bad else []


def _rows(text: str) -> list[str]:
    """The lines; the end of the last one may be missing."""
    rows = re.split(r"\r\n|\n|\r", text)
    return rows[:-1] if rows and not rows[-1] else rows


def _name_faults(name: str | None) -> list[Fault]:
    if name is None:
        return []
    match = _NAME.fullmatch(name)
    if match is None:
        return [Fault(0, "name", f"{name} is not SirenFECAAAAMMJJ.txt.")]
    faults = [] if siren.is_valid(match[1]) else [Fault(0, "name", f"{match[1]} is no SIREN.")]
    return faults if _day(match[2]) else [*faults, Fault(0, "name", f"{match[2]} is no date.")]


def _line_faults(line: Line) -> Iterator[Fault]:
    fields = line.fields
    for name in FIELDS:
        if name not in MAY_BE_EMPTY and not fields[name].strip():
            yield Fault(line.number, "empty", f"{name} is empty.")
    for name in ("EcritureDate", "PieceDate", "DateLet", "ValidDate"):
        if fields[name] and _day(fields[name]) is None:
            yield Fault(line.number, "date", f"{name} {fields[name]} is no date AAAAMMJJ.")
    for name in ("Debit", "Credit", "Montantdevise"):
        if fields[name] and not _NUMBER.fullmatch(fields[name]):
            yield Fault(line.number, "amount", f"{name} {fields[name]} is no number with a decimal comma.")
    if fields["CompteNum"] and not _ACCOUNT.fullmatch(fields["CompteNum"]):
        yield Fault(line.number, "account", f"{fields['CompteNum']} does not begin with an account of the PCG.")
    for one, other in PAIRS:
        if bool(fields[one].strip()) != bool(fields[other].strip()):
            yield Fault(line.number, "pair", f"{one} and {other} come together.")
    if fields["Idevise"] and not re.fullmatch(r"[A-Z]{3}", fields["Idevise"]):
        yield Fault(line.number, "currency", f"{fields['Idevise']} is no ISO 4217 code.")
    if bool(line.amount("Debit")) == bool(line.amount("Credit")):
        yield Fault(line.number, "side", "Exactly one of Debit and Credit has an amount.")


def _entry_faults(lines: Sequence[Line]) -> Iterator[Fault]:
    """Each entry stands in one piece, has one date and one piece of evidence, and balances."""
    seen: set[tuple[str, str]] = set()
    for entry, grouped in groupby(lines, key=lambda line: line.entry):
        group = list(grouped)
        first = group[0].number
        if entry in seen:
            yield Fault(first, "split", f"Entry {entry[1]} of {entry[0]} stands in several places.")
        seen.add(entry)
        difference = sum((line.amount("Debit") - line.amount("Credit") for line in group), Decimal(0))
        if difference:
            yield Fault(first, "balance", f"Entry {entry[1]}: debit less credit is {difference}.")
        for name in ("EcritureDate", "ValidDate", "JournalLib"):
            if len({line.fields[name] for line in group}) > 1:
                yield Fault(first, "mixed", f"Entry {entry[1]} has several {name}.")


def _number_faults(lines: Sequence[Line]) -> Iterator[Fault]:
    """Numbers grow by one, over the whole file or over each journal."""
    firsts: dict[tuple[str, str], Line] = {}
    for line in lines:
        firsts.setdefault(line.entry, line)
    numbers: list[tuple[Line, int]] = []
    for line in firsts.values():
        tail = _tail(line.fields["EcritureNum"])
        if tail is None:
            yield Fault(line.number, "number", f"{line.fields['EcritureNum']} ends with no number.")
        else:
            numbers.append((line, tail))
    if not any(True for _ in _gaps(numbers)):
        return
    for journal in dict.fromkeys(line.fields["JournalCode"] for line, _ in numbers):
        yield from _gaps([(line, tail) for line, tail in numbers if line.fields["JournalCode"] == journal])


def _gaps(numbers: Sequence[tuple[Line, int]]) -> Iterator[Fault]:
    for (_, before), (line, after) in pairwise(numbers):
        if after != before + 1:
            yield Fault(line.number, "gap", f"Entry {after} follows entry {before}.")


def _order_faults(lines: Sequence[Line], name: str | None) -> Iterator[Fault]:
    """In the order of validation, and nothing after the day the year closes."""
    match = _NAME.fullmatch(name) if name else None
    closing = _day(match[2]) if match else None
    latest: date | None = None
    for line in lines:
        valid, booked = _day(line.fields["ValidDate"]), _day(line.fields["EcritureDate"])
        if valid and latest and valid < latest:
            yield Fault(line.number, "order", f"Validated on {valid}, after an entry of {latest}.")
        latest = max(filter(None, (valid, latest)), default=None)
        if closing and booked and booked > closing:
            yield Fault(line.number, "period", f"Booked on {booked}, after the close on {closing}.")


def _tail(number: str) -> int | None:
    match = re.search(r"\d+$", number)
    return int(match[0]) if match else None


def _day(text: str) -> date | None:
    if not re.fullmatch(r"\d{8}", text, re.ASCII):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return None
