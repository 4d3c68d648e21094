"""The review page in a browser: by keyboard, by pointing at the page, by two people, against hostile documents."""

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import pipeline.models
from pipeline.batch import Source, process_sources
from pipeline.bootstrap import open_world
from pipeline.review.flow import State
from pipeline.settings import Settings
from pipeline.web.catalogue import invoices_of
from schemas import FieldName
from tests.web.filled import SCRIPT, add_invoice

SAMPLES = Path(__file__).parents[2] / "samples" / "set"
NATIVE, SCAN = "sums-fr.pdf", "scan-fr.pdf"


@pytest.fixture(scope="session")
def read(served) -> dict[str, str]:
    """Two real documents, a native PDF whose sums do not fit and a scan: document ids by file name."""
    home = served.services.settings.home
    settings = Settings(home=home, workers=1, models=_letting_nothing_through(home / "models"))
    with open_world(settings) as world:
        list(process_sources([Source(name, SAMPLES / name) for name in (NATIVE, SCAN)], world))
        return {name: world.ledger.named(name)[0].document_id for name in (NATIVE, SCAN)}


@pytest.fixture
def item_of(served):
    def item_of(document_id: str) -> int:
        return invoices_of(served.services.database, document_id)[0].item_id

    return item_of


def _letting_nothing_through(folder: Path) -> Path:
    """The models of this version without their risk-coverage curves, so that everything is reviewed."""
    shutil.copytree(Path(pipeline.models.__path__[0]), folder)
    path = folder / "calibration.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"coverage": {"text": [], "pixels": []}}))
    return folder


@pytest.fixture
def fresh(served, item_of):
    """A function that lets an invoice come in and returns its place in the queue."""

    def fresh(number: str, **given) -> int:
        return item_of(add_invoice(served.services, number, **given))

    return fresh


@pytest.fixture
def final(served):
    """A function that returns what became of an item, as the supervisor sees it."""

    def final(item_id: int):
        return served.services.desk.item(served.services.house.users.actor("sven"), item_id)

    return final


@pytest.fixture
def look(page, enter):
    """A function that opens an item as somebody and waits until it is his."""

    def look(item_id: int, user: str = "olga", page: Page = page) -> Page:
        enter(page, user)
        page.goto(f"/review/{item_id}")
        expect(page.locator("#approve")).to_be_enabled()
        return page

    return look


def field(page: Page, name: FieldName):
    return page.locator(f"#in-{name}")


def saved(page: Page) -> None:
    expect(page.locator("#draft-said")).to_have_text("Draft saved")


def test_an_invoice_is_corrected_by_keyboard_alone_and_the_next_one_opens(look, fresh, final):
    """The doubtful field has the focus; Enter leads to the button, Enter decides, and another item opens by itself."""
    item = fresh("KB-1")
    fresh("KB-2")
    page = look(item)
    expect(field(page, FieldName.INVOICE_NUMBER)).to_be_focused()
    page.keyboard.type("KB-0001")
    page.keyboard.press("Enter")
    expect(page.locator("#approve")).to_be_focused()
    expect(page.locator("#approve")).to_have_text("Correct and approve")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/review/" in url and not url.endswith(f"/{item}"))
    expect(page.locator("#approve")).to_be_enabled()
    record = final(item).final.record
    assert final(item).row.state is State.CORRECTED
    assert record.value(FieldName.INVOICE_NUMBER) == "KB-0001"


def test_sums_and_findings_follow_what_is_typed(look, read, item_of):
    """The total that fits takes the finding away and turns the sum green; nothing is decided by it."""
    page = look(item_of(read[NATIVE]))
    expect(page.locator("[data-sum=gross]")).to_have_class("differs")
    expect(page.locator("#errors")).to_contain_text("to mend")
    field(page, FieldName.GROSS_TOTAL).fill("2,130.31")
    expect(page.locator("[data-sum=gross]")).to_have_class("fits")
    expect(page.locator("#errors")).to_have_text("Nothing speaks against it")
    field(page, FieldName.GROSS_TOTAL).fill("about 2000")
    expect(page.locator("[data-field=gross_total] .rv-findings")).to_contain_text("A number, such as")
    field(page, FieldName.GROSS_TOTAL).fill("2230.31")
    saved(page)


@pytest.mark.parametrize("name", [NATIVE, SCAN])
def test_the_boxes_of_fields_lie_on_what_the_page_prints(look, read, item_of, served, name):
    """A click in the middle of a field's box takes its own value, also from a scan that was turned upright."""
    page = look(item_of(read[name]))
    expect(page.locator("#picture")).to_have_js_property("complete", True)
    number = field(page, FieldName.INVOICE_NUMBER)
    value = number.input_value()
    number.focus()
    expect(page.locator("#boxes rect.active")).to_be_visible()
    number.fill("")
    box = page.locator("#boxes rect.active").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(number).to_have_value(value)
    saved(page)


def test_a_drag_on_the_page_puts_the_value_into_the_active_field(look, read, item_of):
    """Also when the page is enlarged and turned."""
    page = look(item_of(read[NATIVE]))
    expect(page.locator("#boxes rect[data-for=buyer_name]")).to_be_visible()
    field(page, FieldName.PO_NUMBER).focus()
    page.keyboard.press("Alt+o")
    box = page.locator("#boxes rect[data-for=buyer_name]").bounding_box()
    page.mouse.move(box["x"] - 1, box["y"] - 1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 1, box["y"] + box["height"] + 1, steps=4)
    page.mouse.up()
    expect(field(page, FieldName.PO_NUMBER)).to_have_value("SAS Vasseur Bureautique")
    page.keyboard.press("Alt+u")
    expect(field(page, FieldName.PO_NUMBER)).to_have_value("CDE-2026-7735")


def test_a_draft_survives_a_reload_and_can_be_undone(look, fresh):
    """What was typed is there again; undo takes the steps back one by one."""
    page = look(fresh("DR-1"))
    due = field(page, FieldName.DUE_DATE)
    read = due.input_value()
    due.fill("15/04/2026")
    saved(page)
    due.fill("16/04/2026")
    saved(page)
    page.reload()
    expect(due).to_have_value("16/04/2026")
    expect(page.locator("#approve")).to_be_enabled()
    due.focus()
    page.keyboard.press("Alt+u")
    expect(due).to_have_value("15/04/2026")
    page.keyboard.press("Alt+u")
    expect(due).to_have_value(read)


def test_lines_are_added_and_removed_by_keyboard(look, fresh, final):
    """Alt+L adds a line, Alt+Delete takes it away, and the sum of the lines follows."""
    item = fresh("LI-1")
    page = look(item)
    page.keyboard.press("Alt+l")
    page.keyboard.type("Frais de port")
    page.locator("[data-target='lines.1.net_amount']").fill("10")
    expect(page.locator("[data-sum=lines]")).to_have_class("differs")
    page.keyboard.press("Alt+Delete")
    expect(page.locator("[data-sum=lines]")).to_have_class("fits")
    page.locator("[data-target='lines.0.description']").fill("Vis 4 x 45")
    saved(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: not url.endswith(f"/{item}"))
    assert [line.description for line in final(item).final.record.lines] == ["Vis 4 x 45"]


def test_two_browsers_on_one_item_end_in_one_decision_and_no_lost_typing(look, fresh, final, chromium, served, enter):
    """The second one is told who has it; the first one, whose item was taken meanwhile, keeps what he typed."""
    item = fresh("CO-1")
    first = look(item)
    field(first, FieldName.PO_NUMBER).fill("PO-77")
    saved(first)
    desk = served.services.desk
    olga = served.services.house.users.actor("olga")
    desk.release(olga, desk.claim(olga, item))  # another window of hers gave it back
    with chromium.new_context(base_url=served.url) as other:
        second = look(item, "sven", other.new_page())
        first.keyboard.press("Control+Enter")
        expect(first.locator("#trouble")).to_contain_text("sven is working on it")
        expect(field(first, FieldName.PO_NUMBER)).to_have_value("PO-77")
        second.keyboard.press("Control+Enter")
        second.wait_for_url(lambda url: not url.endswith(f"/{item}"))
    assert final(item).final.decided_by == "sven"
    assert desk.item(olga, item).typed.fields[FieldName.PO_NUMBER].text == "PO-77"


def test_a_second_pair_of_eyes_sees_what_the_first_did_and_is_another_persons(look, fresh, final, served, enter, page):
    """Above the client's amount a correction goes to a supervisor, who sees machine, first person and difference."""
    served.services.house.clients.set_policy("main", {"four_eyes_amount": "9000"}, "test")
    item = fresh("FE-1", gross="9600.00")
    look(item)
    field(page, FieldName.INVOICE_NUMBER).fill("FE-0001")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: not url.endswith(f"/{item}"))
    page.goto(f"/review/{item}")
    expect(page.locator("#approve")).to_have_count(0)
    look(item, "sven")
    expect(page.locator("#second")).to_contain_text("FE-1")
    expect(page.locator("#second")).to_contain_text("FE-0001")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: not url.endswith(f"/{item}"))
    ended = final(item).final
    assert (ended.first_by, ended.decided_by) == ("olga", "sven")


def test_scripts_in_a_document_do_not_run(look, fresh, page):
    """Seller, file name, findings and history are text; the page keeps its title and the console is silent."""
    item = fresh(SCRIPT.replace("/", "∕"), seller=SCRIPT)
    look(item)
    expect(field(page, FieldName.SELLER_NAME)).to_have_value(SCRIPT)
    field(page, FieldName.BUYER_NAME).fill(SCRIPT)
    page.keyboard.press("Alt+m")
    page.keyboard.type(SCRIPT)
    page.get_by_role("button", name="Add a note").click()
    expect(page.locator(".rv-note")).to_contain_text("onerror")
    page.reload()
    expect(page.locator("#around")).to_contain_text("History")
    assert "pwned" not in page.title() or "<" in page.title()
    assert page.locator("img[src=x]").count() == 0


def test_an_invoice_is_rejected_with_a_reason(look, fresh, final):
    """Alt+R asks for the reason; arrow keys choose it, Enter decides."""
    item = fresh("RE-1")
    page = look(item)
    page.keyboard.press("Alt+r")
    page.get_by_label("The invoice was received before").check()
    page.locator("#ask-reject textarea").fill("twice")
    page.locator("#ask-reject button.main").click()
    page.wait_for_url(lambda url: not url.endswith(f"/{item}"))
    ended = final(item).final
    assert (ended.decision, ended.reason) == (State.REJECTED, "duplicate")


def test_help_opens_on_a_question_mark_and_gives_the_focus_back(look, fresh):
    """Keys are explained without a mouse."""
    page = look(fresh("HE-1"))
    page.locator("#view").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(page.locator("#view")).to_be_focused()


def test_a_page_that_cannot_be_drawn_is_told_and_the_form_works(look, fresh):
    """A damaged file leaves the form usable."""
    page = look(fresh("BR-1"))
    expect(page.locator("#page-trouble")).to_be_visible()
    field(page, FieldName.PO_NUMBER).fill("PO-1")
    saved(page)
