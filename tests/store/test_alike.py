"""Invoices that came before and are nearly the same."""

from datetime import date, timedelta
from decimal import Decimal

from schemas import Draft, Failure, FieldName, Finding, Record, Severity

LEASE = timedelta(minutes=10)
UNREAD = Failure(code="unread", message="Nothing was read.")


def with_values(draft, values):
    fields = {
        name: field.model_copy(update={"value": values.get(name, field.value)})
        for name, field in draft.record.fields.items()
    }
    return draft.model_copy(update={"record": draft.record.model_copy(update={"fields": fields})})


def test_a_draft_is_held_against_what_shares_its_date_and_total_or_its_number(ledger, rules, make_document, make_draft):
    """The comparison gets each such record with its document, and its findings are decided on with the draft's own."""
    held = []

    def find_alike(record, others):
        number = record.value(FieldName.INVOICE_NUMBER)
        held.append([document_id for document_id, other in others if other.value(FieldName.INVOICE_NUMBER)])
        return (Finding(rule="alike", severity=Severity.WARNING, message=str(number)),) if held[-1] else ()

    drafts = {
        "one": make_draft("F-1"),
        "same day and total": with_values(make_draft("F-2"), {FieldName.GROSS_TOTAL: Decimal("120.00")}),
        "other total": with_values(make_draft("F-3"), {FieldName.GROSS_TOTAL: Decimal("7.00")}),
        "same number": with_values(make_draft("F-3"), {FieldName.ISSUE_DATE: date(2026, 3, 1)}),
        "nothing known": Draft(record=Record(fields={}), failures=(UNREAD,)),
    }
    outcomes = []
    for name, draft in drafts.items():
        document = make_document(name)
        ledger.register(document, name)
        ledger.begin(document.document_id, "me", LEASE)
        outcomes += ledger.settle(document.document_id, "me", [draft], *rules, find_alike=find_alike)
    ids = {name: make_document(name).document_id for name in drafts}
    assert held == [[], [ids["one"]], [], [ids["other total"]], []]
    rules_said = [[finding.rule for finding in outcome.findings] for outcome in outcomes]
    assert rules_said == [["sum"], ["sum", "alike"], ["sum"], ["sum", "alike"], []]
