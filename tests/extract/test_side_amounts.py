"""Allowances and charges are chosen so that they make the net total."""

from decimal import Decimal

import pytest

from pipeline.extract.side_amounts import fit_side_amounts
from schemas import Candidate, FieldName

NET, LINES, ALLOWANCE, CHARGE = (
    FieldName.NET_TOTAL,
    FieldName.LINES_TOTAL,
    FieldName.ALLOWANCE_TOTAL,
    FieldName.CHARGE_TOTAL,
)


def option(name, value, score=0.8):
    return Candidate(name=name, value=Decimal(value), score=score)


@pytest.fixture
def fit():
    """What is chosen, by name, of some amounts (with rivals after the first) and a sum of the lines."""

    def fitted(lines_net, **named):
        rivals = {FieldName(name): tuple(option(FieldName(name), v) for v in values) for name, values in named.items()}
        chosen = {name: options[0] for name, options in rivals.items()}
        found = fit_side_amounts(chosen, rivals, None if lines_net is None else Decimal(lines_net))
        return {name: str(one.value) for name, one in found.items()}

    return fitted


def test_a_subtotal_before_discount_is_no_allowance(fit):
    """Two captions hold the word discount; the sums tell which names the allowance."""
    found = fit("4268.39", net_total=["4183.02"], allowance_total=["4268.39", "85.37"])
    assert found == {NET: "4183.02", ALLOWANCE: "85.37"}


def test_a_charge_that_is_not_in_the_net_total_is_left_out(fit):
    """The number beside "frais" may be a count."""
    assert fit("16821.30", net_total=["16821.30"], charge_total=["1.00"]) == {NET: "16821.30"}


def test_what_holds_stays(fit):
    """A choice that makes the net total is not touched."""
    found = fit("100.00", net_total=["102.00"], allowance_total=["10.00", "3.00"], charge_total=["12.00", "5.00"])
    assert found == {NET: "102.00", ALLOWANCE: "10.00", CHARGE: "12.00"}


def test_a_document_at_fault_is_left_as_it_is(fit):
    """Where nothing makes the net total, the rules are to find what the page says."""
    found = fit("100.00", net_total=["150.00"], allowance_total=["10.00"], lines_total=["100.00"])
    assert found == {NET: "150.00", ALLOWANCE: "10.00", LINES: "100.00"}


def test_the_sum_of_the_lines_must_be_theirs(fit):
    """A stated sum that would fit, but is not what the lines add up to, is not taken."""
    found = fit("100.00", net_total=["150.00"], lines_total=["90.00", "160.00"], allowance_total=["10.00"])
    assert found[LINES] == "90.00"


def test_a_credit_note_deducts_towards_zero(fit):
    """Amounts of a credit note may be negative; an allowance makes it smaller all the same."""
    found = fit("-100.00", net_total=["-90.00"], allowance_total=["-100.00", "-10.00"])
    assert found == {NET: "-90.00", ALLOWANCE: "-10.00"}
