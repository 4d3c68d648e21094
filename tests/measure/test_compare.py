"""Each field and line gets the verdict it deserves."""

from decimal import Decimal

import pytest

from pipeline.measure.cases import Guess, Prediction, Truth
from pipeline.measure.compare import same_line, same_tax, score_fields, score_lines, score_taxes
from pipeline.measure.scores import Counts
from schemas import FieldName, InvoiceLine, VatBreakdown

NUMBER, IBAN = FieldName.INVOICE_NUMBER, FieldName.IBAN


def verdicts(truth: Truth, **said: str | None) -> dict[str, str]:
    fields = {FieldName(name): Guess(value=value) for name, value in said.items()}
    return {one.name: one.verdict for one in score_fields(truth, Prediction(file=truth.file, fields=fields))}


def test_right_wrong_missed_and_spurious() -> None:
    """The four ways in which a known field can come out."""
    truth = Truth(
        file="a",
        fields={
            NUMBER: "F-1",
            FieldName.GROSS_TOTAL: "12.00",
            FieldName.ISSUE_DATE: "2026-01-02",
            FieldName.PO_NUMBER: None,
        },
    )
    assert verdicts(truth, invoice_number="f 1", gross_total="12.01", po_number="77") == {
        "invoice_number": "right",
        "gross_total": "wrong",
        "issue_date": "missed",
        "po_number": "spurious",
    }


def test_an_unknown_field_is_not_scored() -> None:
    """What the truth does not know can be neither right nor wrong."""
    assert verdicts(Truth(file="a", fields={}), invoice_number="1") == {}


def test_a_field_that_is_not_there_and_not_said_is_not_scored() -> None:
    """True negatives do not polish the figures."""
    assert verdicts(Truth(file="a", fields={IBAN: None})) == {}


@pytest.mark.parametrize(("from_xml", "scored"), [(False, 0), (True, 1)])
def test_a_hidden_field_counts_only_when_the_xml_was_read(from_xml: bool, scored: int) -> None:
    """Nobody can read from the page what is not on it."""
    truth = Truth(file="a", fields={IBAN: "FR76"}, hidden=frozenset({IBAN}))
    said = Prediction(file="a", fields={IBAN: Guess(value="FR76", from_xml=from_xml)})
    assert len(score_fields(truth, said)) == scored


def test_a_prediction_that_is_no_date_is_wrong_not_a_crash() -> None:
    """Predictions may come from other programs."""
    assert verdicts(Truth(file="a", fields={FieldName.ISSUE_DATE: "2026-01-02"}), issue_date="soon") == {
        "issue_date": "wrong"
    }


def line(net: str | None = "10", text: str | None = "Blue pen", quantity: str = "2", price: str = "5") -> InvoiceLine:
    return InvoiceLine(
        net_amount=None if net is None else Decimal(net),
        description=text,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
    )


@pytest.mark.parametrize(
    ("said", "agrees"),
    [
        (line(), True),
        (line(net="10.00", text="pen, blue", quantity="1", price="10"), True),
        (line(text="Something else"), True),
        (line(text=None), True),
        (line(text="Something else", quantity="1", price="10"), False),
        (line(net="11"), False),
        (line(net=None), False),
    ],
)
def test_a_line_agrees_by_its_amount_and_its_item(said: InvoiceLine, agrees: bool) -> None:
    """The net amount, and either the description or quantity and price."""
    assert same_line(line(), said) is agrees


def test_an_unknown_amount_is_not_held_against_a_line() -> None:
    """Then the item decides."""
    assert same_line(line(net=None), line())
    assert not same_line(InvoiceLine(description="Pen"), InvoiceLine(description="Chair"))


def test_two_empty_lines_do_not_agree() -> None:
    """Nothing in common is no match."""
    assert not same_line(InvoiceLine(), InvoiceLine())


def test_lines_are_paired_one_to_one() -> None:
    """The same line said twice is right once and spurious once."""
    truth = Truth(file="a", fields={}, lines=(line(), line(net="3", text="Ink")))
    said = Prediction(file="a", lines=(line(), line(), line(net="4", text="Ink", quantity="9")))
    assert score_lines(truth, said) == Counts(right=1, missed=1, spurious=2)
    assert score_lines(Truth(file="a"), said) is None


def test_vat_rows_agree_when_rate_base_and_amount_do() -> None:
    """No rate is the rate zero; what the truth does not know is not compared."""
    row = VatBreakdown(rate=Decimal("20.00"), base=Decimal(100), amount=Decimal(20))
    assert same_tax(row, VatBreakdown(rate=Decimal(20), base=Decimal("100.0"), amount=Decimal(20)))
    assert not same_tax(row, VatBreakdown(rate=Decimal(20), base=Decimal(100), amount=Decimal(21)))
    assert same_tax(VatBreakdown(rate=Decimal(0)), VatBreakdown(base=Decimal(5)))
    truth = Truth(file="a", taxes=(row,))
    assert score_taxes(truth, Prediction(file="a", taxes=(row, row))) == Counts(right=1, spurious=1)
    assert score_taxes(Truth(file="a"), Prediction(file="a")) is None


def test_a_hidden_vat_breakdown_counts_only_when_the_xml_was_read() -> None:
    """A small invoice may not print its breakdown."""
    truth = Truth(file="a", taxes=(VatBreakdown(rate=Decimal(20)),), taxes_hidden=True)
    assert score_taxes(truth, Prediction(file="a")) is None
    seen = Prediction(file="a", fields={NUMBER: Guess(value="1", from_xml=True)})
    assert score_taxes(truth, seen) == Counts(missed=1)
