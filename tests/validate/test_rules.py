"""All rules together."""

from collections.abc import Callable
from datetime import date
from operator import attrgetter

from pipeline.validate.rules import RULES, check_invoice, validate
from schemas import FIELD_TERMS, Field, FieldName, Invoice, Record, Severity

TODAY = date(2026, 3, 10)


def test_sound_invoice_has_no_finding(sound: Invoice) -> None:
    """No rule objects to an invoice on which everything fits."""
    assert check_invoice(sound, TODAY) == ()


def test_every_rule_bears_an_empty_invoice() -> None:
    """Where operands are missing, no rule judges; only what is required is missed, and the type."""
    names = {finding.rule for finding in check_invoice(Invoice(), TODAY)}
    assert names == {"required-field", "unknown-type"}


def test_every_rule_says_what_it_holds() -> None:
    """Each rule is registered once and states in its docstring what must hold."""
    assert len(set(RULES)) == len(RULES)
    assert all(rule.__doc__ for rule in RULES)


def test_record_is_judged_like_its_invoice(sound: Invoice, change: Callable[..., Invoice]) -> None:
    """The rules see the record's chosen values; a wrong IBAN is found."""

    def record_of(invoice: Invoice) -> Record:
        values = {name: attrgetter(term.path)(invoice) for name, term in FIELD_TERMS.items()}
        fields = {name: Field(name=name, value=value) for name, value in values.items() if value is not None}
        return Record(fields=fields, vat_breakdown=invoice.vat_breakdown, lines=invoice.lines)

    assert validate(record_of(sound), TODAY) == ()
    (finding,) = validate(record_of(change(payment={"iban": "FR7630006000011234567890188"})), TODAY)
    assert (finding.rule, finding.severity) == ("iban", Severity.ERROR)


def test_value_that_no_invoice_can_hold_is_an_error() -> None:
    """A currency of four letters gives a finding instead of an exception."""
    record = Record(fields={FieldName.CURRENCY: Field(name=FieldName.CURRENCY, value="EURO")})
    (finding,) = validate(record, TODAY)
    assert (finding.rule, finding.severity) == ("invalid-value", Severity.ERROR)
    assert "currency" in finding.message
