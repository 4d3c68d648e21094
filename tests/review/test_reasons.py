"""Coded reasons and their words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pipeline
from pipeline.review.causes import CAUSES
from pipeline.review.reasons import WORDING, EscalateReason, PostponeReason, RejectReason, wording


def test_every_reason_has_words_in_both_languages():
    """No code is shown to a person."""
    codes = [*RejectReason, *PostponeReason, *EscalateReason]
    assert all(WORDING[code].fr and WORDING[code].en and WORDING[code].fr != WORDING[code].en for code in codes)


def errors_in(path: Path) -> Iterator[str]:
    """The codes that a module gives to errors of rules and to reasons."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = ast.unparse(call.func)
        given = call.args[:1] if name.startswith("error") or "(error" in name else []
        given = given + [one.value for one in call.keywords if one.arg == "code" and name in ("Reason", "Failure")]
        yield from (one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_every_reason_of_the_machine_has_words_in_both_languages():
    """What sends an invoice to a person is told to him in words, not in codes."""
    root = Path(pipeline.__file__).parent
    rooms = ("validate", "verify", "suppliers", "reading")
    modules = [root / "route.py", *(path for room in rooms for path in (root / room).rglob("*.py"))]
    codes = {code for path in modules for code in errors_in(path)}
    assert len(codes) > 30
    assert sorted(codes - set(CAUSES)) == []
    assert all(words.fr and words.en and words.fr != words.en for words in CAUSES.values())


def test_a_code_from_elsewhere_is_its_own_word():
    """A reason of an older version is still shown."""
    assert wording("no-longer-known", "fr") == "no-longer-known"
    assert wording("duplicate", "fr") == "Facture déjà reçue"
    assert wording("low-confidence", "fr") == "Lecture incertaine"
    assert wording("duplicate") == "The invoice was received before"
