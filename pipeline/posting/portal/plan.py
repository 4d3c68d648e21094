"""The small chart of accounts and the VAT codes of the portal."""

from decimal import Decimal
from typing import NamedTuple


class VatCode(NamedTuple):
    """A VAT code: what it is called, its rate in per cent, the account of the deductible VAT."""

    label: str
    rate: Decimal
    account: str
    due: str = ""
    """Where a reverse charge is owed; what is deducted at the home rate is owed there."""


VAT_CODES: dict[str, VatCode] = {
    "D200": VatCode("Déductible 20 %", Decimal(20), "445660"),
    "D100": VatCode("Déductible 10 %", Decimal(10), "445660"),
    "D055": VatCode("Déductible 5,5 %", Decimal("5.5"), "445660"),
    "D021": VatCode("Déductible 2,1 %", Decimal("2.1"), "445660"),
    "EXO": VatCode("Sans TVA", Decimal(0), "445660"),
    "AUTO": VatCode("Autoliquidation", Decimal(0), "445662", "445200"),
}

HOME_RATE = Decimal(20)

ACCOUNTS: dict[str, str] = {
    "601000": "Matières premières",
    "606100": "Énergie et fluides",
    "606300": "Petit équipement",
    "606400": "Fournitures administratives",
    "607000": "Marchandises",
    "611000": "Sous-traitance",
    "613200": "Locations immobilières",
    "613500": "Locations mobilières",
    "615000": "Entretien et réparations",
    "616000": "Assurances",
    "618000": "Divers services",
    "622600": "Honoraires",
    "623000": "Publicité",
    "624000": "Transports",
    "625000": "Déplacements",
    "626000": "Postes et télécommunications",
    "627000": "Services bancaires",
}
"""Names of usual accounts (PCG); others are taken too, as long as they begin like `BOOKED_ON`."""

BOOKED_ON = ("2", "409", "445", "6", "7")
"""Assets, advances to suppliers, VAT, expenses, and what is granted: discounts stand on 765 (PCG)."""


def account_label(account: str) -> str:
    """What an account is called."""
    return ACCOUNTS.get(account, f"Compte {account}")
