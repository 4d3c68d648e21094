"""The language of a text is told from its commonest words."""

import re
from collections import Counter
from collections.abc import Iterable

COMMON_WORDS: dict[str, frozenset[str]] = {
    "fra": frozenset(
        "le la les des du une est et pour par sur dans avec votre vos nous vous au aux ce cette qui que sont pas "
        "facture montant date échéance règlement paiement désignation quantité prix unitaire total tva ht ttc client "
        "adresse numéro à société".split()
    ),
    "eng": frozenset(
        "the of and to for is in on with your our you we by this that are be not from at any "
        "invoice amount date due payment description quantity price unit total vat tax customer address number "
        "bill ship subtotal terms thank".split()
    ),
    "deu": frozenset(
        "der die das und für mit von zu den dem ist im auf bei wir sie ihre ihr nach bitte nicht als zum zur "
        "rechnung betrag datum zahlung bezeichnung menge preis einzelpreis gesamt gesamtbetrag mwst ust kunde "
        "netto brutto steuer lieferung nummer".split()
    ),
    "spa": frozenset(
        "el los las del una y para por con su sus en es que al se este esta no como son "
        "factura importe fecha vencimiento pago descripción cantidad precio unitario iva cliente base imponible "
        "dirección número concepto".split()
    ),
    "ita": frozenset(
        "il lo gli della dei delle di e per con una da che nel sono al si non alla questo come "
        "fattura importo data scadenza pagamento descrizione quantità prezzo unitario totale iva cliente "
        "imponibile indirizzo numero spett".split()
    ),
    "nld": frozenset(
        "de het een en van voor met op te is uw wij u aan bij niet dit deze naar zijn "
        "factuur bedrag datum vervaldatum betaling omschrijving aantal prijs totaal btw klant excl incl "
        "factuurnummer adres nummer".split()
    ),
}
"""By Tesseract's language codes: function words, and words that every invoice has."""

FEWEST_VOTES = 6
CLEAR_LEAD = 1.5
"""How many times the votes of the second a language needs to have won."""
_LETTERS = re.compile(r"[^\W\d_]+")


def vote(texts: Iterable[str], among: Iterable[str]) -> str | None:
    """The Tesseract code, of those in `among`, of the language that clearly wins; None without a clear winner."""
    seen = Counter(run.lower() for text in texts for run in _LETTERS.findall(text))
    votes = {code: sum(seen[word] for word in COMMON_WORDS.get(code, ())) for code in among}
    ranked = sorted(votes.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < FEWEST_VOTES:
        return None
    if len(ranked) > 1 and ranked[0][1] < CLEAR_LEAD * ranked[1][1]:
        return None
    return ranked[0][0]
