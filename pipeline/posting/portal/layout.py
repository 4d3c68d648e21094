"""The two layouts of the screens: names of the fields, their order, their wording."""

from collections.abc import Mapping
from typing import NamedTuple


class Layout(NamedTuple):
    """What a version of the screens calls its fields and buttons. The names are ids and form names at once."""

    names: Mapping[str, str]
    labels: Mapping[str, str]
    header: tuple[str, ...]

    def read(self, form: Mapping[str, object], key: str) -> str:
        """What was keyed into a field."""
        value = form.get(self.names[key], "")
        return value.strip() if isinstance(value, str) else ""


_KEYS = "supplier kind invoice issued due currency reference account centre label net code file post confirm".split()

FIRST = Layout(
    names=dict(
        zip(
            _KEYS,
            "fournisseur type numero date-piece echeance devise reference compte section libelle montant-ht code-tva "
            "fichier comptabiliser confirmer".split(),
            strict=True,
        )
    ),
    labels={
        "supplier": "Fournisseur", "kind": "Type de pièce", "invoice": "Numéro de facture", "issued": "Date de pièce",
        "due": "Échéance", "currency": "Devise", "reference": "Référence externe", "account": "Compte",
        "centre": "Section", "label": "Libellé", "net": "Montant HT", "code": "Code TVA", "file": "Pièce jointe",
        "post": "Comptabiliser", "confirm": "Oui, comptabiliser",
    },
    header=("supplier", "kind", "invoice", "issued", "due", "currency", "reference"),
)  # fmt: skip

SECOND = Layout(
    names={key: f"fld_{at:02}" for at, key in enumerate(_KEYS, 10)},
    labels={
        "supplier": "Tiers", "kind": "Nature", "invoice": "N° document", "issued": "Émise le", "due": "À payer le",
        "currency": "Monnaie", "reference": "Réf. import", "account": "Imputation", "centre": "Axe analytique",
        "label": "Désignation", "net": "Base", "code": "Taxe", "file": "Justificatif", "post": "Valider la pièce",
        "confirm": "Valider définitivement",
    },
    header=("issued", "due", "reference", "invoice", "kind", "supplier", "currency"),
)  # fmt: skip

LAYOUTS = {1: FIRST, 2: SECOND}
