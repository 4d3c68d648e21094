"""Coded reasons and their words."""

from pipeline.review.reasons import WORDING, EscalateReason, PostponeReason, RejectReason, wording


def test_every_reason_has_words_in_both_languages():
    """No code is shown to a person."""
    codes = [*RejectReason, *PostponeReason, *EscalateReason]
    assert all(WORDING[code].fr and WORDING[code].en and WORDING[code].fr != WORDING[code].en for code in codes)


def test_a_code_from_elsewhere_is_its_own_word():
    """A reason of an older version is still shown."""
    assert wording("no-longer-known", "fr") == "no-longer-known"
    assert wording("duplicate", "fr") == "Facture déjà reçue"
    assert wording("duplicate") == "The invoice was received before"
