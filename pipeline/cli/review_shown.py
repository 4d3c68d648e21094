"""What `backoffice review` prints."""

import json
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.posting.coding.at_desk import Shown
    from pipeline.review.items import Item, QueueRow


def print_json(value: object) -> None:
    """As JSON, for scripts."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_item(item: "Item", coding: "Shown | None", as_json: bool) -> None:
    """An item with its reasons, fields, accounts and notes."""
    from rich.console import Console
    from rich.table import Table

    from pipeline.review.show import item_json
    from pipeline.rows import plain

    if as_json:
        print_json(item_json(item) | {"coding": _coding_json(coding)})
        return
    console = Console()
    row = item.row
    console.print(f"Item {row.item_id}: {row.file_name}, {row.state}{why(row)}", markup=False, highlight=False)
    messages = (*(one.message for one in item.reasons), *(one.message for one in item.findings))
    for message in dict.fromkeys(messages):
        console.print(f"- {message}", markup=False, highlight=False)
    table = Table("field", "value", "confidence")
    record = item.final.record if item.final and item.final.record else item.record
    for field in record.fields.values():
        if field.name in item.blind:
            table.add_row(field.name, "to be keyed", "")
        elif field.value is not None:
            table.add_row(field.name, str(plain(field.value)), f"{field.confidence:.2f}")
    console.print(table)
    if coding is not None:
        console.print(_coding_table(coding) if coding.lines else f"- {coding.trouble}", highlight=False)
    for note in item.notes:
        console.print(f"{note.at:%Y-%m-%d %H:%M} {note.user}: {note.text}", markup=False, highlight=False)


def _coding_json(coding: "Shown | None") -> dict[str, Any] | None:
    if coding is None:
        return None
    lines = [one._asdict() | {"net": f"{one.net:f}"} for one in coding.lines]
    booked = coding.coding.model_dump(mode="json") if coding.coding else None
    return {"doubtful": coding.is_doubtful, "trouble": coding.trouble, "lines": lines, "booked": booked}


def _coding_table(coding: "Shown") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    table = Table("account", "centre", "what", "amount", "sure", "why")
    for one in coding.lines:
        texts = (one.account, one.cost_centre, one.label, f"{one.net:f}", f"{one.confidence:.0%}", one.because)
        table.add_row(*map(escape, texts))
    return table


def why(row: "QueueRow") -> str:
    """Why it is where it is, and with whom, to be put behind its state."""
    from pipeline.review.reasons import wording

    said = f" ({wording(row.reason)})" if row.reason else ""
    return said + (f", held by {row.holder}" if row.holder else "")


def queue_table(rows: "tuple[QueueRow, ...]") -> "Table":
    """Rows of the queue."""
    from rich.markup import escape
    from rich.table import Table

    table = Table("item", "client", "due", "state", "seller", "number", "total", "file")
    for row in rows:
        total = f"{row.gross:f} {row.currency or ''}" if row.gross is not None else ""
        texts = (row.client_id, f"{row.deadline:%Y-%m-%d %H:%M}", row.state + why(row), row.seller_name or "")
        table.add_row(str(row.item_id), *map(escape, (*texts, row.number or "", total, row.file_name)))
    return table


def print_stats(found: dict[str, Any]) -> None:
    """The figures of `review stats`."""
    from rich.console import Console
    from rich.table import Table

    table = Table("", "what", "count", title="Review", title_justify="left")
    for title in ("states", "decided", "reasons"):
        for number, (name, count) in enumerate(found[title].items()):
            table.add_row(title if number == 0 else "", name, str(count))
    table.add_row("overdue", "open items past their deadline", str(found["overdue"]))
    seconds = found["median_seconds"]
    table.add_row("work", f"median seconds, of {found['worked']}", "" if seconds is None else f"{seconds:.0f}")
    samples, rate = found["samples"], found["samples"]["error_rate"]
    said = f"{samples['wrong']} of {samples['checked']} ({rate['low']:.2%} to {rate['high']:.2%})"
    table.add_row("samples", f"wrong, of {samples['drawn']} drawn", said)
    Console().print(table)
