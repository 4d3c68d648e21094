"""The steps of a script, each on a small page of its own, in a real browser."""

import json

import pytest
from PIL import Image
from pydantic import TypeAdapter

from pipeline.errors import TargetRefused
from pipeline.posting.robot.hands import Hands
from pipeline.posting.robot.language import Steps
from pipeline.posting.robot.script import load_script
from pipeline.posting.robot.trail import Trail
from pipeline.posting.robot.words import Words
from tests.posting.orders import make_order

STEPS = TypeAdapter(Steps)
MASK = (0x5B, 0x64, 0x72)


@pytest.fixture
def page(chromium):
    with chromium.new_context(viewport={"width": 600, "height": 400}) as context:
        context.set_default_timeout(30_000)
        yield context.new_page()


@pytest.fixture
def hands(page, tmp_path):
    script = load_script("portal").model_copy(update={"patience": 30.0, "glance": 3.0})
    order = make_order(1, lines=2)
    values = {
        "secret": {"password": "hunter2"},
        "coding": order.coding,
        "invoice": order.record.invoice(),
        "sign": 1,
        "tables": {},
    }
    return Hands(page, script, Words(script.notation, values), Trail(tmp_path, tmp_path / "evidence", ("hunter2",)))


def do(hands, *steps: dict) -> None:
    hands.do(STEPS.validate_python(steps))


def test_a_value_that_is_erased_once_is_keyed_again(hands, page):
    """After the second erasing the robot stops."""
    once = (
        "<input id=a><script>var n = 0;"
        "a.oninput = () => { if (n++ < TIMES) setTimeout(() => a.value = '', 0) }</script>"
    )
    page.set_content(once.replace("TIMES", "1"))
    do(hands, {"fill": "#a", "with": "x1"}, {"read_back": "screen"})
    assert page.locator("#a").input_value() == "x1"
    page.set_content(once.replace("TIMES", "9"))
    with pytest.raises(TargetRefused) as caught:
        do(hands, {"fill": "#a", "with": "x1"}, {"read_back": "screen"})
    assert caught.value.specific_code == "field-differs"


def test_two_of_the_same_are_as_wrong_as_none(hands, page):
    """Which of them is meant nobody knows; hidden twins do not count."""
    page.set_content("<input name=party><input name=party>")
    with pytest.raises(TargetRefused) as caught:
        do(hands, {"fill": "[name=party]", "with": "x"})
    assert caught.value.specific_code == "screen-changed"
    page.set_content("<input name=party hidden><input name=party>")
    do(hands, {"fill": "[name=party]", "with": "x"})


def test_a_proposal_is_picked_or_something_else_is_done(hands, page):
    """An autocomplete field that listens to the keyboard, as those of single-page applications do."""
    page.set_content(
        "<input id=party><ul id=list></ul><button id=create>New</button><script>"
        "const proposed = (name) => name === 'Martin' ? '<li>Martin SA</li>' : '<li class=none>–</li>';"
        "party.onkeyup = () => list.innerHTML = proposed(party.value);"
        "list.onclick = (event) => { party.value = event.target.textContent; list.innerHTML = '' };"
        "create.onclick = () => { party.value = 'made' }</script>"
    )
    pick = {"pick": "#party", "option": {"css": "#list li", "has_text": "SA"}, "none": "#list .none"}
    do(hands, {**pick, "with": "Martin", "shows": "Martin SA"})
    do(hands, {**pick, "with": "Nobody", "shows": "made", "otherwise": [{"click": "#create"}]})
    assert page.locator("#party").input_value() == "made"


def test_rows_of_a_grid_are_made_and_filled(hands, page):
    """Places within a row are looked for in that row; amounts are keyed in the target's notation."""
    page.set_content(
        "<button id=add>+</button><table></table><script>const t = document.querySelector('table');"
        "add.onclick = () => t.insertRow().innerHTML = '<td><input class=net></td>'</script>"
    )
    do(
        hands,
        {
            "for_each": "line",
            "before": [{"click": "#add"}],
            "row": {"css": "tr", "nth": "{{ index }}"},
            "do": [{"fill": ".net", "with": "{{ line.net }}"}],
        },
    )
    keyed = [field.input_value() for field in page.locator(".net").all()]
    assert keyed == [f"{line.net:.2f}".replace(".", ",") for line in hands.words.value("coding").lines]


def test_the_browser_s_own_question_is_answered_as_the_script_says(hands, page):
    """No, unless the step says yes."""
    page.set_content(
        "<button id=ask>?</button><p></p><script>"
        "ask.onclick = () => document.querySelector('p').textContent = confirm('?')</script>"
    )
    do(hands, {"click": "#ask", "until": {"text": "false"}})
    do(hands, {"click": "#ask", "accept": True, "until": {"text": "true"}})


def test_what_appears_first_says_how_to_go_on(hands, page):
    """And what is read is kept; a step whose condition is empty is left out."""
    page.set_content("<p class=b>12</p><input id=a>")
    do(
        hands,
        {"either": [{"see": ".a"}, {"see": ".b", "do": [{"read": ".b", "into": "found"}]}]},
        {"fill": "#missing", "with": "x", "when": "{{ invoice.po_number }}"},
        {"fill": "#a", "with": "{{ read.found }}"},
    )
    assert page.locator("#a").input_value() == "12"


def test_a_secret_is_masked_in_pictures_and_absent_from_the_notes(hands, page, tmp_path):
    """Also in a field that shows its text."""
    page.set_content("<input id=p style='width: 300px; height: 40px'>")
    do(hands, {"fill": "#p", "with": "{{ secret.password }}"})
    picture = tmp_path / hands.trail.photograph(page, "log-in")
    box = page.locator("#p").bounding_box()
    with Image.open(picture) as image:
        inside = image.convert("RGB").crop(
            (int(box["x"]) + 4, int(box["y"]) + 4, int(box["x"] + box["width"]) - 4, int(box["y"] + box["height"]) - 4)
        )
    bounds = zip(inside.getextrema(), MASK, strict=True)  # JPEG is not exact
    assert all(abs(low - wanted) < 12 and abs(high - wanted) < 12 for (low, high), wanted in bounds)
    notes = tmp_path / hands.trail.keep()[-1]
    assert json.loads(notes.read_text("utf-8"))["step"] == "fill #p"
    assert "hunter2" not in notes.read_text("utf-8")


def test_what_does_not_come_is_a_changed_screen(hands, page):
    """The message names the step."""
    page.set_content("<p>Another version</p>")
    page.set_default_timeout(1_000)
    with pytest.raises(TargetRefused, match="#save") as caught:
        do(hands, {"click": "#save"})
    assert caught.value.specific_code == "screen-changed"


def test_a_message_of_the_target_ends_the_waiting(hands, page):
    """It is told in the target's words, not as a time-out."""
    page.set_content("<p class=erreur>Compte clôturé</p>")
    with pytest.raises(TargetRefused, match="Compte clôturé"):
        do(hands, {"expect": "#next"})
