"""What the hands and eyes do on a page, each on a page of its own that does just that."""

from types import SimpleNamespace

import pytest
from pydantic import TypeAdapter

from pipeline.errors import TargetDown
from pipeline.posting.robot.browser import Window
from pipeline.posting.robot.eyes import Eyes
from pipeline.posting.robot.hands import Hands
from pipeline.posting.robot.language import Click, Expect, Fill, GoTo, Pick, Place, ReadBack
from pipeline.posting.robot.look import prove
from pipeline.posting.robot.script import Cells, load_script
from pipeline.posting.robot.trail import Trail
from pipeline.posting.robot.words import Words

pytestmark = pytest.mark.real
"""A browser of its own, which a worker that has one already cannot start."""

VOUCHER = {name: {"value": "1"} for name in ("target_id", "seller_name", "number", "net", "tax", "gross")}
PROPOSING = """
<input id=who><ul></ul><p id=asked></p>
<script>
let asked = []
const who = document.querySelector('#who'), list = document.querySelector('ul')
who.oninput = () => {
  asked.push(who.value)
  list.innerHTML = who.value ? '<li>Martin &amp; fils (12)</li>' : ''
  list.querySelector('li')?.addEventListener('click', () => { who.value = 'Martin & fils (12)'; list.innerHTML = '' })
  document.querySelector('#asked').textContent = asked.filter(Boolean).join(' ')
}
</script>
"""
SWAPPING = """
<input id=shown value="0,00"><input id=keyed type=number step=0.01 style="display: none">
<script>
const shown = document.querySelector('#shown'), keyed = document.querySelector('#keyed')
const swap = (there, gone) => { gone.style.display = 'none'; there.style.display = '' }
shown.onfocus = () => { swap(keyed, shown); setTimeout(() => keyed.focus()) }
const write = value => (+value).toLocaleString('fr', {minimumFractionDigits: 4})
keyed.onblur = () => { shown.value = write(keyed.value); swap(shown, keyed) }
</script>
<button>Next</button>
"""
POPPING = """
<dialog><input><button onclick="this.parentNode.remove()">Later</button></dialog>
<script>
let taken
who.addEventListener('keydown', (event) => { if (event.key === '1') document.querySelector('dialog')?.showModal() })
document.querySelector('dialog input').oninput = (event) => { taken = event.target.value }
</script>
"""


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    window = Window(tmp_path_factory.mktemp("browser") / "session.json", 30.0)
    yield window
    window.close()


@pytest.fixture
def hands(window, tmp_path):
    """Hands on an empty page."""
    script = load_script("portal").model_copy(update={"tables": {"signs": {"€": "EUR"}}, "glance": 5.0})
    words = Words(script.notation, {"reference": "r", "coding": SimpleNamespace(), "invoice": SimpleNamespace()})
    yield Hands(window.page(), script, words, Trail(tmp_path, tmp_path / "evidence", ()))
    window.forget()


def test_what_the_target_adds_to_a_picked_value_is_no_difference(hands):
    """The number is keyed at once, so that no part of it is looked for, and the field then shows more than that."""
    hands.page.set_content(PROPOSING)
    hands.do((Pick.model_validate({"pick": "#who", "with": "12", "option": "li", "at_once": True, "begins": ""}),))
    assert hands.page.input_value("#who") == "Martin & fils (12)"
    assert hands.page.inner_text("#asked") == "12"


def test_a_number_is_keyed_into_the_field_that_takes_the_place_of_the_one_that_shows_it(hands):
    """The one wants a point and no groups, the other shows a comma, groups and more decimals."""
    hands.page.set_content(SWAPPING)
    step = {"fill": "#shown", "into": "#keyed", "with": "1234.5", "shows": "1234,50", "leave": True}
    hands.do((Fill.model_validate(step), ReadBack(read_back="screen")))
    assert hands.page.input_value("#shown").split() == ["1", "234,5000"]


def test_what_a_window_took_while_a_choice_was_keyed_is_keyed_once_more(hands):
    """A window comes with the first character and has the focus from then on; it is sent away."""
    hands.page.set_content(PROPOSING + POPPING)
    hands.page.add_locator_handler(hands.page.locator("dialog button"), lambda button: button.click())
    hands.do((Pick.model_validate({"pick": "#who", "with": "12", "option": "li", "begins": ""}),))
    assert hands.page.input_value("#who") == "Martin & fils (12)"
    assert hands.page.evaluate("taken") == "12"


def test_a_page_that_asks_whether_it_may_be_left_is_left(hands):
    """The script said so; other questions of the browser are answered by no."""
    hands.page.set_content('<button onclick="onbeforeunload = e => e.preventDefault()">Work</button>')
    hands.do((Click.model_validate({"click": "button"}), GoTo(goto="data:text/html,<p id=next>next</p>")))
    hands.do((Expect.model_validate({"expect": "#next"}),))


def test_a_chain_of_questions_is_waited_for_to_its_end(hands):
    """An answer leads to the next question a moment later; what the last one brings is what is read back."""
    hands.page.route("**/data", lambda route: route.fulfill(body="[]"))
    hands.page.route("http://shop.test/", lambda route: route.fulfill(content_type="text/html", body="<p>0</p><input>"))
    hands.do((GoTo(goto="http://shop.test/"),))
    hands.page.evaluate(
        """() => { const next = () => fetch('/data').then(r => r.json()).then(() => {
             const p = document.querySelector('p'); p.textContent = +p.textContent + 1
             if (+p.textContent < 6) setTimeout(next, 1) })
           document.querySelector('input').onchange = next }"""
    )
    hands.do((Fill.model_validate({"fill": "input", "with": "x", "leave": True}),))
    hands.eyes.settle(hands.words)
    assert hands.page.inner_text("p") == "6"


def test_a_value_that_a_slow_target_is_at_work_on_is_waited_for(hands):
    """Longer than a glance, as long as the screen says that it works."""
    script = hands.script.model_copy(update={"glance": 0.001, "busy": Place(css="#busy")})
    hands = Hands(hands.page, script, hands.words, hands.trail)
    hands.page.set_content(
        """<input id=total value="0,00"><p id=busy>…</p><script>
        let frames = 30
        const draw = () => {
          if (frames--) return requestAnimationFrame(draw)
          document.querySelector('#total').value = '12,00'
          document.querySelector('#busy').remove()
        }
        draw()</script>"""
    )
    hands.do((Expect.model_validate({"expect": "#total", "shows": "12,00"}),))


def test_no_step_is_begun_after_its_time_unless_the_order_was_submitted(hands):
    """The job's lease would run out, and another poster would begin; what was submitted is read back all the same."""
    hands.page.set_content("<p id=there>there</p>")
    step = Expect.model_validate({"expect": "#there"})
    hands.begin(hands.words, hands.trail, until=0.0)
    with pytest.raises(TargetDown, match="longer"):
        hands.do((step,))
    hands.submitted = True
    hands.do((step,))


def test_web_components_are_looked_into_where_the_script_says_so(hands):
    """Elsewhere the way through all elements is spared."""
    hands.page.set_content("<div></div>")
    hands.page.evaluate("document.querySelector('div').attachShadow({mode: 'open'}).innerHTML = '<b>deep</b>'")
    assert hands.eyes.locate(Place(css="b"), hands.words).count() == 0
    eyes = Eyes(hands.page, hands.script.model_copy(update={"shadow": True}))
    assert eyes.text(Place(css="b"), hands.words) == "deep"


def test_a_cell_may_be_a_part_of_what_is_shown_in_the_words_of_a_table(hands):
    """A reference stands in a sentence, and a currency behind an amount as a sign."""
    hands.page.set_content("<p>Martin F-1 [0123456789abcdef0123]</p><b>1 200,00 €</b>")
    cells = {
        **VOUCHER,
        "reference": {"css": "p", "pattern": r"\[([0-9a-f]{20})\]"},
        "issue_date": {"value": "03/03/2026"},
        "gross": {"css": "b"},
        "currency": {"css": "b", "pattern": r"([^\d\s,]+)$", "table": "signs"},
    }
    voucher = prove(hands, TypeAdapter(Cells).validate_python(cells))
    assert (voucher.reference, voucher.gross, voucher.currency) == ("0123456789abcdef0123", 1200, "EUR")
