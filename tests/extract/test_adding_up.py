"""What an assignment of net, VAT and gross is worth."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.adding_up import Assignment, adds_up, is_known_rate, is_plausible_tax, proof_of, worth
from pipeline.extract.rates import VAT_RATES
from schemas import Candidate, FieldName, InvoiceLine, VatBreakdown

NOTHING_KNOWN = proof_of((), ())

nets = st.decimals(min_value=1, max_value=10**6, places=2)


def assigned(net=None, tax=None, gross=None, score=0.5):
    """An assignment of candidates that their labels speak for alike."""
    names = (FieldName.NET_TOTAL, FieldName.TAX_TOTAL, FieldName.GROSS_TOTAL)
    return Assignment(
        *(
            None if value is None else Candidate(name=name, value=str(value), score=score)
            for name, value in zip(names, (net, tax, gross), strict=True)
        )
    )


@given(nets, st.sampled_from(sorted(VAT_RATES)))
def test_what_adds_up_is_worth_more_than_what_does_not(net, rate):
    """For every net and every rate in force."""
    tax = round(net * rate / 100, 2)
    right, wrong = assigned(net, tax, net + tax), assigned(net, tax, net + tax + Decimal("0.03"))
    assert adds_up(right)
    assert not adds_up(wrong)
    assert worth(right, NOTHING_KNOWN) > worth(wrong, NOTHING_KNOWN)
    assert is_known_rate(net, tax)
    assert is_plausible_tax(net, tax)
    assert is_plausible_tax(-net, -tax)


def test_better_labels_do_not_outweigh_a_contradiction():
    """Three weak labels whose amounts add up beat three strong ones whose amounts do not."""
    weak, strong = assigned(100, 20, 120, score=0.3), assigned(100, 20, 130, score=0.9)
    assert worth(weak, NOTHING_KNOWN) > worth(strong, NOTHING_KNOWN)


@pytest.mark.parametrize(("net", "tax"), [(100, -20), (100, 31), (-100, 20), (0, 5)])
def test_no_vat_is_negative_or_above_any_rate(net, tax):
    """It has the sign of its net and is at most 27 per cent of it."""
    assert not is_plausible_tax(Decimal(net), Decimal(tax))
    assert worth(assigned(net, tax, net + tax), NOTHING_KNOWN) < worth(assigned(net), NOTHING_KNOWN) + 1


def test_a_rate_that_exists_nowhere_is_worth_less():
    """17 per cent was a rate, 17.3 never."""
    assert worth(assigned(100, 17, 117), NOTHING_KNOWN) > worth(assigned(100, "17.30", "117.30"), NOTHING_KNOWN)


def test_the_vat_recap_speaks_for_its_sums():
    """And against the totals of only one of its rows."""
    proof = proof_of(
        (),
        (
            VatBreakdown(rate=Decimal(20), base=Decimal(100), amount=Decimal(20)),
            VatBreakdown(rate=Decimal(10), base=Decimal(200), amount=Decimal(20)),
        ),
    )
    whole, row = assigned(300, 40, 340), assigned(100, 20, 120)
    assert worth(whole, proof) > worth(whole, NOTHING_KNOWN)
    assert worth(row, proof) < worth(row, NOTHING_KNOWN)


def test_the_lines_speak_for_their_sum_where_all_are_known():
    """A line without an amount, or one with VAT in it, says nothing about the net."""
    whole = (InvoiceLine(net_amount=Decimal(60)), InvoiceLine(net_amount=Decimal(40)))
    choice = assigned(net=100)
    assert worth(choice, proof_of(whole, ())) > worth(choice, NOTHING_KNOWN)
    for other in (InvoiceLine(), InvoiceLine(net_amount=Decimal(7), includes_tax=True)):
        assert worth(choice, proof_of((*whole, other), ())) == worth(choice, NOTHING_KNOWN)


def test_an_unknown_total_neither_adds_up_nor_contradicts():
    """Two amounts alone prove nothing."""
    assert not adds_up(assigned(net=100, tax=20))
    assert worth(assigned(net=100, tax=20), NOTHING_KNOWN) == pytest.approx(1.0)
