"""The session as a person works it: by keys alone, on a real desk, without a screen."""

from datetime import timedelta
from decimal import Decimal

from textual.widgets import Static

from pipeline.review.desk import LEASE
from pipeline.review.flow import State
from pipeline.terminal.ask import Ask, Sheet
from pipeline.terminal.crop import Crop
from pipeline.terminal.grids import Cells, Entry, Fields
from pipeline.terminal.page_view import PageView
from schemas import FieldName
from schemas.policy import MAIN
from tests.terminal.conftest import ANNE, BEN, RIVAL


def shown(pilot, selector: str) -> str:
    """What a part of the screen says."""
    return str(pilot.app.query_one(selector, Static).visual)


def row_of(pilot, name: str) -> str:
    """A row of the list of fields as text."""
    fields = pilot.app.query_one(Fields)
    return " | ".join(str(cell) for cell in fields.get_row_at(fields._names.index(name)))


async def settled(pilot) -> None:
    """Until every worker is through."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def final(desk, item_id: int):
    return desk.item(ANNE, item_id).final


def test_the_doubtful_field_comes_first_with_its_reason_and_its_picture(put, work):
    """A person sees at once what is asked of him."""
    put("FA-1")

    async def script(pilot):
        await settled(pilot)
        assert pilot.app.where == "invoice_number"
        assert pilot.app.query_one(Entry).value == "FA-1"
        assert "The number is doubtful." in shown(pilot, "#about")
        assert RIVAL in shown(pilot, "#about")
        assert "40%" in row_of(pilot, "invoice_number")
        assert pilot.app.query_one(Crop).is_picture

    work(script)


def test_a_correction_needs_the_keyboard_alone_and_the_next_item_opens_by_itself(put, work, desk):
    """Typing replaces what stands there; one key approves."""
    put("FA-1"), put("FA-2")

    async def script(pilot):
        await pilot.press(*"FA-17", "ctrl+s")
        assert pilot.app.session.item.record.value(FieldName.INVOICE_NUMBER) == "FA-2"
        assert pilot.app.query_one(Entry).value == "FA-2"

    work(script)
    done = final(desk, 1)
    assert done.decision is State.CORRECTED
    assert done.record.value(FieldName.INVOICE_NUMBER) == "FA-17"
    assert done.decided_by == "anne"


def test_an_invoice_that_is_right_is_approved_with_one_key_and_an_empty_queue_says_so(put, work, desk):
    """Nothing is asked where nothing is to be said; then there is nothing left to do."""
    put("FA-1")

    async def script(pilot):
        await pilot.press("ctrl+s")
        assert pilot.app.session.item is None
        assert "Nothing waits for you." in shown(pilot, "#title")
        put("FA-2")
        await pilot.press("enter")
        assert pilot.app.query_one(Entry).value == "FA-2"

    work(script, language="en")
    assert final(desk, 1).decision is State.APPROVED


def test_a_competing_reading_is_taken_with_one_key_and_with_its_place(put, work, desk):
    """The place teaches the supplier memory where to look."""
    put("FA-1")

    async def script(pilot):
        await pilot.press("f2")
        assert pilot.app.query_one(Entry).value == RIVAL
        await pilot.press("ctrl+s")

    work(script)
    field = final(desk, 1).record.fields[FieldName.INVOICE_NUMBER]
    assert (field.value, field.page, field.box.x0) == (RIVAL, 1, 100)


def test_undo_takes_back_one_place_at_a_time(put, work):
    """What was typed into one field is one step, however many keys it took."""
    put("FA-1")

    async def script(pilot):
        await pilot.press(*"AB", "down", *"quote")
        session = pilot.app.session
        assert (session.text("invoice_number"), session.text("doc_type")) == ("AB", "quote")
        await pilot.press("ctrl+z")
        assert (session.text("invoice_number"), session.text("doc_type")) == ("AB", "invoice")
        await pilot.press("ctrl+z")
        assert session.text("invoice_number") == "FA-1"
        await pilot.press("ctrl+z")
        assert shown(pilot, "#status") == "There is nothing to undo."

    work(script, language="en")


def test_the_rules_speak_while_one_types_in_the_persons_notation(put, work):
    """A wrong total is told beside the field and in the sums before anything is decided."""
    put("FA-1")

    async def script(pilot):
        rows = pilot.app.query_one(Fields)._names.index("gross_total")
        await pilot.press(*["down"] * rows, *"1 230,50")
        assert pilot.app.session.now().preview.record.value(FieldName.GROSS_TOTAL) == Decimal("1230.50")
        assert "✗" in row_of(pilot, "gross_total")
        assert "1\N{NARROW NO-BREAK SPACE}230,50" in shown(pilot, "#sums")
        await pilot.press("backspace", *"x")
        assert row_of(pilot, "gross_total").startswith("?")

    work(script)


def test_a_rule_that_speaks_against_it_asks_for_a_word(put, work, desk):
    """Only with a note does a record with an error go through; Escape leaves it open."""
    put("FA-1", gross_total=Decimal("130.00"))

    async def script(pilot):
        await pilot.press("ctrl+s")
        assert isinstance(pilot.app.screen, Ask)
        await pilot.press("escape")
        assert pilot.app.session.item is not None
        await pilot.press("ctrl+s", "4", "enter")
        assert isinstance(pilot.app.screen, Ask)
        await pilot.press("1", *"twice", "enter")

    work(script, language="en")
    assert final(desk, 1).decision is State.APPROVED
    assert [note.text for note in desk.item(ANNE, 1).notes] == ["The page says so. twice"]


def test_what_is_typed_is_kept_as_a_draft_and_is_there_again(put, work, desk):
    """Nobody types the same thing twice: leaving gives the item back and keeps the draft."""
    put("FA-1")

    async def script(pilot):
        await pilot.press(*"DRAFT")
        await settled(pilot)
        assert desk.item(ANNE, 1).typed.fields[FieldName.INVOICE_NUMBER].text == "DRAFT"
        await pilot.press("ctrl+q")

    async def again(pilot):
        assert pilot.app.query_one(Entry).value == "DRAFT"

    work(script)
    assert desk.item(ANNE, 1).row.state is State.WAITING
    work(again)


def test_an_item_that_was_lost_is_told_and_what_was_typed_stays(put, work, desk, clock):
    """Somebody else took it while the phone rang: nothing is decided twice, and no typing is lost."""
    put("FA-1")

    async def script(pilot):
        clock.advance((LEASE + timedelta(minutes=1)).total_seconds())
        hold = desk.claim(BEN, 1)
        await pilot.press(*"MINE", "ctrl+s")
        await settled(pilot)
        assert "ben is working on it" in shown(pilot, "#status")
        assert pilot.app.query_one("#status").has_class("alarm")
        assert pilot.app.query_one(Entry).value == "MINE"
        assert final(desk, 1) is None
        desk.release(BEN, hold)
        await pilot.press("ctrl+t")
        assert pilot.app.query_one(Entry).value == "MINE"
        await pilot.press("ctrl+s")

    work(script, language="en")
    assert final(desk, 1).record.value(FieldName.INVOICE_NUMBER) == "MINE"


def test_lines_are_typed_added_and_removed_in_the_table(put, work, desk):
    """The table is worked like the fields: what is typed goes into the cell at the cursor."""
    put("FA-1")

    async def script(pilot):
        await pilot.press("ctrl+l", *"Vis inox", "enter", "4", "tab", "tab", *"25,00")
        line = pilot.app.session.now().preview.record.lines[0]
        assert (line.description, line.quantity, line.unit_price) == ("Vis inox", 4, Decimal("25.00"))
        await pilot.press("ctrl+b", *"Port")
        assert pilot.app.query_one("#lines", Cells).row_count == 2
        await pilot.press("ctrl+d", "ctrl+l")
        assert pilot.app.where == "invoice_number"
        await pilot.press("ctrl+s")

    work(script)
    (line,) = final(desk, 1).record.lines
    assert (line.description, line.quantity, line.unit_price) == ("Vis inox", 4, Decimal("25.00"))


def test_vat_rows_are_typed_in_their_table(put, work):
    """So is the VAT breakdown, and its sum is told at once."""
    put("FA-1")

    async def script(pilot):
        await pilot.press("ctrl+v", "tab", "tab", "tab", *"19,00")
        assert pilot.app.session.now().preview.record.vat_breakdown[0].amount == Decimal("19.00")
        assert "TVA 19,00 ✗ 20,00 (1,00)" in shown(pilot, "#sums")

    work(script)


def test_an_invoice_is_rejected_with_a_coded_reason(put, work, desk):
    """One digit names the reason; the note may stay empty."""
    put("FA-1")

    async def script(pilot):
        await pilot.press("ctrl+r", "2", "enter")
        assert pilot.app.session.item is None

    work(script)
    assert (final(desk, 1).decision, final(desk, 1).reason) == (State.REJECTED, "duplicate")


def test_an_invoice_is_put_off_for_some_days(put, work, desk, clock):
    """It waits again by itself; what was typed is kept."""
    put("FA-1")

    async def script(pilot):
        await pilot.press(*"LATER", "ctrl+p", "1", "3", "enter", "enter")
        assert pilot.app.session.item is None

    work(script)
    item = desk.item(ANNE, 1)
    assert (item.row.state, item.row.reason) == (State.POSTPONED, "asked-supplier")
    assert item.typed.fields[FieldName.INVOICE_NUMBER].text == "LATER"


def test_a_supervisor_is_asked_with_a_question_and_a_note_is_added(put, work, desk):
    """Both are there for whoever looks next."""
    put("FA-1")

    async def script(pilot):
        await pilot.press("ctrl+n", *"called them", "enter")
        assert "anne: called them" in shown(pilot, "#reasons")
        await pilot.press("ctrl+e", *"pay?", "enter")

    work(script)
    assert desk.item(ANNE, 1).row.state is State.ESCALATED
    assert [note.text for note in desk.item(ANNE, 1).notes] == ["called them", "pay?"]


def test_an_item_is_left_for_the_one_behind_it(put, work, desk):
    """The one left waits for anybody again."""
    put("FA-1"), put("FA-2")

    async def script(pilot):
        await pilot.press("ctrl+k")
        assert pilot.app.query_one(Entry).value == "FA-2"
        assert desk.item(ANNE, 1).row.state is State.WAITING

    work(script)


def test_fields_to_be_keyed_blind_show_no_machine_value(put, work, desk, settle_on):
    """The second person keys the number without seeing it; approving without it is refused."""
    settle_on(client_id=MAIN, double_keyed=(FieldName.INVOICE_NUMBER,))
    put("FA-1")

    async def first(pilot):
        await pilot.press("ctrl+s")

    async def second(pilot):
        await settled(pilot)
        assert pilot.app.query_one(Entry).value == ""
        screen = pilot.app.export_screenshot()
        assert RIVAL not in screen
        assert "40%" not in screen
        assert not pilot.app.query_one(Crop).is_picture
        await pilot.press("ctrl+s")
        assert "Not keyed yet" in shown(pilot, "#status")
        await pilot.press(*"FA-1", "ctrl+s")
        assert pilot.app.session.item is None

    work(first)
    work(second, actor=BEN, language="en")
    assert final(desk, 1).decision is State.APPROVED


def test_without_a_picture_the_text_that_was_read_is_shown(put, work, pages):
    """A page that cannot be drawn does not stop the work."""
    put("FA-1")
    pages.broken = True

    async def script(pilot):
        await settled(pilot)
        crop = pilot.app.query_one(Crop)
        assert not crop.is_picture
        line = "".join(segment.text for segment in crop.render_line(crop.size.height // 2))
        assert "read as: FA-1" in line

    work(script, language="en")


def test_a_question_mark_shows_the_keys_and_within_a_text_it_is_text(put, work):
    """Help is one key away and does not get into a value."""
    put("FA-1")

    async def script(pilot):
        await pilot.press("question_mark")
        assert isinstance(pilot.app.screen, Sheet)
        await pilot.press("escape")
        assert pilot.app.session.text("invoice_number") == "FA-1"
        await pilot.press("A", "question_mark")
        assert pilot.app.session.text("invoice_number") == "A?"

    work(script)


def test_the_page_is_looked_at_enlarged_and_turned(put, work):
    """The whole page is one key away."""
    put("FA-1")

    async def script(pilot):
        await pilot.press("ctrl+o")
        await settled(pilot)
        assert isinstance(pilot.app.screen, PageView)
        assert "1 sur 2" in str(pilot.app.screen.query_one("#page-keys", Static).visual)
        await pilot.press("pagedown", "plus", "down", "right")
        await settled(pilot)
        assert "2 sur 2" in str(pilot.app.screen.query_one("#page-keys", Static).visual)
        await pilot.press("escape")
        assert pilot.app.session.item is not None

    work(script)


def test_it_speaks_french_and_english_and_writes_dates_as_the_person_does(put, work):
    """The same item in both languages."""
    put("FA-1")

    async def french(pilot):
        assert "valider" in shown(pilot, "#keys")
        assert "02/03/2026" in row_of(pilot, "issue_date")
        assert "120,00" in row_of(pilot, "gross_total")
        await pilot.press("ctrl+q")

    async def english(pilot):
        assert "approve" in shown(pilot, "#keys")
        assert "120.00" in row_of(pilot, "gross_total")

    work(french)
    work(english, language="en")
