"""Why an item was put off, refused or passed on: codes for counting, with their wording in French and English.

The machine's own codes have theirs in `pipeline.review.causes`.
"""

from enum import StrEnum

from pipeline.review.causes import CAUSES, Wording


class RejectReason(StrEnum):
    """Why an invoice will not be posted."""

    NOT_AN_INVOICE = "not-an-invoice"
    DUPLICATE = "duplicate"
    NOT_OURS = "not-ours"
    UNREADABLE = "unreadable"
    NOT_DELIVERED = "not-delivered"
    WRONG_AMOUNT = "wrong-amount"
    NO_ORDER = "no-order"
    LEGAL_MENTIONS = "legal-mentions"
    SUSPECTED_FRAUD = "suspected-fraud"
    OTHER = "other"


class PostponeReason(StrEnum):
    """What an item waits for."""

    ASKED_SUPPLIER = "asked-supplier"
    ASKED_BUYER = "asked-buyer"
    ORDER_MISSING = "order-missing"
    DELIVERY_OPEN = "delivery-open"
    CREDIT_NOTE_EXPECTED = "credit-note-expected"
    ACCOUNT_CHECK = "account-check"
    OTHER = "other"


class EscalateReason(StrEnum):
    """Why a second pair of eyes looks."""

    FOUR_EYES = "four-eyes"
    KEYED_DIFFERENTLY = "keyed-differently"
    ASKED = "asked"


WORDING: dict[RejectReason | PostponeReason | EscalateReason, Wording] = {
    RejectReason.NOT_AN_INVOICE: Wording("Ce n'est pas une facture", "It is not an invoice"),
    RejectReason.DUPLICATE: Wording("Facture déjà reçue", "The invoice was received before"),
    RejectReason.NOT_OURS: Wording("Adressée à une autre société", "Addressed to another company"),
    RejectReason.UNREADABLE: Wording("Illisible", "It cannot be read"),
    RejectReason.NOT_DELIVERED: Wording("Livraison ou prestation non reçue", "Goods or services not received"),
    RejectReason.WRONG_AMOUNT: Wording("Montant ou prix contesté", "Amount or price is disputed"),
    RejectReason.NO_ORDER: Wording("Sans commande", "There is no order for it"),
    RejectReason.LEGAL_MENTIONS: Wording("Mentions obligatoires manquantes", "Mandatory statements are missing"),
    RejectReason.SUSPECTED_FRAUD: Wording("Soupçon de fraude", "Fraud is suspected"),
    RejectReason.OTHER: Wording("Autre motif (voir la note)", "Another reason (see the note)"),
    PostponeReason.ASKED_SUPPLIER: Wording("Question posée au fournisseur", "The supplier was asked"),
    PostponeReason.ASKED_BUYER: Wording("Question posée à l'acheteur", "The buyer was asked"),
    PostponeReason.ORDER_MISSING: Wording("Commande attendue", "The order is awaited"),
    PostponeReason.DELIVERY_OPEN: Wording("Livraison attendue", "The delivery is awaited"),
    PostponeReason.CREDIT_NOTE_EXPECTED: Wording("Avoir attendu", "A credit note is expected"),
    PostponeReason.ACCOUNT_CHECK: Wording("Coordonnées bancaires à vérifier", "The bank account is being checked"),
    PostponeReason.OTHER: Wording("Autre motif (voir la note)", "Another reason (see the note)"),
    EscalateReason.FOUR_EYES: Wording("Montant soumis à une seconde validation", "The amount needs a second approval"),
    EscalateReason.KEYED_DIFFERENTLY: Wording("Deux saisies différentes", "It was keyed differently twice"),
    EscalateReason.ASKED: Wording("Avis demandé à un superviseur", "A supervisor was asked"),
}


def wording(code: str, language: str = "en") -> str:
    """A person's or the machine's reason in words, "fr" or "en"; a code that is not known is its own word."""
    said = next((words for reason, words in WORDING.items() if reason.value == code), CAUSES.get(code))
    return code if said is None else said.fr if language == "fr" else said.en
