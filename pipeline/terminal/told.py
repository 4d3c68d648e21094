"""What the session's screen says, as text with colours; pure. No colour says anything that a word or sign does not."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from rich.text import Text

from pipeline.review.reasons import wording
from pipeline.terminal.session import Now, Session
from pipeline.terminal.typing import Table, cell_of, rows_of
from pipeline.web import texts
from pipeline.web.review_form import Input
from pipeline.web.review_said import said
from schemas import FieldName, Finding, Severity

DOUBT, TYPED, WRONG, BLIND = "!", "*", "?", "#"
SIGNS = {Severity.ERROR: ("✗", "bold red"), Severity.WARNING: ("▲", "yellow"), Severity.INFO: ("·", "dim")}
CHOICE_KEYS = {1: "F2", 2: "F3", 3: "F4"}
WITNESSES: dict[str, str] = {
    "xml": "e-invoice",
    "text_layer": "text of the PDF",
    "ocr": "OCR",
    "second_reader": "second reader",
    "label": "its label",
    "checksum": "check digit",
    "arithmetic": "the sums",
    "repetition": "stands there twice",
    "supplier_memory": "earlier invoices",
    "purchase_order": "order",
    "person": "a person",
}
"""Kinds of evidence as a clerk would say it."""
LINE_COLUMNS = {
    "description": "Description",
    "quantity": "Quantity",
    "unit": "Unit",
    "unit_price": "Unit price",
    "net_amount": "Net amount",
    "tax_rate": "VAT %",
    "discount": "Discount",
    "charge": "Charge",
    "price_base_quantity": "Price per",
    "tax_category": "VAT category",
    "identifier": "No.",
    "item_id": "Article",
}
TAX_COLUMNS = {"category": "VAT category", "rate": "VAT %", "base": "Base", "amount": "VAT"}
CODE_COLUMNS = {"account": "Account", "cost_centre": "Cost centre"}
COLUMNS: dict[Table, dict[str, str]] = {"lines": LINE_COLUMNS, "taxes": TAX_COLUMNS, "coding": CODE_COLUMNS}
BESIDE: dict[Table, tuple[str, ...]] = {"coding": ("What was bought", "Sure", "Why")}
"""What is shown behind the columns that are typed in."""


class FieldRow(NamedTuple):
    """One row of the list of fields."""

    sign: Text
    label: Text
    value: Text
    sure: Text
    said: Text


def title(session: Session, waiting: str) -> Text:
    """Which invoice it is, by when, and how many wait."""
    item, language = session.item, session.language
    if item is None:
        return Text(texts.translate(language, "Nothing waits for you."), "bold")
    row = item.row
    parts = [row.seller_name, row.number, texts.money(language, row.gross, row.currency)]
    due = texts.translate(language, "due %(when)s", when=texts.distance(language, row.deadline))
    left = Text(f"#{row.item_id}  " + " · ".join(part for part in parts if part), "bold", no_wrap=True)
    return left.append(f"  {due}, {waiting} · {row.file_name}", "not bold")


def reasons(session: Session) -> Text:
    """Why a person is needed, where no field is the reason, and what others noted."""
    item, language = session.item, session.language
    lines = Text()
    if item is None:
        return lines
    if item.row.reason:
        lines.append(f"▲ {wording(item.row.reason, language)}\n", "yellow")
    if item.blind:
        lines.append(f"{BLIND} {texts.translate(language, 'Key the marked fields as the page has them.')}\n", "cyan")
    for message in (*session.form.reasons, *(one.message for one in item.failures)):
        lines.append(f"▲ {said(language, message)}\n", "yellow")
    for note in item.notes:
        lines.append(f"» {note.user}: {note.text}\n", "cyan")
    lines.rstrip()
    return lines


def field_rows(session: Session, now: Now) -> Iterator[FieldRow]:
    """Every field, doubtful ones first, with what speaks against it beside it."""
    doubtful = {one.name for one in session.form.doubtful}
    for field in (*session.form.doubtful, *session.form.others):
        yield _field_row(session, now, field, field.name in doubtful)


def _field_row(session: Session, now: Now, field: Input, is_doubtful: bool) -> FieldRow:
    name, language = FieldName(field.name), session.language
    is_typed, is_wrong = name in session.edits.fields, field.name in now.mistakes
    sign, style = DOUBT if is_doubtful else " ", "yellow" if is_doubtful else ""
    if field.is_blind:
        sign, style = BLIND, "cyan"
    if is_typed:
        sign, style = TYPED, "green"
    if is_wrong:
        sign, style = WRONG, "bold red"
    against = Text(no_wrap=True)
    if is_wrong:
        against.append(said(language, now.mistakes[field.name]), "bold red")
    for finding in _of(now.findings, name):
        mark, colour = SIGNS[finding.severity]
        against.append(f"{mark} {said(language, finding.message)} ", colour)
    if not against and not is_typed:
        against.append(" ".join(said(language, reason) for reason in field.reasons), "yellow")
    label = texts.translate(language, field.label)
    sure = "" if field.confidence is None or is_typed else f"{field.confidence:.0%}"
    return FieldRow(
        Text(sign, style), Text(label, style), Text(session.text(field.name), no_wrap=True), Text(sure), against
    )


def place(session: Session, where: str | None) -> str:
    """What the active place is called; empty for none."""
    if where is None or session.item is None:
        return ""
    if cell := cell_of(where):
        return f"{cell.row + 1} · {texts.translate(session.language, COLUMNS[cell.table][cell.column])}"
    field = session.field(where)
    return texts.translate(session.language, field.label) if field else where


def about(session: Session, now: Now, where: str) -> Text:
    """The active place: its other readings with their keys, what speaks for and against it."""
    language, field = session.language, session.field(where)
    told = Text()
    if where in now.mistakes:
        told.append(f"{WRONG} {said(language, now.mistakes[where])}\n", "bold red")
    if field is None:
        return told
    for key, text in readings(field):
        told.append(f" {CHOICE_KEYS[key]} ", "reverse").append(f" {text}   ")
    if field.choices:
        told.append("\n")
    for finding in _of(now.findings, FieldName(field.name)):
        mark, colour = SIGNS[finding.severity]
        told.append(f"{mark} {said(language, finding.message)}\n", colour)
    for reason in field.reasons:
        told.append(f"{DOUBT} {said(language, reason)}\n", "yellow")
    told.append(_difference(session, field))
    if not field.is_blind:
        told.append(_witnesses(session, field))
    told.rstrip()
    return told


def readings(field: Input) -> Iterator[tuple[int, str]]:
    """The competing readings of a field, each with the number of its key."""
    yield from ((one.key, one.text) for one in field.choices if one.key in CHOICE_KEYS)


def rest(session: Session, now: Now) -> Text:
    """The findings that are of no single field, the worst first."""
    order = list(SIGNS)
    told = Text()
    for finding in sorted(now.findings, key=lambda one: order.index(one.severity)):
        if not finding.fields:
            mark, colour = SIGNS[finding.severity]
            told.append(f"{mark} {said(session.language, finding.message)}\n", colour)
    told.rstrip()
    return told


def sums(session: Session, now: Now) -> Text:
    """The sums beside what the record states."""
    record, made = now.preview.record, now.preview.sums
    net, lines = record.value(FieldName.NET_TOTAL), record.value(FieldName.LINES_TOTAL)
    told = Text(no_wrap=True)
    pairs = (
        ("Lines", made.lines, lines if lines is not None else net),
        ("Bases", made.bases, net),
        ("VAT", made.taxes, record.value(FieldName.TAX_TOTAL)),
        ("Net and VAT", made.gross, record.value(FieldName.GROSS_TOTAL)),
    )
    for label, found, stated in pairs:
        told.append(_sum(session.language, texts.translate(session.language, label), found, stated))
    return told


def table_rows(session: Session, now: Now, table: Table) -> Iterator[tuple[Text, ...]]:
    """The rows of the line table or the VAT breakdown; what cannot be read is red."""
    for number, row in enumerate(rows_of(session.start, session.edits, table)):
        cells = ((f"{table}.{number}.{column}", str(getattr(row, column))) for column in COLUMNS[table])
        typed = (
            Text(f"{WRONG} {text}" if where in now.mistakes else text, "bold red" if where in now.mistakes else "")
            for where, text in cells
        )
        yield (*typed, *(_beside(session, now, number) if table in BESIDE else ()))


def _beside(session: Session, now: Now, number: int) -> tuple[Text, ...]:
    """What a row of the coding is for, how sure it is, and what its account is called."""
    line = now.coding.lines[number] if now.coding and number < len(now.coding.lines) else None
    if line is None:
        return (Text(), Text(), Text())
    is_typed = session.edits.coding is not None
    why = line.name if is_typed else f"{line.name} – {said(session.language, line.because)}"
    return Text(line.label), Text("" if is_typed else f"{line.confidence:.0%}"), Text(why)


def coding(session: Session, now: Now) -> Text:
    """The accounts in a line or two: approving settles them, so they are always seen."""
    shown, told, language = now.coding, Text(), session.language
    if shown is None:
        return told
    if shown.trouble:
        return told.append(f"{WRONG} {said(language, shown.trouble)}", "bold red")
    if session.edits.coding is not None:
        told.append(f"{TYPED} {texts.translate(language, 'Coding as you chose')}", "green")
    else:
        sure = min((line.confidence for line in shown.lines), default=1.0)
        words = texts.translate(language, "Coding %(sure)s sure", sure=f"{sure:.0%}")
        told.append(f"{DOUBT} {words}" if shown.is_doubtful else words, "yellow" if shown.is_doubtful else "")
    accounts = dict.fromkeys((line.booked or line.account, line.cost_centre, line.name) for line in shown.lines)
    for account, centre, name in accounts:
        told.append(f" · {account}{f' {centre}' if centre else ''} {name}")
    return told


def _sum(language: str, label: str, found: Decimal | None, stated: Decimal | None) -> Text:
    if found is None:
        return Text()
    told = Text(f"{label} {texts.money(language, found)} ")
    if stated is None:
        return told.append("  ")
    if found == stated:
        return told.append("✓  ", "green")
    return told.append(f"✗ {texts.money(language, stated)} ({texts.money(language, stated - found)})  ", "bold red")


def _difference(session: Session, field: Input) -> Text:
    """What machine, first and second person have, where they are not one."""
    told = Text()
    for one in session.item.differences if session.item else ():
        if one.field == field.name:
            names = ("machine", "first person", "second person")
            pairs = zip(names, one[1:], strict=True)
            shown = (
                f"{texts.translate(session.language, name)}: {texts.value(session.language, value) or '—'}"
                for name, value in pairs
            )
            told.append("≠ " + " · ".join(shown) + "\n", "yellow")
    return told


def _witnesses(session: Session, field: Input) -> Text:
    t = texts.translate
    told = Text()
    if field.memory:
        told.append(f"✓ {t(session.language, 'learned')}: {said(session.language, field.memory)}\n", "green")
    against = [one for one in field.witnesses if not one.supports]
    for one in against:
        told.append(f"− {_witness(session.language, one.kind, one.detail)}\n", "yellow")
    kinds = dict.fromkeys(_kind(session.language, one.kind) for one in field.witnesses if one.supports)
    if kinds:
        told.append("+ " + ", ".join(kinds), "dim")
    return told


def _witness(language: str, kind: str, detail: str) -> str:
    return ": ".join(part for part in (_kind(language, kind), said(language, detail)) if part)


def _kind(language: str, kind: str) -> str:
    return texts.translate(language, WITNESSES.get(kind, kind))


def _of(findings: Iterable[Finding], name: FieldName) -> list[Finding]:
    return [one for one in findings if name in one.fields]
