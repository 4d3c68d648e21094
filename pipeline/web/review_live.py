"""While a person types: what the rules say of it, its sums, and the draft that is kept."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from pipeline.posting.coding.at_desk import AtDesk
from pipeline.review.correct import EMPTY, Preview, hidden, is_changed, preview
from pipeline.review.items import Item
from pipeline.row_ids import RowId
from pipeline.validate.rules import validate
from pipeline.web.access import TheActor, visit_of
from pipeline.web.review_answers import JsonRoute
from pipeline.web.review_coding import books_of, findings_of, look, panel
from pipeline.web.review_form import start_of
from pipeline.web.review_said import said
from pipeline.web.services import TheDesk, TheServices
from pipeline.web.texts import money, notation_of
from schemas import FieldName, Finding, Record, Severity
from schemas.edits import Edits

router = APIRouter(prefix="/review/{item_id:int}", route_class=JsonRoute)
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def _as_typed(edits: Edits, request: Request) -> Edits:
    """The edits in the notation of the page that they were typed on."""
    return edits.model_copy(update={"notation": notation_of(visit_of(request).language)})


TheEdits = Annotated[Edits, Depends(_as_typed)]


@router.post("/preview")
def look_ahead(
    item_id: RowId, edits: TheEdits, request: Request, actor: TheActor, services: TheServices
) -> dict[str, Any]:
    """What would come of the edits: findings, sums, what cannot be read; nothing is kept.

    Rules and sums would tell what is to be keyed blind, so there are none then.
    """
    item = services.desk.item(actor, item_id)
    today = services.clock.now().date()
    made = preview(base_of(item), edits, today, actor.user)
    language = visit_of(request).language
    books = books_of(services, item)
    shown = look(books, item, made.record, edits.coding) if books else None
    mistakes = (*made.mistakes, *(shown.mistakes if shown else ()))
    return {
        "mistakes": [{"where": one.where, "message": said(language, one.message)} for one in mistakes],
        "findings": [] if item.blind else [_finding(one, language) for one in _findings(item, made, today, books)],
        "coding": panel(shown, books, language) if shown and books else None,
        "sums": [] if item.blind else list(_sums(made, language)),
        "changed": is_changed(item.record, made.record),
    }


@router.post("/draft", status_code=204)
def keep(item_id: RowId, edits: TheEdits, actor: TheActor, desk: TheDesk) -> Response:
    """Keep what was typed."""
    desk.save_draft(actor, item_id, edits)
    return Response(status_code=204)


@router.post("/undo")
def undo(item_id: RowId, request: Request, actor: TheActor, desk: TheDesk) -> dict[str, Any]:
    """Take back the last step; the draft before it, as text in the person's notation."""
    desk.undo(actor, item_id)
    return start_of(desk.item(actor, item_id), notation_of(visit_of(request).language)).json()


def base_of(item: Item) -> Record:
    """The record that edits are made to."""
    return hidden(item.record, item.blind)


def _findings(item: Item, made: Preview, today: date, books: AtDesk | None) -> list[Finding]:
    """What the rules say now, and what only the machine could find out, as it found it; errors first."""
    judged = {one.rule for one in (*made.findings, *validate(item.machine or EMPTY, today))}
    judged |= books.rules if books else frozenset()
    machine_only = (one for one in item.findings if one.rule not in judged)
    now = (*made.findings, *machine_only, *findings_of(books, item, made.record))
    return sorted(now, key=lambda one: _ORDER.index(one.severity))


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": said(language, finding.message),
        "fields": [name.value for name in finding.fields],
    }


def _sums(made: Preview, language: str) -> Iterator[dict[str, Any]]:
    """Each sum beside what the record states; `fits` is None where one of the two is not known."""
    record, sums = made.record, made.sums
    stated = {name: record.value(name) for name in FieldName}
    net, lines = stated[FieldName.NET_TOTAL], stated[FieldName.LINES_TOTAL]
    pairs = (
        ("lines", sums.lines, lines if lines is not None else net),
        ("bases", sums.bases, net),
        ("taxes", sums.taxes, stated[FieldName.TAX_TOTAL]),
        ("gross", sums.gross, stated[FieldName.GROSS_TOTAL]),
    )
    for name, found, wanted in pairs:
        known = found is not None and wanted is not None
        yield {
            "name": name,
            "sum": money(language, found),
            "stated": money(language, wanted),
            "missing": money(language, wanted - found) if found is not None and wanted is not None else "",
            "fits": wanted == found if known else None,
        }
