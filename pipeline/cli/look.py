"""`backoffice status` and `backoffice show`: what the ledger knows."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AsJson, Home, OneClient

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.intake.passed_over import PassedOver
    from pipeline.store.ledger import Ledger
    from pipeline.store.summary import Status
    from schemas import Document, Outcome

DocumentName = Annotated[
    str, typer.Argument(metavar="DOCUMENT", help="The beginning of its SHA-256, or its file name.", show_default=False)
]


def status(home: Home = None, client: OneClient = None, as_json: AsJson = False) -> None:
    """Count documents by state, invoices by decision and reason, what waits for a person, and postings by state.

    What lies in the drop folder and is not taken is named with the reason.
    """
    import json

    from rich.console import Console

    from pipeline.bootstrap import load_settings, open_the_ledger
    from pipeline.intake.passed_over import passed_over

    settings = load_settings(home)
    with open_the_ledger(settings, client) as ledger:
        counts = ledger.status()
    left = list(passed_over(settings.inbox, settings.claimed)) if client is None else []
    if as_json:
        said = counts._asdict() | {"passed_over": [entry.model_dump() for entry in left]}
        typer.echo(json.dumps(said, default=str, indent=2))
        return
    Console().print(_status_table(counts))
    if left:
        Console().print(_left_table(left))


def show(document: DocumentName, home: Home = None, client: OneClient = None, as_json: AsJson = False) -> None:
    """Show what was read of a document: every field with its value, confidence and evidence, and the reasons."""
    import json

    from pipeline.bootstrap import load_settings, open_the_ledger
    from pipeline.rows import row

    with open_the_ledger(load_settings(home), client) as ledger:
        found = _find(ledger, document)
        outcomes = ledger.outcomes(found.document_id)
    if as_json:
        typer.echo(json.dumps([row(found.file_name, each) for each in outcomes], ensure_ascii=False, indent=2))
        return
    _show_document(found, outcomes)


def _find(ledger: "Ledger", name: str) -> "Document":
    from pipeline.errors import InputError

    remedy = "Give its file name or the beginning of its SHA-256. Is --home right?"
    try:
        found = ledger.named(name) or tuple(filter(None, [ledger.find(name.lower())]))
    except LookupError as error:
        remedy = "Give more of its SHA-256, its id, or --client."
        raise InputError(f"{error}.", code="ambiguous", remedy=remedy) from error
    if not found:
        raise InputError(f"No document is called {name}.", code="not-found", remedy=remedy)
    return found[-1]


def _show_document(document: "Document", outcomes: "tuple[Outcome, ...]") -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console()
    head = f"[bold]{document.document_id}[/]  {escape(document.file_name)}  {document.size} bytes"
    console.print(head, highlight=False)
    console.print(f"received {document.received_at:%Y-%m-%d %H:%M:%S %Z}, sha256 {document.sha256}", highlight=False)
    if not outcomes:
        console.print("Not read yet.")
    for outcome in outcomes:
        console.print(f"\n[bold]Invoice {outcome.part}: {outcome.decision.kind.replace('_', ' ')}[/]")
        for reason in outcome.decision.reasons:
            console.print(f"- {reason.message} ({reason.code})", markup=False, highlight=False)
        console.print(_field_table(outcome))
        for finding in outcome.findings:
            console.print(f"{finding.severity}: {finding.message} ({finding.rule})", markup=False, highlight=False)


def _field_table(outcome: "Outcome") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    from pipeline.rows import plain

    table = Table("field", "value", "confidence", "page", "evidence")
    for field in outcome.record.fields.values() if outcome.record else ():
        if field.value is None:
            continue
        evidence = ", ".join(f"{'' if one.supports else 'not '}{one.kind}" for one in field.evidence)
        page = str(field.page or "")
        table.add_row(field.name, escape(plain(field.value) or ""), f"{field.confidence:.2f}", page, evidence)
    return table


def _status_table(counts: "Status") -> "Table":
    from rich.table import Table

    table = Table("", "what", "count", title="Ledger", title_justify="left")
    for title, group in (("documents", counts.documents), ("decisions", counts.decisions), ("reasons", counts.reasons)):
        for number, (name, count) in enumerate(group.items()):
            table.add_row(title if number == 0 else "", name.replace("_", " "), str(count))
        table.add_section()
    table.add_row("arrivals", "seen again", str(counts.seen_again))
    table.add_row("", "refused", str(counts.refused))
    oldest = f" (oldest since {counts.oldest_waiting:%Y-%m-%d %H:%M})" if counts.oldest_waiting else ""
    table.add_row("review", f"waiting{oldest}", str(counts.waiting))
    for number, (name, count) in enumerate(counts.postings.items()):
        table.add_row("postings" if number == 0 else "", name, str(count))
    return table


MOST_LEFT = 20
"""Entries of the drop folder that `status` names; all of them stand in its JSON."""


def _left_table(left: "list[PassedOver]") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    title = f"{len(left)} entries of the drop folder are not taken"
    table = Table("entry", "why", title=title, title_justify="left")
    for entry in left[:MOST_LEFT]:
        table.add_row(escape(entry.name), f"{entry.message} ({entry.code})")
    return table
