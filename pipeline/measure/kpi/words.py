"""A key figure as a person reads it, in French or English: pages, the report and the terminal show the same."""

from decimal import Decimal
from typing import NamedTuple

from pipeline.measure import notation
from pipeline.measure.kpi.model import Figure, Interval, Kpi, Measured, Unit
from pipeline.review.causes import Wording
from pipeline.review.reasons import wording
from schemas import FieldName

SMALL_MONEY = 0.1
"""Below it an amount has four digits after the mark: a document costs fractions of a cent."""
SLICES = {
    "": Wording("toutes", "all"),
    "all": Wording("en tout", "in all"),
    "a day": Wording("par jour", "a day"),
    "an hour": Wording("par heure", "an hour"),
    "most a day": Wording("au plus en un jour", "most in a day"),
    "most an hour": Wording("au plus en une heure", "most in an hour"),
    "p50": Wording("médiane", "median"),
    "p90": Wording("90 % en moins de", "90 % within"),
    "p99": Wording("99 % en moins de", "99 % within"),
    "review": Wording("révision", "review"),
    "sample": Wording("contrôle par sondage", "sample"),
    "machine": Wording("machine", "machine"),
    "people": Wording("personnes", "people"),
    "posting": Wording("robot de saisie", "posting robot"),
    "seen again": Wording("fichiers reçus à nouveau", "files seen again"),
    "refused": Wording("factures refusées", "invoices refused"),
    "value": Wording("valeur", "value"),
    "late": Wording("en retard", "late"),
    "4 h": Wording("jusqu'à 4 heures", "up to 4 hours"),
    "24 h": Wording("jusqu'à un jour", "up to a day"),
    "48 h": Wording("jusqu'à 2 jours", "up to 2 days"),
    "7 d": Wording("jusqu'à 7 jours", "up to 7 days"),
    "longer": Wording("plus longtemps", "longer"),
    "discount.kept": Wording("préservés", "kept"),
    "discount.lost": Wording("perdus", "lost"),
}
FIELDS = {
    FieldName.INVOICE_NUMBER: Wording("numéro de facture", "invoice number"),
    FieldName.DOC_TYPE: Wording("type de document", "document type"),
    FieldName.ISSUE_DATE: Wording("date de facture", "issue date"),
    FieldName.DUE_DATE: Wording("échéance", "due date"),
    FieldName.DELIVERY_DATE: Wording("date de livraison", "delivery date"),
    FieldName.SELLER_NAME: Wording("vendeur", "seller name"),
    FieldName.SELLER_VAT_ID: Wording("n° de TVA du vendeur", "seller's VAT id"),
    FieldName.SELLER_SIREN: Wording("SIREN du vendeur", "seller's SIREN"),
    FieldName.SELLER_SIRET: Wording("SIRET du vendeur", "seller's SIRET"),
    FieldName.BUYER_NAME: Wording("acheteur", "buyer name"),
    FieldName.BUYER_VAT_ID: Wording("n° de TVA de l'acheteur", "buyer's VAT id"),
    FieldName.CURRENCY: Wording("devise", "currency"),
    FieldName.NET_TOTAL: Wording("total HT", "net total"),
    FieldName.TAX_TOTAL: Wording("total de la TVA", "tax total"),
    FieldName.GROSS_TOTAL: Wording("total TTC", "gross total"),
    FieldName.AMOUNT_DUE: Wording("net à payer", "amount due"),
    FieldName.IBAN: Wording("IBAN", "IBAN"),
    FieldName.BIC: Wording("BIC", "BIC"),
    FieldName.PO_NUMBER: Wording("numéro de commande", "order number"),
    FieldName.LINES_TOTAL: Wording("total des lignes", "lines total"),
    FieldName.ALLOWANCE_TOTAL: Wording("total des remises", "allowance total"),
    FieldName.CHARGE_TOTAL: Wording("total des frais", "charge total"),
    FieldName.PREPAID_TOTAL: Wording("acomptes versés", "prepaid total"),
    FieldName.ROUNDING: Wording("arrondi", "rounding"),
    FieldName.PRECEDING_INVOICE: Wording("facture précédente", "preceding invoice"),
}
INTERVALS = {
    Interval.NONE: Wording("", ""),
    Interval.EXACT: Wording("Clopper-Pearson", "Clopper-Pearson"),
    Interval.RANKS: Wording("statistiques d'ordre", "order statistics"),
}
_KINDS = {"e-invoice": "facture électronique", "text layer": "texte du PDF", "picture": "image", "nothing": "rien"}


class Shown(NamedTuple):
    """One line of a table."""

    name: str
    value: str
    interval: str
    n: str
    share: float | None
    """Of the bar beside it, from 0 to 1; None: no bar."""


def shown(measured: Measured, language: str, lines: int | None = None) -> list[Shown]:
    """The figures of a key figure in words, or the first `lines` of them."""
    most = max((one.value or 0 for one in measured.figures), default=0)
    return [_line(measured.kpi, one, most, language) for one in measured.figures[:lines]]


def in_language(words: Wording, language: str) -> str:
    """The wording of a language."""
    return words.fr if language == "fr" else words.en


def _line(kpi: Kpi, figure: Figure, most: float, language: str) -> Shown:
    has_interval = kpi.interval is not Interval.NONE and figure.n and not figure.currency
    ends = (figure.low, figure.high) if has_interval else (None, None)
    joined = " – " if kpi.unit is Unit.SHARE else f" {'à' if language == 'fr' else 'to'} "
    interval = joined.join(notation.unbroken(said(end, kpi.unit, language)) for end in ends if end is not None)
    is_bar = kpi.unit is Unit.SHARE or kpi.name in ("reasons", "posting-problems", "refused", "posted")
    is_share = kpi.unit is Unit.SHARE and not figure.currency
    share = figure.value if is_share else (figure.value or 0) / most if most else 0.0
    return Shown(
        name=slice_name(kpi, figure, language),
        value=notation.unbroken(_value(kpi, figure, language)),
        interval=interval,
        n=_n(kpi, figure, language),
        share=share if is_bar else None,
    )


def slice_name(kpi: Kpi, figure: Figure, language: str) -> str:
    """What a slice is called."""
    if kpi.name.startswith("field-accuracy") and figure.slice in set(FieldName):
        return in_language(FIELDS[FieldName(figure.slice)], language)
    if kpi.name in ("reasons", "posting-problems", "refused"):
        return wording(figure.slice, language)
    if kpi.name == "straight-through-kind":
        return kind_name(figure.slice, language)
    known = SLICES.get(figure.slice.split(" ")[0] if kpi.name == "discounts" else figure.slice)
    name = in_language(known, language) if known else figure.label or figure.slice
    return f"{name} ({figure.label})" if known and figure.label else name


def said(value: float | None, unit: Unit, language: str, currency: str = "") -> str:
    """A value with its unit; a dash for what is not known."""
    if value is None:
        return notation.UNKNOWN
    if unit is Unit.SHARE:
        return notation.percent(value, language, decimals=1)
    if unit is Unit.SECONDS:
        return notation.duration(value, language)
    if unit is Unit.MONEY or currency:
        rounded = Decimal(f"{value:.2f}" if abs(value) >= SMALL_MONEY else f"{value:.4f}")
        return notation.money(rounded.normalize(), currency or "EUR", language)
    return notation.count(value, language)


def kind_name(name: str, language: str) -> str:
    """A kind of file and what it was read from: "PDF, text layer"."""
    media, _, source = name.partition(", ")
    return f"{media}, {_KINDS.get(source, source)}" if language == "fr" else name


def _value(kpi: Kpi, figure: Figure, language: str) -> str:
    is_money = kpi.unit is Unit.MONEY or bool(figure.currency)
    return said(figure.value, Unit.MONEY if is_money else kpi.unit, language, figure.currency)


def _n(kpi: Kpi, figure: Figure, language: str) -> str:
    number = notation.count(figure.n, language)
    if figure.count is None:
        return number
    if kpi.unit is not Unit.SHARE:
        return f"{'seule' if language == 'fr' else 'alone'}: {notation.count(figure.count, language)}"
    of = "sur" if language == "fr" else "of"
    return f"{notation.count(figure.count, language)} {of} {number}"
