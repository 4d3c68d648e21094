"""The totals add up."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.validate import sums
from schemas import DocumentType, Finding, Invoice, InvoiceLine, Severity, Totals

TODAY = date(2026, 3, 10)
Change = Callable[..., Invoice]
TOTALS = sorted(set(Totals.model_fields))


def findings(invoice: Invoice) -> list[Finding]:
    return [finding for rule in sums.RULES for finding in rule(invoice, TODAY)]


def cents(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda number: Decimal(number) / 100)


@st.composite
def consistent_invoices(draw: st.DrawFn) -> Invoice:
    """Invoices and credit notes whose totals all follow from their lines, with every total stated."""
    sign = draw(st.sampled_from([1, -1]))
    amounts = [sign * amount for amount in draw(st.lists(cents(100, 10**7), min_size=1, max_size=4))]
    lines = sum(amounts)
    allowances, charges = sign * draw(cents(0, 50)), sign * draw(cents(0, 500))
    prepaid, rounding = sign * draw(cents(0, 100)), draw(cents(-4, 4))
    net = lines - allowances + charges
    tax = round(net * draw(st.sampled_from([0, 5, 10, 20, 25])) / 100, 2)
    return Invoice(
        doc_type=DocumentType.INVOICE,
        totals=Totals(
            lines=lines,
            allowances=allowances,
            charges=charges,
            net=net,
            tax=tax,
            gross=net + tax,
            prepaid=prepaid,
            rounding=rounding,
            due=net + tax - prepaid + rounding,
        ),
        lines=tuple(InvoiceLine(net_amount=amount) for amount in amounts),
    )


@given(consistent_invoices())
def test_consistent_invoices_have_no_finding(invoice: Invoice) -> None:
    """Whatever the amounts, an invoice that adds up gives no finding."""
    assert findings(invoice) == []


@given(consistent_invoices())
def test_consistent_credit_notes_have_no_finding(invoice: Invoice) -> None:
    """The same holds for credit notes, printed positive or negative."""
    assert findings(invoice.model_copy(update={"doc_type": DocumentType.CREDIT_NOTE})) == []


@given(consistent_invoices(), st.sampled_from(TOTALS), cents(5, 10**6), st.sampled_from([1, -1]))
def test_one_wrong_total_gives_a_finding(invoice: Invoice, name: str, by: Decimal, sign: int) -> None:
    """Changing any one total by five cents or more is noticed."""
    wrong = invoice.totals.model_copy(update={name: getattr(invoice.totals, name) + sign * by})
    assert findings(invoice.model_copy(update={"totals": wrong}))


@pytest.mark.parametrize(
    ("totals", "message"),
    [
        ({"gross": Decimal(121), "due": Decimal(71)}, "Net 100.00 + VAT 20.00 is 120.00, but the total says 121.00."),
        ({"lines": Decimal(111)}, "The lines add up to 110.00, but their stated sum is 111.00."),
        (
            {"allowances": Decimal(5)},
            "Lines 110.00 minus allowances 5.00 is 105.00, but the net total says 100.00.",
        ),
        ({"due": Decimal(80)}, "Total 120.00 minus paid 50.00 is 70.00, but the amount due says 80.00."),
    ],
)
def test_message_says_the_figures(change: Change, totals: dict[str, Decimal], message: str) -> None:
    """A clerk sees what was added up and what the document says."""
    found = {finding.message: finding.severity for finding in findings(change(totals=totals))}
    assert found[message] is Severity.ERROR


def test_vat_beyond_any_rate_is_an_error(change: Change) -> None:
    """Figures that add up, but with more VAT than any country takes, were read from the wrong place."""
    wrong = change(totals={"net": Decimal(20), "tax": Decimal(100), "lines": None}, lines=())
    assert [finding.rule for finding in findings(wrong)] == ["vat-share"]


def test_one_cent_is_rounding(change: Change) -> None:
    """A cent of difference is not worth a word."""
    assert findings(change(totals={"gross": Decimal("120.01"), "due": Decimal("70.01")})) == []


def test_nothing_due_without_a_prepayment_means_paid(change: Change) -> None:
    """Paid invoices print an amount due of zero."""
    (finding,) = findings(change(totals={"prepaid": None, "due": Decimal(0)}))
    assert (finding.rule, finding.severity) == ("paid", Severity.INFO)


def test_difference_that_an_unnamed_operand_explains_is_a_warning(change: Change) -> None:
    """Without a prepayment or allowance on the page, a difference may be one that was not printed as such."""
    due = change(totals={"prepaid": None, "due": Decimal(80)})
    net = change(totals={"allowances": None, "charges": None})
    for invoice in (due, net):
        assert [finding.severity for finding in findings(invoice)] == [Severity.WARNING]


def test_lines_make_the_net_total_when_their_sum_is_not_stated(change: Change) -> None:
    """Most pages print no sum of lines: then the lines are held against the net total, as a warning."""
    assert findings(change(totals={"lines": None})) == []
    (finding,) = findings(change(totals={"lines": None, "allowances": None}))
    assert (finding.rule, finding.severity) == ("lines-net-total", Severity.WARNING)
    assert finding.message == "The lines make 110.00, but the net total says 100.00."


def test_lines_with_vat_are_compared_without_it(change: Change) -> None:
    """A shop prints line amounts with VAT: 132.00 at 20 % is 110.00."""
    line = InvoiceLine(net_amount=Decimal(132), tax_rate=Decimal(20), includes_tax=True)
    assert findings(change(lines=(line,))) == []
    assert findings(change(lines=(line,), totals={"lines": Decimal(132)})) == []
    (finding,) = findings(change(lines=(line,), totals={"lines": Decimal(120)}))
    assert finding.rule == "sum-of-lines"


def test_line_without_amount_stops_the_judgement(change: Change) -> None:
    """A sum with an unknown part is not judged."""
    assert findings(change(lines=(InvoiceLine(description="Vis"), InvoiceLine(net_amount=Decimal(7))))) == []


def test_credit_note_may_mix_the_signs_of_lines_and_totals(change: Change) -> None:
    """Lines printed negative with a positive sum are the sum of a credit note, not of an invoice."""
    lines = (InvoiceLine(net_amount=Decimal(-110)),)
    assert findings(change(doc_type=DocumentType.CREDIT_NOTE, lines=lines)) == []
    assert findings(change(lines=lines)) != []
