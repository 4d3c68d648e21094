"""Company numbers that a page names as such and whose check digits are wrong.

A reader that looks for valid numbers passes them over. On a scan one reader may err: two must see the same number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from stdnum.fr import siren, siret

from pipeline.extract.candidates import Sheet, scores_for, survey
from pipeline.extract.layout import TextLine
from pipeline.extract.spans import Span
from pipeline.ports import StripReader
from pipeline.reading.strips import cut_out
from pipeline.validate.finding import error
from pipeline.validate.identifiers import plain, siren_in_vat_id
from pipeline.verify.compare import agrees
from pipeline.verify.pictures import Pictures
from schemas import FieldName, Finding, Page, Record, TextSource

LEAST_STRENGTH = 0.6
"""A number that stands worse to a label is not named by it."""
_DIGITS = re.compile(r"(?<![\w.,/-])\d{3}[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{5}|[ .]?\d{3}[ .]?\d{2})?(?![\w,/-]|\.\d)")
"""Nine or fourteen digits, grouped as INSEE does; "CHE-123.456.789" is a Swiss number."""
_SIRET_LENGTH = 14


def find_wrong_numbers(
    record: Record, pages: Sequence[Page], pictures: Pictures, reader: StripReader | None
) -> tuple[Finding, ...]:
    """An error finding for each number named SIRET or SIREN that is none, and for a VAT id that was passed over.

    The buyer's is left out where its VAT id tells it. Without a `reader` scans are not judged.
    """
    by_number = {page.number: page for page in pages}
    found = {(name, str(span.value)): span for name, span in _wrong(survey(pages), record)}
    return tuple(
        error(_RULES[name], f"The {_NAMES[name]} {value} has a wrong check digit.", name)
        for (name, value), span in found.items()
        if _is_certain(name, span, by_number[span.page], pictures, reader)
    )


_RULES = {FieldName.SELLER_SIRET: "siret", FieldName.SELLER_SIREN: "siren", FieldName.SELLER_VAT_ID: "seller-vat-id"}
_NAMES = {FieldName.SELLER_SIRET: "SIRET", FieldName.SELLER_SIREN: "SIREN", FieldName.SELLER_VAT_ID: "VAT id"}


def _wrong(sheet: Sheet, record: Record) -> Iterator[tuple[FieldName, Span]]:
    """Numbers that a label names and whose check digits are wrong, without those that a rule on the record judges."""
    vat_id = plain(record.value(FieldName.SELLER_VAT_ID))
    invalid = tuple(span for line in sheet.lines for span in _invalid_on(line))
    if invalid and vat_id[:2] in {"", "FR"}:
        named = replace(sheet, spans=(*sheet.spans, *invalid))
        buyer = siren_in_vat_id(record.value(FieldName.BUYER_VAT_ID))
        for name in (FieldName.SELLER_SIRET, FieldName.SELLER_SIREN):
            for span in _named(named, name):
                if span in invalid and span.kind == name.removeprefix("seller_") and str(span.value)[:9] != buyer:
                    yield name, span
    if not vat_id:
        buyer_vat_id = plain(record.value(FieldName.BUYER_VAT_ID))
        for span in _named(sheet, FieldName.SELLER_VAT_ID):
            if span.kind == "vat_id" and not span.valid and span.value != buyer_vat_id:
                yield FieldName.SELLER_VAT_ID, span


def _named(sheet: Sheet, name: FieldName) -> Iterator[Span]:
    return (span for span, link in scores_for(sheet, name).items() if link.strength >= LEAST_STRENGTH)


def _invalid_on(line: TextLine) -> Iterator[Span]:
    for match in _DIGITS.finditer(line.text):
        digits = re.sub(r"\D", "", match[0])
        is_siret = len(digits) == _SIRET_LENGTH
        if not (siret if is_siret else siren).is_valid(digits):
            words = line.words_between(match.start(), match.end())
            yield Span("siret" if is_siret else "siren", digits, line, *words, valid=False)


def _is_certain(name: FieldName, span: Span, page: Page, pictures: Pictures, reader: StripReader | None) -> bool:
    """A text layer says what it says; what one reader saw on a picture another must see too."""
    if page.source is TextSource.TEXT_LAYER:
        return True
    if reader is None:
        return False
    picture = pictures.of(page)
    (strip,) = reader.read_strips([cut_out(picture.pixels, span.box.scaled(picture.dpi / 72))])
    return agrees(name, span.value, span.raw, strip.text) is True
