"""A discount for early payment is found with its percentage and days; what is none is not taken for one."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.discount import find_discount


@pytest.mark.parametrize(
    ("text", "percent", "days"),
    [
        ("Escompte de 2 % pour paiement sous 8 jours.", "2", 8),
        ("Conditions : 30 jours fin de mois. Escompte 1,5 % si règlement à 10 jours", "1.5", 10),
        ("2 % d'escompte pour tout règlement dans les 8 jours", "2", 8),
        ("Paiement sous 8 jours : 2 % d'escompte", "2", 8),
        ("Zahlbar innerhalb 10 Tagen mit 3 % Skonto, 30 Tage netto", "3", 10),
        ("3 % Skonto bei Zahlung innerhalb von 14 Tagen", "3", 14),
        ("2% discount if paid within 10 days", "2", 10),
        ("Terms: 2/10 net 30", "2", 10),
        ("#SKONTO#TAGE=14#PROZENT=2.00#\n", "2.00", 14),
    ],
)
def test_what_is_promised_is_found(text, percent, days):
    """In French, German and English, and as XRechnung writes it."""
    found = find_discount([text])
    assert (found.percent, found.days) == (Decimal(percent), days)


@pytest.mark.parametrize(
    "text",
    [
        "Pas d'escompte pour règlement anticipé. En cas de retard, pénalités de 10 % après 30 jours.",
        "Aucun escompte ne sera accordé pour paiement sous 8 jours (taux 2 %)",
        "Escompte pour paiement anticipé : néant",
        "Escompte : 0 % sous 8 jours",
        "Remise de 5 % sur 30 jours de location",
        "Skonto wird nicht gewährt",
        "Kein Skonto: 2 % innerhalb 10 Tagen entfällt",
        "Escompte. Pénalités de retard : 12 % à compter de 30 jours",
    ],
)
def test_what_is_no_discount_is_not_taken_for_one(text):
    """Mandatory mentions, penalties, rebates on the price."""
    assert find_discount([text]) is None


def test_its_day_and_value_follow_from_the_invoice():
    """Days from the issue date; cents are rounded."""
    found = find_discount(["Escompte de 2 % sous 8 jours"])
    assert found.until(date(2026, 2, 25)) == date(2026, 3, 5)
    assert found.of(Decimal("120.45")) == Decimal("2.41")


@given(st.lists(st.text(alphabet="escompte skonto2% 10jours.,;/#\nTAGEPROZENT=net", max_size=400)))
def test_any_text_is_read_without_an_error(texts):
    """Whatever stands on a page."""
    found = find_discount(texts)
    assert found is None or 0 < found.percent <= 20
