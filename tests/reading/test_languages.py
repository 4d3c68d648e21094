import pytest

from pipeline.reading.languages import COMMON_WORDS, vote

TEXTS = {
    "fra": "Facture pour la livraison des produits, date et montant de la TVA, règlement sous trente jours",
    "eng": "Invoice for the delivery of goods, date and amount of the VAT, payment is due to this account",
    "deu": "Rechnung für die Lieferung der Waren, Datum und Betrag der Steuer, bitte zahlen Sie mit der Nummer",
    "spa": "Factura por la entrega de los productos, fecha e importe del IVA, una dirección para el pago",
    "ita": "Fattura per la consegna dei prodotti, data e importo della imposta, con il pagamento alla scadenza",
    "nld": "Factuur voor de levering van het product, datum en bedrag van de btw, wij zijn met u een klant",
}


@pytest.mark.parametrize("code", COMMON_WORDS)
def test_each_language_is_told(code: str):
    """A sentence of an invoice tells its language."""
    assert vote(TEXTS[code].split(), COMMON_WORDS) == code


def test_few_words_tell_nothing():
    """Without enough common words there is no winner."""
    assert vote(["facture", "4711", "total"], COMMON_WORDS) is None


def test_only_configured_languages_can_win():
    """A language that is not configured is never the answer."""
    assert vote(TEXTS["deu"].split(), ("fra", "eng")) is None


def test_no_language_wins_without_a_clear_lead():
    """Two languages on one page, half and half, give no winner."""
    assert vote("la date et le prix, das Datum und der Preis".split(), ("fra", "deu")) is None
