"""Where a page prints the values of its e-invoice, so that another reader can look there."""

from collections.abc import Iterator, Sequence

from pipeline.extract.candidates import Sheet, survey
from pipeline.extract.spans import Span
from pipeline.verify.compare import compact
from pipeline.verify.witness import Place
from schemas import FieldName, Page, Record

_KINDS = {
    FieldName.INVOICE_NUMBER: "identifier",
    FieldName.ISSUE_DATE: "date",
    FieldName.NET_TOTAL: "amount",
    FieldName.TAX_TOTAL: "amount",
    FieldName.GROSS_TOTAL: "amount",
    FieldName.IBAN: "iban",
}


def printed_places(record: Record, pages: Sequence[Page]) -> tuple[Place, ...]:
    """The places of number, issue date, totals and IBAN on the pages; a total's is the last that prints it."""
    sheet = survey(pages)
    return tuple(_places(record, sheet)) if sheet.lines else ()


def _places(record: Record, sheet: Sheet) -> Iterator[Place]:
    for name, kind in _KINDS.items():
        value = record.value(name)
        same = [span for span in sheet.spans_of(kind) if value is not None and _is_same(kind, span.value, value)]
        if same:
            span = _of(kind, same)
            yield Place(name, value, span.raw, span.page, span.box)


def _is_same(kind: str, printed: object, said: object) -> bool:
    """Spaces and marks aside in identifiers: an e-invoice may group the figures of its IBAN, and a page too."""
    return compact(str(printed)) == compact(str(said)) if kind in {"identifier", "iban"} else printed == said


def _of(kind: str, spans: Sequence[Span]) -> Span:
    return spans[-1] if kind == "amount" else spans[0]
