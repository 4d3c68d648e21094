"""Units as printed become codes of UN/ECE recommendation 20 (BT-130)."""

import re

from pipeline.extract.labels import plain

ONE = "C62"
_WORDS = {
    "HUR": "h hr hrs heure heures hour hours std stunde stunden",
    "DAY": "j jour jours jr jrs day days tag tage",
    "MON": "mois month months monat monate",
    "ANN": "an ans annee annees year years jahr jahre",
    "KGM": "kg kilo kilos kilogramme kilogrammes",
    "GRM": "g gr gramme grammes",
    "TNE": "t tonne tonnes to",
    "LTR": "l litre litres liter ltr",
    "MTR": "m metre metres meter ml",
    "MTK": "m2 qm sqm",
    "MTQ": "m3 cbm",
    "KMT": "km",
    "KWH": "kwh",
    "MWH": "mwh",
    "MIN": "min minute minutes",
}
_CODES = {word: code for code, words in _WORDS.items() for word in words.split()}
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_KNOWN = frozenset("C62 H87 EA XPK XBX XPP XCT PR SET NPR LS E48 P1 DZN MLT CMT MMT".split()) | frozenset(_WORDS)


def unit_code(unit: str | None) -> str:
    """The code of a unit, `ONE` for one that is not known."""
    if unit and _CODE.fullmatch(unit) and unit in _KNOWN:
        return unit
    said = plain(unit or "").translate(str.maketrans("²³", "23")).strip(" .")
    return _CODES.get(said, ONE)
