"""The panel of the coding on the review page: where each line is booked, how sure that is, and why."""

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.posting.coding.at_desk import AtDesk, Shown, ShownLine
from pipeline.posting.coding.check import DOUBTFUL
from pipeline.review.items import Item
from pipeline.web.review_said import said
from pipeline.web.services import Services
from pipeline.web.texts import money, number, percent, translate
from schemas import Finding, Record
from schemas.edits import CodeText


def books_of(services: Services, item: Item) -> AtDesk | None:
    """Who knows the accounts of an item's client; None where it posts nowhere, or where the item is keyed blind."""
    return None if item.blind else services.bookkeepers.of(item.row.client_id)


def look(books: AtDesk, item: Item, record: Record, typed: Sequence[CodeText] | None) -> Shown:
    """The coding of a record with what was typed, or else with what a person before left."""
    return books.show(record, item.row.document_id, item.row.part, typed if typed is not None else item.coding)


def findings_of(books: AtDesk | None, item: Item, record: Record) -> tuple[Finding, ...]:
    """What keeps the record from being booked at all; what is only doubtful is told in the panel."""
    found = books.findings(record, item.row.document_id, item.row.part) if books else ()
    return tuple(one for one in found if one.rule != DOUBTFUL)


def is_doubtful(books: AtDesk | None, item: Item) -> bool:
    """Whether a person has to look at the accounts."""
    found = books.findings(item.record, item.row.document_id, item.row.part) if books and item.final is None else ()
    return any(one.rule == DOUBTFUL for one in found)


def panel(shown: Shown, books: AtDesk, language: str) -> dict[str, Any]:
    """The panel as the page's script shows it, texts and amounts as the person reads them."""
    wrong = {one.where: one.message for one in shown.mistakes}
    return {
        "lines": [
            _line(one, wrong.get(f"coding.{at}.account", ""), books.coder.plan.sure_from, language)
            for at, one in enumerate(shown.lines)
        ],
        "doubtful": shown.is_doubtful,
        "trouble": said(language, shown.trouble),
        "booked": list(_booked(shown, books, language)),
    }


def _line(line: ShownLine, wrong: str, sure_from: float, language: str) -> dict[str, Any]:
    return {
        "text": line.text,
        "label": line.label or translate(language, "The whole invoice"),
        "net": money(language, line.net),
        "account": line.account,
        "cost_centre": line.cost_centre,
        "booked": line.booked,
        "name": line.name,
        "known": line.is_known,
        "sure": percent(language, line.confidence),
        "doubtful": line.confidence < sure_from,
        "because": said(language, line.because),
        "wrong": said(language, wrong),
    }


def _booked(shown: Shown, books: AtDesk, language: str) -> Iterator[str]:
    """The rest of the entry: VAT, supplier, and what is doubtful about them."""
    if (coding := shown.coding) is None:
        return
    for tax in coding.taxes:
        rate = translate(language, "VAT %(rate)s %%", rate=number(language, tax.rate))
        yield f"{tax.account} {rate} {money(language, tax.amount)}"
    yield f"{coding.supplier_account} {books.coder.plan.name_of(coding.supplier_account)}"
    yield from (said(language, why) for why in shown.remarks)
