"""What confirmed invoices teach, and what becomes of it on the next one."""

from datetime import date
from decimal import Decimal

import pytest

from pipeline.extract.candidates import survey
from pipeline.suppliers.apply import recall
from pipeline.suppliers.learn import learn, merge
from pipeline.suppliers.model import Relation, Rules
from schemas import EvidenceKind, FieldName
from tests.suppliers.conftest import NEW_IBAN, VAT_ID, option


@pytest.fixture
def rules(letter, make_record) -> Rules:
    return learn(make_record(), letter(), "F001")


def memory(candidate):
    return [one for one in candidate.evidence if one.kind is EvidenceKind.SUPPLIER_MEMORY]


def test_a_rule_says_where_a_field_stands_and_its_form(rules):
    """The label's words, how the value stands to it, the zone of the page, and the mask of the number."""
    rule = rules.of(FieldName.INVOICE_NUMBER)
    assert rule is not None
    assert rule.masks == ("FA-####-####",)
    assert [(one.label, one.relation, one.zone) for one in rule.places] == [("piece", Relation.BELOW, "top left")]


def test_rules_hold_the_habits_of_a_supplier(rules):
    """Account, currency, VAT rates and the range of totals."""
    assert rules.ibans == ("FR7630006000011234567890189",)
    assert rules.currencies == ("EUR",)
    assert rules.vat_rates == (Decimal(20),)
    assert rules.gross is not None
    assert (rules.gross.least, rules.gross.most) == (Decimal("120.00"), Decimal("120.00"))


def test_a_second_document_confirms_the_first(rules, letter, make_record):
    """Rules grow: how often they were seen, the range of totals, and no mask twice."""
    second = make_record(invoice_number="FA-2026-0099", gross_total=Decimal("60.00"))
    both = merge(rules, learn(second, letter("FA-2026-0099"), "F001"))
    rule = both.of(FieldName.INVOICE_NUMBER)
    assert rule is not None
    assert (rule.seen, rule.masks) == (2, ("FA-####-####",))
    assert both.gross is not None
    assert (both.gross.least, both.gross.most, both.gross.seen) == (Decimal("60.00"), Decimal("120.00"), 2)


def test_what_an_operator_switched_off_stays_off(rules, letter, make_record):
    """Another confirmed document does not bring a rule back."""
    off = rules.model_copy(update={"fields": tuple(one.model_copy(update={"enabled": False}) for one in rules.fields)})
    assert merge(off, learn(make_record(), letter(), "F001")).of(FieldName.INVOICE_NUMBER) is None


def test_a_number_under_an_unknown_label_is_found_the_next_time(rules, letter):
    """The customer's number that looked like the invoice's loses to the number where memory knows it."""
    sheet = survey(letter("FA-2026-0777"))
    proposals = {FieldName.INVOICE_NUMBER: (option(FieldName.INVOICE_NUMBER, "C00417", 0.55),)}
    best, other = recall(proposals, sheet, rules)[FieldName.INVOICE_NUMBER]
    assert best.value == "FA-2026-0777"
    assert memory(best)[0].supports
    assert "piece" in memory(best)[0].detail
    assert other.value == "C00417"
    assert not memory(other)[0].supports
    assert "FA-####-####" in memory(other)[0].detail


def test_a_date_that_stands_where_it_always_stood_gains(rules, letter):
    """The same candidate gets a better score and a witness that says why."""
    sheet = survey(letter(day="09/03/2026"))
    (before,) = [option(FieldName.ISSUE_DATE, date(2026, 3, 9), 0.4)]
    (after,) = recall({FieldName.ISSUE_DATE: (before,)}, sheet, rules)[FieldName.ISSUE_DATE]
    assert after.score > before.score
    assert memory(after)[0].supports


def test_another_currency_than_usual_is_spoken_against(rules, letter):
    """The value stays as it is; its evidence says what is usual."""
    proposals = {FieldName.CURRENCY: (option(FieldName.CURRENCY, "USD"), option(FieldName.CURRENCY, "EUR"))}
    usd, eur = recall(proposals, survey(letter()), rules)[FieldName.CURRENCY]
    assert not memory(usd)[0].supports
    assert memory(eur)[0].supports


def test_no_account_is_chosen_by_habit(rules, letter):
    """Accounts get evidence, but neither score nor order changes: a new account must be seen as such."""
    proposals = {FieldName.IBAN: (option(FieldName.IBAN, NEW_IBAN, 0.7), option(FieldName.IBAN, rules.ibans[0], 0.6))}
    after = recall(proposals, survey(letter()), rules)[FieldName.IBAN]
    assert [(one.value, one.score) for one in after] == [(NEW_IBAN, 0.7), (rules.ibans[0], 0.6)]
    assert [memory(one)[0].supports for one in after] == [False, True]


def test_the_seller_s_own_identifier_wins_over_the_buyer_s(rules, letter):
    """What is the same on every invoice is found where it is printed, also when nobody proposed it."""
    proposals = {FieldName.SELLER_VAT_ID: (option(FieldName.SELLER_VAT_ID, "FR40303265045", 0.5),)}
    best, other = recall(proposals, survey(letter()), rules)[FieldName.SELLER_VAT_ID]
    assert best.value == VAT_ID
    assert best.box is not None
    assert not memory(other)[0].supports


def test_rules_that_are_off_change_nothing(rules, letter):
    """The switch of all rules of a supplier."""
    proposals = {FieldName.CURRENCY: (option(FieldName.CURRENCY, "USD"),)}
    assert recall(proposals, survey(letter()), rules.model_copy(update={"enabled": False})) == proposals


def test_a_field_without_a_rule_is_left_alone(rules, letter):
    """Memory says nothing about what it never saw."""
    proposals = {FieldName.PO_NUMBER: (option(FieldName.PO_NUMBER, "PO-1"),)}
    assert recall(proposals, survey(letter()), rules) == proposals


def test_a_value_that_is_not_printed_teaches_no_place(letter, make_record):
    """A date that a person typed in and that stands nowhere leaves no rule behind."""
    assert learn(make_record(issue_date=date(1999, 1, 1)), letter(), "F001").of(FieldName.ISSUE_DATE) is None
