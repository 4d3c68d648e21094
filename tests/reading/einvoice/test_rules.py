"""The rules of EN 16931, run by the real Saxon on the real stylesheets."""

import pytest

from pipeline.errors import ReaderError
from pipeline.reading.einvoice.rules import check_rules
from schemas import Finding, Severity

CORE = "urn:cen.eu:en16931:2017"
BASIC = "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic"
XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"


def errors(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.rule for finding in findings if finding.severity is Severity.ERROR}


def test_valid_invoices_break_no_rule(cii: str, ubl: str, ubl_credit_note: str) -> None:
    """A correct invoice has no error in CII nor in UBL, and neither has a credit note."""
    assert errors(check_rules(cii.encode(), "cii", CORE)) == set()
    assert errors(check_rules(ubl.encode(), "ubl", CORE)) == set()
    assert errors(check_rules(ubl_credit_note.encode(), "ubl", CORE)) == set()


def test_broken_sum_is_told_in_words(cii: str) -> None:
    """The finding has the rule's name and its text without the name."""
    findings = check_rules(cii.replace(">120.00<", ">121.00<").encode(), "cii", CORE)
    message = next(finding.message for finding in findings if finding.rule == "BR-CO-15")
    assert message.startswith("Invoice total amount with VAT (BT-112) = ")


def test_mere_form_is_a_warning(ubl: str) -> None:
    """An unknown unit code breaks a code list, not the posting."""
    findings = check_rules(ubl.replace('unitCode="C62"', 'unitCode="ZZZZ"').encode(), "ubl", CORE)
    assert {finding.severity for finding in findings if finding.rule == "BR-CL-23"} == {Severity.WARNING}
    assert errors(findings) == set()


def test_each_finding_comes_once(ubl: str) -> None:
    """The same rule broken twice in the same words is said once."""
    findings = check_rules(ubl.replace('unitCode="C62"', 'unitCode="ZZZZ"').encode(), "ubl", CORE)
    assert len(set(findings)) == len(findings)


def test_the_form_of_factur_x_binds_its_own_profiles_only(cii: str) -> None:
    """XRechnung is checked as EN 16931, without the code lists of Factur-X."""
    xml = cii.replace(f"<ram:ID>{CORE}</ram:ID>", "<ram:ID>{}</ram:ID>")
    as_xrechnung = check_rules(xml.format(XRECHNUNG).encode(), "cii", XRECHNUNG)
    assert not [finding for finding in as_xrechnung if finding.rule.startswith("FX-SCH")]
    as_basic = check_rules(xml.format(CORE).encode(), "cii", BASIC)
    assert [finding for finding in as_basic if finding.rule.startswith("FX-SCH")]


def test_zugferd_1_has_no_rules(zugferd1: str) -> None:
    """No stylesheet exists for it."""
    assert check_rules(zugferd1.encode(), "zugferd1", "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort") == ()


def test_saxon_that_fails_is_a_reader_error() -> None:
    """What Saxon cannot parse raises an error of ours, with its own code."""
    with pytest.raises(ReaderError) as raised:
        check_rules(b"<a>", "ubl", CORE)
    assert raised.value.failure().code == "rules-failed"
