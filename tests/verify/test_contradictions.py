"""Values that the picture of their page does not show."""

import io
import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from pipeline.settings import Settings
from pipeline.understand import understand
from pipeline.verify.contradictions import RULE, find_contradictions
from samples.lies import remap_digits
from schemas import Draft, EvidenceKind, FieldName, MediaType, Severity
from tests.verify.conftest import (
    INVOICE,
    LEADING,
    LEFT,
    SIZE,
    TOP,
    drawn_line,
    invoice_pdf,
    record_with,
    total_of,
    witness,
)

NATIVE = Path(__file__).parents[2] / "samples" / "set" / "native-fr-1.pdf"
TEXT = witness(EvidenceKind.TEXT_LAYER)
XML = witness(EvidenceKind.XML)
SECOND_AGAINST = witness(EvidenceKind.SECOND_READER, "'820,00' (0.99)", against=True)
OCR_AGAINST = witness(EvidenceKind.OCR, "'820,00' (0.95)", against=True)


@pytest.mark.parametrize(("told", "source"), [(TEXT, "text layer"), (XML, "e-invoice")])
def test_a_value_that_its_picture_does_not_show_is_an_error(told, source) -> None:
    """The finding says what the document says and what is to be seen."""
    (finding,) = find_contradictions(record_with(total_of("720.00", told, SECOND_AGAINST)))
    assert (finding.rule, finding.severity, finding.fields) == (RULE, Severity.ERROR, (FieldName.GROSS_TOTAL,))
    assert source in finding.message
    assert "720.00" in finding.message
    assert "820,00" in finding.message


@pytest.mark.parametrize(
    "evidence",
    [
        (TEXT,),
        (TEXT, witness(EvidenceKind.SECOND_READER)),
        (TEXT, SECOND_AGAINST, witness(EvidenceKind.OCR)),  # the umpire saw the value
        (witness(EvidenceKind.OCR, "0.97"), SECOND_AGAINST),  # a misread scan deceives nobody
        (TEXT, witness(EvidenceKind.LABEL, against=True)),
    ],
)
def test_a_value_that_one_reader_saw_is_no_contradiction(evidence) -> None:
    """Nor is one that was not looked at, or that was read from pixels in the first place."""
    assert find_contradictions(record_with(total_of("720.00", *evidence))) == ()


def test_two_readers_against_a_value_are_one_finding() -> None:
    """With what the first of them saw."""
    record = record_with(total_of("720.00", TEXT, SECOND_AGAINST, OCR_AGAINST))
    assert len(find_contradictions(record)) == 1


# --- the whole way, with the real readers --------------------------------------------------------------------------

TOTAL_ROW = INVOICE.index("Total TTC 720,00 EUR")
HONEST = "Total TTC 820,00 EUR"
BASELINE = 842 - TOP - TOTAL_ROW * LEADING


def drafts(content: bytes, folder: Path) -> Draft:
    path = folder / "invoice.pdf"
    path.write_bytes(content)
    (draft,) = understand(path, MediaType.PDF, Settings(home=folder))
    return draft


def rules(draft: Draft) -> set[str]:
    return {finding.rule for finding in draft.findings if finding.severity is Severity.ERROR}


def patch(honest: str = HONEST) -> tuple[str, dict[str, np.ndarray]]:
    """Operators that lay a picture of another row over the row of the total."""
    pixels = drawn_line(honest, height=48, margin=0)
    height, width = pixels.shape
    tall = SIZE * 1.0
    place = f"{tall * width / height:.2f} 0 0 {tall:.2f} {LEFT} {BASELINE - 2} cm"
    blank = f"1 g {LEFT - 2} {BASELINE - 6} 300 {LEADING - 4} re f"
    return f"q {blank} Q q {place} /Im Do Q", {"Im": pixels}


def test_an_honest_text_layer_is_not_contradicted(native_pdf: bytes, tmp_path: Path) -> None:
    """Every posting-critical value that stands somewhere was seen by the second reader too."""
    draft = drafts(native_pdf, tmp_path)
    assert RULE not in rules(draft)
    assert draft.record.value(FieldName.GROSS_TOTAL) == Decimal("720.00")
    placed = [field for field in draft.record.fields.values() if field.box and field.name is not FieldName.CURRENCY]
    seen = {
        field.name
        for field in placed
        for one in field.evidence
        if one.kind is EvidenceKind.SECOND_READER and one.supports
    }
    assert {FieldName.INVOICE_NUMBER, FieldName.ISSUE_DATE, FieldName.NET_TOTAL, FieldName.GROSS_TOTAL} <= seen


def test_a_picture_laid_over_the_total_is_found_out(tmp_path: Path) -> None:
    """The text layer says 720, a person sees 820."""
    operators, images = patch()
    draft = drafts(invoice_pdf(after=operators, images=images), tmp_path)
    assert draft.record.value(FieldName.GROSS_TOTAL) == Decimal("720.00")
    assert RULE in rules(draft)


@pytest.mark.parametrize("hidden", ["/Alpha gs", "/OC /Layer BDC", "3 Tr", "1 g"])
def test_hidden_text_over_another_total_never_passes(hidden: str, tmp_path: Path) -> None:
    """Transparent, in a layer that is off, invisible, or white: the lie is not read, or it is found out."""
    lines = list(INVOICE)
    lines[TOTAL_ROW] = ""
    operators, images = patch()
    end = "EMC" if "BDC" in hidden else ""
    lie = f"q {hidden} BT /F1 {SIZE} Tf {LEFT} {BASELINE} Td (Total TTC 720,00 EUR) Tj ET {end} Q"
    with pikepdf.open(io.BytesIO(invoice_pdf(lines, after=f"{operators} {lie}", images=images))) as document:
        layer = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("Layer")))
        document.Root.OCProperties = pikepdf.Dictionary(
            OCGs=pikepdf.Array([layer]), D=pikepdf.Dictionary(OFF=pikepdf.Array([layer]))
        )
        resources = document.pages[0].Resources
        resources.Properties = pikepdf.Dictionary(Layer=layer)
        resources.ExtGState = pikepdf.Dictionary(Alpha=pikepdf.Dictionary(ca=0, CA=0))
        out = io.BytesIO()
        document.save(out)
    draft = drafts(out.getvalue(), tmp_path)
    field = draft.record.fields[FieldName.GROSS_TOTAL]
    was_fooled = field.value == Decimal("720.00") and bool(field.raw)
    assert not was_fooled or RULE in rules(draft)


def test_a_font_that_draws_other_digits_is_found_out(tmp_path: Path) -> None:
    """The text layer swaps two digits of the total that the page shows."""
    truth = next(
        line
        for line in map(json.loads, (NATIVE.parent / "truth.jsonl").read_text("utf-8").splitlines())
        if line["file"] == NATIVE.name
    )
    first = truth["fields"]["gross_total"][0]
    second = str((int(first) + 1) % 10)
    draft = drafts(remap_digits(NATIVE.read_bytes(), {first: second, second: first}), tmp_path)
    assert draft.record.value(FieldName.GROSS_TOTAL) != Decimal(truth["fields"]["gross_total"])
    assert RULE in rules(draft)
