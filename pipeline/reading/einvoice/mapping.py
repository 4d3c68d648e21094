"""An XML tree becomes an `Invoice`, by the mapping table of its syntax."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from lxml import etree

from pipeline.reading.einvoice.company import company_ids
from pipeline.reading.einvoice.table import Path, Table
from pipeline.reading.einvoice.values import document_type, read_currency, read_date, read_decimal, read_text
from schemas import (
    FIELD_TERMS,
    DocumentType,
    Finding,
    Invoice,
    InvoiceLine,
    Party,
    Payment,
    Severity,
    Totals,
    VatBreakdown,
)
from schemas.base import Value

V = TypeVar("V", bound=Value)

_SUMMED = frozenset({"discount", "charge"})
"""Terms of a line that may repeat and then add up."""

_SINGLE = frozenset({"number", "issue_date"} | {f"totals.{name}" for name in Totals.model_fields})
"""Terms that occur at most once in EN 16931: two different values leave open which one counts."""

_FIELD_AT = {term.path: name for name, term in FIELD_TERMS.items()}


def read_invoice(root: etree._Element, table: Table) -> tuple[Invoice, tuple[Finding, ...]]:
    """The invoice as the XML states it, and an error finding for each unreadable or ambiguous value."""
    currency, findings = _currency(root, table)
    reader = _Reader(root, table, {"currency": currency or ""}, findings)
    invoice = Invoice(
        **reader.values("invoice", Invoice, root),
        doc_type=_document_type(root, table),
        currency=currency,
        seller=reader.party("seller"),
        buyer=reader.party("buyer"),
        payment=reader.one("payment", Payment),
        totals=_with_implied_tax(reader.one("totals", Totals)),
        vat_breakdown=reader.many("vat_breakdown", VatBreakdown),
        lines=reader.many("lines", InvoiceLine),
    )
    return invoice, tuple(reader.findings)


def read_profile(root: etree._Element, table: Table) -> str:
    """BT-24, the specification identifier, or an empty text."""
    return next(iter(_texts(table.profile(root))), "")


@dataclass(frozen=True)
class _Reader:
    """One reading of one tree; findings are collected while values are gathered."""

    root: etree._Element
    table: Table
    variables: dict[str, str]
    findings: list[Finding] = field(default_factory=list)

    def only_node(self, group: str) -> etree._Element | None:
        nodes = self.nodes(group)
        if len(nodes) > 1:
            self.complain("ambiguous-value", group, f"The e-invoice states its {group} more than once.")
        return nodes[0] if nodes else None

    def one(self, group: str, model: type[V]) -> V:
        node = self.only_node(group)
        return model() if node is None else model(**self.values(group, model, node))

    def many(self, group: str, model: type[V]) -> tuple[V, ...]:
        return tuple(model(**self.values(group, model, node)) for node in self.nodes(group))

    def party(self, group: str) -> Party:
        party = self.one(group, Party)
        paths = self.table.groups[group].company_ids
        ids = [element for node in self.nodes(group)[:1] for path in paths for element in path(node)]
        siren, siret = company_ids(ids, party.country)
        return party.model_copy(update={"siren": siren, "siret": siret})

    def nodes(self, group: str) -> Sequence[etree._Element]:
        at = self.table.groups[group].at
        return at(self.root, **self.variables) if at else [self.root]

    def values(self, group: str, model: type[Value], node: etree._Element) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, xpaths in self.table.groups[group].terms.items():
            texts = self.first_texts(xpaths, node)
            path = name if group == "invoice" else f"{group}.{name}"
            found[name] = self.value(path, model, name, texts)
        return {name: value for name, value in found.items() if value is not None}

    def first_texts(self, xpaths: Iterable[Path], node: etree._Element) -> list[str]:
        return next(filter(None, (_texts(xpath(node, **self.variables)) for xpath in xpaths)), [])

    def value(self, path: str, model: type[Value], name: str, texts: list[str]) -> Any:
        convert, many = _converter(model, name)
        values = [value for text in texts if (value := self.converted(path, convert, text)) is not None]
        if many:
            return tuple(values)
        if name in _SUMMED:
            return self.converted(path, convert, f"{sum(values):f}") if values else None
        if path in _SINGLE and len(set(values)) > 1:
            stated = " and ".join(map(str, values))
            self.complain("ambiguous-value", path, f"The e-invoice states {_term(path)} as {stated}.")
        return values[0] if values else None

    def converted(self, path: str, convert: Callable[[str], Any], text: str) -> Any:
        try:
            return convert(text)
        except ValueError as error:
            self.complain("unreadable-value", path, f"The e-invoice's {_term(path)} cannot be read: {error}.")
            return None

    def complain(self, rule: str, path: str, message: str) -> None:
        names = (_FIELD_AT[path],) if path in _FIELD_AT else ()
        self.findings.append(Finding(rule=rule, severity=Severity.ERROR, message=message, fields=names))


def _with_implied_tax(totals: Totals) -> Totals:
    # BT-110 is left out where no VAT is charged; BR-CO-15 then reads it as zero.
    if totals.tax is None and totals.net is not None and totals.net == totals.gross:
        return totals.model_copy(update={"tax": Decimal("0.00")})
    return totals


def _currency(root: etree._Element, table: Table) -> tuple[str | None, list[Finding]]:
    reader = _Reader(root, table, {})
    texts = _texts(table.currency(root))
    return (reader.converted("currency", read_currency, texts[0]) if texts else None), reader.findings


def _document_type(root: etree._Element, table: Table) -> DocumentType | None:
    if codes := _texts(table.type_code(root)):
        return document_type(codes[0])
    return DocumentType.CREDIT_NOTE if etree.QName(root).localname == "CreditNote" else None


@cache
def _converter(model: type[Value], name: str) -> tuple[Callable[[str], Any], bool]:
    """How a text becomes the model's field, and whether the field holds many."""
    annotation = model.model_fields[name].annotation
    kinds = _kinds(annotation)
    convert = read_decimal if Decimal in kinds else read_date if date in kinds else read_text
    return convert, get_origin(annotation) is tuple


def _kinds(annotation: Any) -> set[Any]:
    """The plain types inside an annotation such as `Annotated[Decimal, ...] | None`."""
    parts = get_args(annotation)
    return set().union(*map(_kinds, parts)) if parts else {annotation}


def _texts(nodes: Iterable[etree._Element | str]) -> list[str]:
    texts = ("".join(map(str, node.itertext())) if isinstance(node, etree._Element) else str(node) for node in nodes)
    return [text for text in map(str.strip, texts) if text]


def _term(path: str) -> str:
    name = _FIELD_AT.get(path)
    return f"{name.replace('_', ' ')} ({FIELD_TERMS[name].business_term})" if name else path.replace(".", " ")
