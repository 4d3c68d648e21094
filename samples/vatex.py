"""Why no VAT is charged: reason and code of the VATEX list by VAT category."""

_EXEMPTIONS = {
    "AE": ("Reverse charge", "VATEX-EU-AE"),
    "K": ("Intra-community supply", "VATEX-EU-IC"),
    "E": ("TVA non applicable, art. 293 B du CGI", "VATEX-FR-FRANCHISE"),
}


def exemption_of(category: str | None) -> tuple[str, str]:
    """Reason (BT-120) and code (BT-121) of a category; empty texts when VAT is charged."""
    return _EXEMPTIONS.get(category or "", ("", ""))
