"""Texts, numbers and dates are those of the person's language, and nothing of a page is left untranslated."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.web import texts
from schemas import EvidenceKind, FieldName, FieldStatus, Severity
from schemas.people import Role

TEMPLATES = Path(texts.__file__).parent / "templates"
SAID = re.compile(r"""\bt\(\s*"((?:[^"\\]|\\.)*)\"""")


def said() -> set[str]:
    """Every text of the templates, and the words for codes."""
    found = {one for path in TEMPLATES.glob("*.html") for one in SAID.findall(path.read_text(encoding="utf-8"))}
    words = (TEMPLATES / "words.html").read_text(encoding="utf-8")
    tables = [line for line in words.splitlines() if line.startswith("{% set") and "TONES" not in line]
    return found | {one for line in tables for one in re.findall(r'": "([^"]*)"', line)}


def test_every_text_of_the_pages_has_its_french():
    """A text that was added without a translation is caught here."""
    assert len(said()) > 200
    assert sorted(said() - set(texts.catalogue("fr"))) == []


@pytest.mark.parametrize("kind", [FieldName, FieldStatus, EvidenceKind, Severity])
def test_every_code_that_pages_show_has_its_french(kind):
    """Fields, statuses, witnesses, severities."""
    assert [one for one in kind if one.value.replace("_", " ") not in texts.catalogue("fr")] == []


def test_a_translation_has_the_same_gaps_as_its_text():
    """A page in French fails nowhere for a name that is not there."""
    gaps = re.compile(r"%\(\w+\)s|%%")
    for english, french in texts.catalogue("fr").items():
        assert sorted(gaps.findall(english)) == sorted(gaps.findall(french)), english


def test_amounts_and_dates_are_in_the_persons_notation():
    """1 234,50 € and 1,234.50, both with the day first."""
    assert texts.money("fr", Decimal("1234.5"), "EUR").replace("\u202f", " ").replace("\xa0", " ") == "1 234,50 €"
    assert texts.money("en", Decimal("1234.5"), "EUR") == "€1,234.50"
    assert texts.money("en", Decimal("1234.505"), None) == "1,234.505"
    assert texts.money("fr", Decimal("1E+3"), "<b>").replace("\u202f", " ") == "1 000,00"
    assert texts.day("fr", date(2026, 3, 2)) == "02/03/2026"
    assert texts.value("en", None) == ""
    assert texts.value("en", "<b>") == "<b>"


def test_how_far_away_a_time_is_has_its_direction():
    """In both languages."""
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert texts.distance("en", now + timedelta(hours=3), now) == "in 3 hours"
    assert texts.distance("fr", now - timedelta(days=2), now) == "il y a 2 jours"


@pytest.mark.parametrize(
    ("wanted", "accepted", "language"),
    [
        ("fr", "en", "fr"),
        (None, "fr-FR,fr;q=0.9", "fr"),
        (None, "de,en;q=0.5", "en"),
        ("../x", "", "en"),
        (None, "*", "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_browsers(wanted, accepted, language):
    """Else English."""
    assert texts.choose_language(wanted, accepted) == language


def test_every_role_has_a_word():
    """In the form that gives roles."""
    words = (TEMPLATES / "words.html").read_text(encoding="utf-8")
    assert all(f'"{role.value}"' in words for role in Role)
