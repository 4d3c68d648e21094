"""Why no VAT is charged: reason and code of the VATEX list by VAT category."""

from schemas import Party

_EXEMPTIONS = {
    "AE": ("Reverse charge", "VATEX-EU-AE"),
    "K": ("Intra-community supply", "VATEX-EU-IC"),
    "G": ("Export outside the EU", "VATEX-EU-G"),
    "O": ("Not subject to VAT", "VATEX-EU-O"),
    "E": ("Exempt from VAT", ""),
}
_FRANCHISE = ("TVA non applicable, art. 293 B du CGI", "VATEX-FR-FRANCHISE")


def exemption_of(category: str | None, seller: Party) -> tuple[str, str]:
    """Reason (BT-120) and code (BT-121) of a category; empty texts when VAT is charged.

    A French seller without a VAT id that charges none is under the small business scheme.
    """
    if category == "E" and seller.country == "FR" and seller.vat_id is None:
        return _FRANCHISE
    return _EXEMPTIONS.get(category or "", ("", ""))
