"""A correction makes a new record and leaves the old one."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.correct import (
    EMPTY,
    NotReadable,
    changes,
    confirmed,
    correct,
    errors_of,
    hidden,
    is_changed,
    preview,
    remaining,
    sums_of,
)
from pipeline.review.keyed import line_text, text_of, vat_text
from pipeline.validate.duplicates import duplicate_finding
from schemas import (
    Box,
    EvidenceKind,
    Field,
    FieldName,
    FieldStatus,
    Outcome,
    Reason,
    Record,
    Review,
    VatBreakdown,
)
from schemas.edits import ENGLISH, FRENCH, Edits, LineText, Typed, VatText

TODAY = date(2026, 3, 5)
texts = st.text(max_size=12) | st.sampled_from(("120,00", "31/12/2026", "EUR", "", "FR76 3000 6000 0112 3456 7890 189"))
edits = st.builds(
    Edits,
    fields=st.dictionaries(st.sampled_from(FieldName), texts.map(lambda text: Typed(text=text)), max_size=5),
    lines=st.none() | st.lists(st.builds(LineText, quantity=texts, net_amount=texts, description=texts), max_size=3),
    taxes=st.none() | st.lists(st.builds(VatText, rate=texts, amount=texts), max_size=2),
    notation=st.sampled_from((FRENCH, ENGLISH)),
)


def as_shown(record: Record) -> Edits:
    """Everything typed again as it is shown."""
    return Edits(
        fields={name: Typed(text=text_of(field.value, FRENCH)) for name, field in record.fields.items()},
        lines=tuple(line_text(line, FRENCH) for line in record.lines),
        taxes=tuple(vat_text(row, FRENCH) for row in record.vat_breakdown),
    )


def test_what_was_typed_counts_and_the_rest_stays(make_record):
    """The field carries the person as its witness, its old value among nothing else."""
    before = make_record()
    after = correct(before, Edits(fields={FieldName.GROSS_TOTAL: Typed(text="121,5")}), TODAY, "anne")
    assert changes(before, after) == ((FieldName.GROSS_TOTAL, Decimal("120.00"), Decimal("121.5")),)
    field = after.fields[FieldName.GROSS_TOTAL]
    assert (field.status, field.raw, field.confidence) == (FieldStatus.CORRECTED, "121,5", 1.0)
    assert [(one.kind, one.detail) for one in field.evidence] == [(EvidenceKind.PERSON, "anne typed it")]
    assert before.value(FieldName.GROSS_TOTAL) == Decimal("120.00")


def test_a_value_taken_from_the_page_keeps_its_place(make_record):
    """So that the next invoice is looked at there."""
    box = Box(x0=1, y0=2, x1=3, y1=4)
    typed = Edits(fields={FieldName.PO_NUMBER: Typed(text="BC 7", page=1, box=box)})
    field = correct(make_record(), typed, TODAY, "anne").fields[FieldName.PO_NUMBER]
    assert (field.value, field.page, field.box) == ("BC 7", 1, box)


def test_an_emptied_field_is_missing_and_says_who_says_so(make_record):
    """Absence has a witness too."""
    after = correct(make_record(), Edits(fields={FieldName.BUYER_NAME: Typed(text=" ")}), TODAY, "anne")
    field = after.fields[FieldName.BUYER_NAME]
    assert (field.status, field.evidence[0].detail) == (FieldStatus.MISSING, "anne said it is absent")


def test_what_cannot_be_read_is_named_and_nothing_is_made_of_it(make_record):
    """The preview shows all mistakes at once, the decision refuses them."""
    wrong = Edits(
        fields={FieldName.NET_TOTAL: Typed(text="ten")},
        lines=(LineText(), LineText(quantity="?")),
        taxes=(VatText(rate="x"),),
    )
    shown = preview(make_record(), wrong, TODAY)
    assert [one.where for one in shown.mistakes] == ["net_total", "lines.1.quantity", "taxes.0.rate"]
    assert shown.record.value(FieldName.NET_TOTAL) == Decimal("100.00")
    with pytest.raises(NotReadable, match=r"lines\.1\.quantity"):
        correct(make_record(), wrong, TODAY, "anne")


def test_the_live_check_is_the_check_of_the_decision(make_record):
    """Sums and findings follow what is typed."""
    shown = preview(make_record(), Edits(fields={FieldName.GROSS_TOTAL: Typed(text="125")}), TODAY)
    assert "gross-total" in {finding.rule for finding in shown.findings}
    assert (shown.sums.gross, shown.sums.missing_gross) == (Decimal("120.00"), Decimal("5.00"))
    mended = preview(shown.record, Edits(fields={FieldName.GROSS_TOTAL: Typed(text="120")}), TODAY)
    assert errors_of(mended.findings) == ()
    assert mended.sums.missing_gross == 0


def test_sums_of_unknown_parts_are_unknown():
    """Half a table has no sum."""
    rows = (VatBreakdown(rate=Decimal(20), amount=Decimal(4)), VatBreakdown(rate=Decimal(10)))
    found = sums_of(Record(fields={}, vat_breakdown=rows))
    assert (found.taxes, found.lines, found.gross, found.missing_gross) == (None, None, None, None)


def test_a_confirmed_record_has_no_doubt_left(make_record):
    """Fields that a person left are confirmed, those he typed stay corrected."""
    typed = Edits(fields={FieldName.INVOICE_NUMBER: Typed(text="X")})
    done = confirmed(correct(make_record(), typed, TODAY, "anne"), "anne")
    statuses = {field.status for field in done.fields.values()}
    assert statuses == {FieldStatus.CONFIRMED, FieldStatus.CORRECTED, FieldStatus.MISSING}
    assert done.risk is None
    assert all(field.confidence == 1.0 for field in done.fields.values() if field.value is not None)


def test_what_only_the_machine_can_find_stays(make_record):
    """A duplicate does not go away by typing, a wrong sum does."""
    record = make_record(gross_total=Decimal(125))
    found = (*preview(record, Edits(), TODAY).findings, duplicate_finding("abc"))
    outcome = Outcome(record=record, findings=found, decision=Review(reasons=(Reason(code="x", message="x"),)))
    assert {"duplicate", "gross-total"} <= {one.rule for one in remaining(outcome, record, TODAY)}
    mended = make_record()
    assert [one.rule for one in errors_of(remaining(outcome, mended, TODAY))] == ["duplicate"]


def test_a_hidden_field_leaves_no_trace(make_record):
    """Neither value nor rivals nor place."""
    record = make_record()
    shown = hidden(record, (FieldName.INVOICE_NUMBER,))
    assert shown.fields[FieldName.INVOICE_NUMBER] == Field(name=FieldName.INVOICE_NUMBER, status=FieldStatus.MISSING)
    assert "FA-2026-0012" not in shown.model_dump_json()


@given(edits)
def test_whatever_is_typed_makes_a_valid_record_or_names_its_mistakes(typed):
    """Live validation never fails, and only what was typed can change."""
    shown = preview(EMPTY, typed, TODAY)
    assert Record.model_validate_json(shown.record.model_dump_json()) == shown.record
    assert {one.field for one in changes(EMPTY, shown.record)} <= set(typed.fields)


@given(edits)
def test_to_type_again_what_is_shown_changes_nothing(typed):
    """A second look at a record that a person made leaves it as it is."""
    record = preview(EMPTY, typed, TODAY).record
    again = preview(record, as_shown(record), TODAY)
    assert not again.mistakes
    assert not is_changed(record, again.record)
