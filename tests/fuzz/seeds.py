"""Where fuzzing begins: texts as invoices print them, small e-invoices, and the words that parsers know."""

import re
from pathlib import Path

from babel.dates import get_month_names

from pipeline.extract.data import load_data
from pipeline.extract.parsing import CURRENCY_CODES, CURRENCY_SIGNS, LANGUAGES
from tests.reading.einvoice.conftest import CII, UBL

AMOUNTS = (
    "1 234,56 €", "1.234,56 EUR", "1,234.56", "CHF 1'234.50", "-12,00", "(119.00)", "12.-", "0,005", "TVA 20,00 %",
    "EUR12.50", "1.234", "$ 1,000", "12,34-", "١١٩.٠٠", "1\u202f234,5", "USD 12", "5,5%", ".50", "1.471,60",
)  # fmt: skip
DATES = (
    "31/01/2026", "2026-01-31", "1er janvier 2026", "31 janv. 2026", "Jan 31st, 2026", "31. Januar 2026", "20260131",
    "31 01 2026", "03/04/26", "2026 feb 3", "12 de marzo de 2026", "3 maart 2026", "31.12.2025 - 31.01.2026",
    "Escompte 2 % sous 10 jours, net 30 jours",
)  # fmt: skip
LABELS = (
    "Facture n° FA-2026-017\tDate 31/01/2026", "Total HT 1 000,00 €\nTVA 20 % 200,00 €\nTotal TTC 1 200,00 €",
    "Invoice No.123\nDue date: 2026-02-28", "IBAN FR76 3000 6000 0112 3456 7890 189 BIC AGRIFRPP",
    "SIRET 732 829 320 00074 TVA FR44732829320", "Rechnungsnummer: 4711\nGesamtbetrag EUR 119,00",
    "Net à payer\n1 200,00", "F A C T U R E\nN° 7", "PO 7788\tYour ref. A/1",
)  # fmt: skip
TEXTS = {"amounts": AMOUNTS, "dates": DATES, "labels": LABELS}


def write_seeds(name: str, folder: Path) -> None:
    """One file a seed, for a corpus."""
    for number, content in enumerate(seeds_of(name)):
        (folder / f"seed-{number:02d}").write_bytes(content)


def seeds_of(name: str) -> tuple[bytes, ...]:
    """The seeds of a target."""
    if name == "xml":
        return CII.encode(), UBL.encode(), b"\1\0\5\x20119,00", b"\1\1\x09\x312026-13-01", b"\1\1\x42\x40\x42\x50"
    return tuple(text.encode() for text in TEXTS[name])


def words_of(name: str) -> list[str]:
    """The words that lead further into a target: libFuzzer's dictionary."""
    known = {"amounts": _money, "dates": _months, "labels": _phrases, "xml": _markup}[name]()
    return sorted(word for word in known if word)


def _money() -> set[str]:
    return {*CURRENCY_CODES, *CURRENCY_SIGNS, "\u202f", "\u00a0", "’", "−", "./.", "%", "１", "٣"}


def _months() -> set[str]:
    names = (get_month_names(width, locale=language) for language in LANGUAGES for width in ("wide", "abbreviated"))
    return {name for months in names for name in months.values()} | {"1er", "2nd", "º", "2026", "1999"}


def _phrases() -> set[str]:
    wordings = (
        wording
        for entry in load_data("labels.yaml").values()
        for language, wordings in entry.items()
        if language != "expects"
        for wording in wordings
    )
    return {wording.lstrip("*") for wording in wordings} | _money()


def _markup() -> set[str]:
    """Tags, attributes and values of both syntaxes, and what XML does besides."""
    found = {
        match for text in (CII, UBL) for match in re.findall(r"</?[\w:]+>?|\w+=\"[^\"]*\"|(?<=>)[^<>\s]+(?=<)", text)
    }
    return found | {
        "<!DOCTYPE a [", "<!ENTITY a 'b'>", "&a;", "&#0;", "&#x1F;", "<![CDATA[", "]]>", "<!--", "-->", "<?xml ", "?>",
        'encoding="UTF-16"', 'encoding="UTF-7"', "\ufeff", "xmlns:a='b'", "xml:base='file:///'", "NaN", "1E9", "-0.00",
        "99999999999999999999", "20269999", "0000-00-00",
    }  # fmt: skip
