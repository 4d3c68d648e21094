"""What the report says, in French and English."""

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.measure.kpi.words import FIELDS, in_language
from pipeline.review.causes import Wording
from schemas import FieldName

REPORT: Mapping[str, Wording] = MappingProxyType(
    {
        "title": Wording("Ce que sont devenues les factures", "What became of the invoices"),
        "page": Wording("rapport du", "report of"),
        "ledger": Wording("Registre de", "Ledger of"),
        "invoices": Wording("factures", "invoices"),
        "in_documents": Wording("dans {} documents", "in {} documents"),
        "went_through": Wording("passées sans intervention", "went straight through"),
        "interval": Wording("intervalle à 95\N{NO-BREAK SPACE}%", "95\N{NO-BREAK SPACE}% interval"),
        "wait": Wording("attendent une personne", "wait for a person"),
        "cpu_median": Wording("de calcul par facture (médiane)", "of CPU an invoice (median)"),
        "mean": Wording("moyenne {}", "mean {}"),
        "seen_again": Wording("fichiers reçus à nouveau", "seen again"),
        "same_bytes": Wording("mêmes octets, lus une seule fois", "the same bytes, read once"),
        "refused": Wording("fichiers refusés", "files refused"),
        "in_rejected": Wording("chacun avec sa raison dans rejected/", "each with its reason in rejected/"),
        "decisions": Wording("Décisions", "Decisions"),
        "empty": Wording("Rien n'est encore passé par ce registre.", "Nothing has gone through this ledger yet."),
        "figures": Wording("Chiffres clés", "Key figures"),
        "all_figures": Wording("Tous les chiffres clés et leurs définitions", "All key figures with their definitions"),
        "causes": Wording("Pourquoi une personne est nécessaire", "Why a person is needed"),
        "causes_note": Wording(
            "Une facture peut avoir plusieurs raisons. « Seule » compte les factures qui n'en ont pas d'autre.",
            "An invoice may have several reasons. “Alone” counts the invoices that have no other one.",
        ),
        "reason": Wording("raison", "reason"),
        "example": Wording("par exemple", "for example"),
        "alone": Wording("seule", "alone"),
        "fields": Wording("champs", "fields"),
        "kinds": Wording("Par nature de fichier", "By kind of file"),
        "kind": Wording("fichier, lu à partir de", "file, read from"),
        "straight_through": Wording("sans intervention", "straight through"),
        "cpu_mean": Wording("calcul, moyenne", "CPU, mean"),
        "stages": Wording("Où va le temps de calcul", "Where the CPU seconds go"),
        "stage": Wording("étape", "stage"),
        "mean_an_invoice": Wording("moyenne par facture", "mean an invoice"),
        "refused_files": Wording("Fichiers refusés", "Files that were refused"),
        "file": Wording("fichier", "file"),
        "when": Wording("quand", "when"),
        "the_invoices": Wording("Les factures", "The invoices"),
        "latest": Wording("Les {} dernières sur {}.", "The latest {} of {}."),
        "supplier": Wording("fournisseur", "supplier"),
        "number": Wording("numéro", "number"),
        "date": Wording("date", "date"),
        "gross": Wording("total TTC", "total with VAT"),
        "decision": Wording("décision", "decision"),
        "reasons": Wording("raisons", "reasons"),
        "confidence": Wording("confiance la plus basse", "lowest confidence"),
        "cpu": Wording("calcul", "CPU"),
        "invoice": Wording("facture {}", "invoice {}"),
    }
)
CODES: Mapping[str, Wording] = MappingProxyType(
    {
        "straight_through": Wording("sans intervention", "straight through"),
        "review": Wording("révision", "review"),
        "rejected": Wording("rejetée", "rejected"),
        "read": Wording("lecture", "read"),
        "extract": Wording("extraction", "extract"),
        "verify": Wording("seconde lecture", "verify"),
        "validate": Wording("règles", "validate"),
    }
)
"""Decisions, and the stages of the machine's work."""


def say(name: str, *values: object, language: str) -> str:
    """A text of the report, its gaps filled."""
    return in_language(REPORT[name], language).format(*values)


def say_code(code: str, language: str) -> str:
    """A decision, a stage or a field as words; what is not known by its name."""
    known = CODES.get(code) or (FIELDS[FieldName(code)] if code in set(FieldName) else None)
    return in_language(known, language) if known else code.replace("_", " ")
