"""Screen scripts are checked before a browser is opened."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pipeline.errors import TargetRefused
from pipeline.posting.robot.language import every, said
from pipeline.posting.robot.problems import ScriptLoader
from pipeline.posting.robot.script import BadScript, load_script
from pipeline.posting.robot.words import Notation, Words, check_template
from pipeline.posting.scripts import __file__ as scripts
from schemas.export import rendered
from tests.posting.orders import make_order

FRENCH, ENGLISH = Notation(), Notation(decimal_mark=".", date_format="%m/%d/%Y")
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False)


@pytest.fixture
def changed(tmp_path):
    """Write the portal's script with a change, and load it."""

    def load(change):
        data = yaml.safe_load(Path(scripts).with_name("portal.yaml").read_text("utf-8"))
        change(data)
        path = tmp_path / "mine.yaml"
        path.write_text(yaml.safe_dump(data), "utf-8")
        return load_script(path)

    return load


@pytest.mark.parametrize(
    ("name", "submit"), [("portal", "#confirmer"), ("tryton", ".confirmation-dialog.in .btn-primary")]
)
def test_the_built_in_scripts_are_right_and_their_steps_can_be_told(name, submit):
    """Each in a line, for the notes of an attempt."""
    script = load_script(name)
    told = [said(step) for part in script.post for step in every(part.do)]
    assert f"submit {submit}" in told
    assert all(told)


def test_a_cost_centre_is_keyed_behind_the_label_where_there_is_one():
    """Tryton's screens do not get its analytic account; that it is lost would be worse."""
    steps = [step for part in load_script("tryton").post for step in every(part.do)]
    (keyed,) = [step.with_ for step in steps if "line.label" in getattr(step, "with_", "")]
    line = make_order(1).coding.lines[0]
    for centre, shown in ((None, line.label), ("ATEL", f"{line.label} [ATEL]")):
        assert Words(FRENCH, {"line": line.model_copy(update={"cost_centre": centre})}).text(keyed) == shown


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda data: data["post"][1]["do"].append({"clik": "#a"}), "a step is one of"),
        (lambda data: data["post"][1]["do"].append({"fill": "#a", "with": "{{ invoce.number }}"}), "invoce"),
        (lambda data: data["post"][1]["do"].append({"fill": "#a", "with": "{{ invoice.number"}), "invoice.number"),
        (lambda data: data["post"][1]["do"].append({"submit": "#again"}), "one submit"),
        (lambda data: data["post"].pop(), "one submit"),
        (lambda data: data["post"][1]["do"].append({"expect": "#a", "shows": "{{ read.colour }}"}), "reads colour"),
        (lambda data: data["post"][1]["do"].append({"click": "#{{ tables.colour['a'] }}"}), "no table colour"),
        (lambda data: data["proof"].pop("gross"), "needs gross"),
        (lambda data: data["proof"].update(colour="#a"), "no colour"),
        (lambda data: data["session"].pop("outside"), "outside"),
        (lambda data: data["proof"].update(currency={"css": "#a", "table": "signs"}), "no table signs"),
        (lambda data: data["proof"].update(currency={"css": "#a", "pattern": "EUR"}), "needs a group"),
        (lambda data: data["post"][1]["do"].append({"click": {"css": "#a", "role": "button"}}), "one of css"),
    ],
)
def test_a_wrong_script_is_refused_with_the_reason(changed, change, why):
    """A typing error does not wait for an invoice to be found."""
    with pytest.raises(BadScript, match=re.escape(why)):
        changed(change)


def test_every_fault_of_a_script_is_told_with_its_line(tmp_path):
    """In plain words and the order of the script, so that it can be mended at once."""
    text = Path(scripts).with_name("portal.yaml").read_text("utf-8")
    for right, wrong in (("invoice.due_date or", "invoice.due_dat or"), ('until: "#saisie', 'untill: "#saisie')):
        text = text.replace(right, wrong)
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadScript) as caught:
        load_script(path)
    lines = text.splitlines()
    first, second = (next(at for at, line in enumerate(lines, 1) if word in line) for word in ("due_dat ", "untill"))
    assert caught.value.message.splitlines() == [
        f"{path}:",
        f"line {first}, post > header > do > step 6 (fill) > with: {{{{ invoice.due_dat or invoice.issue_date }}}}: "
        "invoice has no due_dat",
        f"line {second}, post > header > do > step 10 (click) > untill: 'untill' is not known here",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name: [", "line 2: this is no YAML"),
        ("name: Mine", "'session' is missing"),
        ("- 1", "valid dictionary"),
    ],
)
def test_what_is_no_script_at_all_is_told_too(tmp_path, content, said):
    """A file of another kind, or one that is broken off."""
    path = tmp_path / "mine.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(BadScript, match=re.escape(said)):
        load_script(path)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ line.nett }}", "line has no nett"),
        ("{{ invoice.seller.sirene or '' }}", "invoice.seller has no sirene"),
        ("{{ coding.lines[0].x }} {{ coding.totall }}", "coding has no totall"),
    ],
)
def test_a_placeholder_that_asks_for_what_a_value_lacks_is_refused(template, said):
    """Before an invoice that has it, or has not, comes along."""
    with pytest.raises(ValueError, match=said):
        check_template(template)
    assert check_template("{{ invoice.seller.siren }} {{ coding.total }} {{ sign * tax.amount }}")


def test_an_editor_accepts_the_built_in_scripts_and_marks_a_wrong_step():
    """By the exported JSON Schema."""
    schema = json.loads(rendered()["screen-script.schema.json"])
    Draft202012Validator.check_schema(schema)
    data = yaml.load(Path(scripts).with_name("portal.yaml").read_text("utf-8"), Loader=ScriptLoader)
    check = Draft202012Validator(schema)
    assert check.is_valid(data)
    data["post"][0]["do"].append({"clik": "#a"})
    assert not check.is_valid(data)


def test_a_key_may_be_called_on():
    """For old YAML it is a truth value."""
    assert yaml.load("{on: false, off: no}", Loader=ScriptLoader) == {"on": False, "off": "no"}


def test_a_script_that_is_not_there_is_named():
    """By its path."""
    with pytest.raises(BadScript, match=r"nowhere\.yaml"):
        load_script("nowhere")


def test_values_are_written_as_the_target_writes_them():
    """French decimal comma, dates by the script's format, nothing for what is absent."""
    values = {
        "line": {"net": Decimal("1234.5"), "price": Decimal("0.3333")},
        "key": date(2026, 3, 5),
        "read": {"a": None},
    }
    assert (
        Words(FRENCH, values).text("{{ line.net }} {{ line.price }} {{ key }} {{ read.a }}")
        == "1234,50 0,3333 05/03/2026"
    )
    assert Words(ENGLISH, values).text("{{ line.net }} {{ key }}") == "1234.50 03/05/2026"
    assert Words(FRENCH, values).text("{{ line.net|plain }} {{ key|plain }}") == "1234.5 2026-03-05"


def test_a_value_that_an_order_lacks_is_a_refusal():
    """Such as a VAT rate for which the target has no code."""
    with pytest.raises(TargetRefused) as caught:
        Words(FRENCH, {"tables": {"vat": {}}}).text("{{ tables.vat['19'] }}")
    assert caught.value.specific_code == "value-missing"


def test_a_script_cannot_reach_into_the_program():
    """Placeholders are sandboxed."""
    with pytest.raises(TargetRefused):
        Words(FRENCH, {"read": {}}).text("{{ read.__class__.__mro__ }}")


@given(AMOUNTS)
def test_a_field_may_group_what_was_keyed_and_show_nothing_else(amount):
    """Groups and further zeros are the same amount, another digit is not."""
    amount += 0  # no minus before zero
    for notation, group in ((FRENCH, "\u202f"), (FRENCH, " "), (ENGLISH, ",")):
        keyed = notation.write(amount)
        pattern = notation.pattern(keyed)
        grouped = f"{amount:,.2f}".replace(",", "G").replace(".", notation.decimal_mark).replace("G", group)
        assert pattern.search(keyed)
        assert pattern.search(grouped)
        assert pattern.search(keyed + "0")
        assert not pattern.search(keyed + "1")
        assert not pattern.search("1" + keyed)
        assert notation.amount(grouped) == amount


@given(st.text(alphabet="AZaz09 .,*+?()[]-/", min_size=1).filter(str.strip))
def test_a_field_shows_the_text_that_was_keyed(text):
    """Whatever signs it has."""
    assert FRENCH.pattern(text).search(text)
