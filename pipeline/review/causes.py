"""Why the machine gave an invoice to a person: the codes of its rules and failures in words, French and English."""

from typing import NamedTuple


class Wording(NamedTuple):
    """The same in both languages."""

    fr: str
    en: str


CAUSES: dict[str, Wording] = {
    "low-confidence": Wording("Lecture incertaine", "Doubtful reading"),
    "supplier-watched": Wording("Fournisseur sous surveillance", "Supplier under watch"),
    "high-risk": Wording("Risque d'erreur élevé", "High risk of an error"),
    "incomplete": Wording("Lecture incomplète", "Read in part only"),
    "duplicate": Wording("Facture déjà reçue", "Received before"),
    "possible-duplicate": Wording("Doublon possible", "Perhaps a duplicate"),
    "number-used": Wording("Numéro déjà utilisé", "Number used before"),
    "not-an-invoice": Wording("Pas une facture", "Not an invoice"),
    "required-field": Wording("Champ obligatoire absent", "Mandatory field missing"),
    "invalid-value": Wording("Valeur impossible", "Impossible value"),
    "stamped": Wording("Tampon sur la facture", "Stamped"),
    "hidden-text": Wording("Texte caché dans le PDF", "Hidden text in the PDF"),
    "text-layer-differs": Wording("Texte du PDF contraire à la page", "PDF text differs from the page"),
    "e-invoice": Wording("XML contraire à la page", "XML differs from the page"),
    "total-contradicted": Wording("Totaux contradictoires", "Contradicting totals"),
    "net-total": Wording("Total HT incohérent", "Net total does not fit"),
    "gross-total": Wording("Total TTC incohérent", "Total with VAT does not fit"),
    "amount-due": Wording("Net à payer incohérent", "Amount due does not fit"),
    "sum-of-lines": Wording("Somme des lignes incohérente", "Sum of the lines does not fit"),
    "vat-total": Wording("Total de TVA incohérent", "VAT total does not fit"),
    "vat-of-rate": Wording("TVA fausse pour ce taux", "VAT wrong for its rate"),
    "vat-share": Wording("Part de TVA inhabituelle", "Unusual share of VAT"),
    "vat-where-exempt": Wording("TVA malgré l'exonération", "VAT though exempt"),
    "mixed-signs": Wording("Signes mélangés", "Mixed signs"),
    "unknown-currency": Wording("Devise inconnue", "Unknown currency"),
    "future-date": Wording("Date dans le futur", "Date in the future"),
    "old-invoice": Wording("Facture ancienne", "Old invoice"),
    "due-before-issue": Wording("Échéance avant la facture", "Due before it was issued"),
    "seller-vat-id": Wording("N° de TVA du vendeur faux", "Seller's VAT id is wrong"),
    "vat-id-siren": Wording("N° de TVA et SIREN différents", "VAT id and SIREN differ"),
    "siren": Wording("SIREN faux", "SIREN is wrong"),
    "siret": Wording("SIRET faux", "SIRET is wrong"),
    "siret-siren": Wording("SIRET et SIREN différents", "SIRET and SIREN differ"),
    "iban": Wording("IBAN faux", "IBAN is wrong"),
    "changed-iban": Wording("Compte bancaire changé", "Changed bank account"),
    "same-party": Wording("Vendeur et acheteur identiques", "Seller and buyer are the same"),
    "supplier-contradiction": Wording("Contraire au fournisseur connu", "Contradicts the known supplier"),
    "supplier-inactive": Wording("Fournisseur désactivé", "Supplier switched off"),
    "order-amount-differs": Wording("Montant différent de la commande", "Amount differs from the order"),
    "order-price-differs": Wording("Prix différent de la commande", "Price differs from the order"),
    "order-supplier-differs": Wording("Commande d'un autre fournisseur", "Order of another supplier"),
    "nothing-read": Wording("Rien de lisible", "Nothing could be read"),
    "broken-pdf": Wording("PDF endommagé", "Damaged PDF"),
    "broken-image": Wording("Image endommagée", "Damaged picture"),
    "encrypted-pdf": Wording("PDF protégé", "Protected PDF"),
    "too-many-pages": Wording("Trop de pages", "Too many pages"),
    "too-many-pixels": Wording("Image trop grande", "Picture too large"),
    "page-too-complex": Wording("Page trop complexe", "Page too complex"),
    "page-not-drawn": Wording("Page illisible", "Page cannot be drawn"),
    "page-count-differs": Wording("Nombre de pages douteux", "Doubtful number of pages"),
    "ocr-failed": Wording("OCR en échec", "OCR failed"),
    "ocr-nonsense": Wording("OCR incohérent", "OCR gave nonsense"),
    "ocr-timeout": Wording("OCR trop long", "OCR took too long"),
    "document-timeout": Wording("Lecture trop longue", "Reading took too long"),
    "second-reader-failed": Wording("Second lecteur en échec", "Second reader failed"),
    "second-reader-missing": Wording("Second lecteur absent", "No second reader"),
    "rules-failed": Wording("Règles en échec", "Rules failed"),
    "reader-failed": Wording("Lecture en échec", "Reading failed"),
    "reader-timeout": Wording("Lecture trop longue", "Reading took too long"),
    "reader-died": Wording("Lecture interrompue", "Reading broke off"),
}
