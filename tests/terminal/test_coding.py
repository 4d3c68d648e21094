"""The accounts in the terminal session: always seen, changed by keys, settled with the decision."""

from pipeline.posting.coding.shelf import CodingShelf
from pipeline.review.flow import State
from pipeline.terminal.grids import Cells
from pipeline.terminal.told import coding
from tests.terminal.conftest import ANNE
from tests.terminal.test_work import shown


def learned(desk, clock):
    return {(one.text, one.account, one.cost_centre) for one in CodingShelf(desk.database, clock).history().entries}


def test_what_is_approved_untouched_is_what_was_shown_and_teaches(put, work, desk, books, clock):
    """The line with the accounts is there without a key."""
    put("FA-1")

    async def script(pilot):
        assert "Imputation sûre à 60%" in shown(pilot, "#coding-line")
        assert "606300" in shown(pilot, "#coding-line")
        await pilot.press("ctrl+s")

    work(script, books=books)
    assert desk.item(ANNE, 1).row.state is State.APPROVED
    assert learned(desk, clock) == {("Vis", "606300", None)}


def test_an_account_and_a_centre_are_typed_and_kept(put, work, desk, books, clock):
    """Ctrl+G shows the table, Enter goes from account to centre and back to the fields; a wrong one is refused."""
    put("FA-1")

    async def script(pilot):
        await pilot.press("ctrl+g")
        assert pilot.app.where == "coding.0.account"
        await pilot.press(*"6O")
        assert "✗" not in shown(pilot, "#coding-line")
        await pilot.press("ctrl+s")
        assert pilot.app.session.item is not None
        assert "6O" in shown(pilot, "#status")
        await pilot.press("ctrl+x", *"6068", "enter")
        assert pilot.app.where == "coding.0.cost_centre"
        await pilot.press(*"ADM", "enter")
        assert not isinstance(pilot.app.grid, Cells)
        assert "606800 ADM" in shown(pilot, "#coding-line")
        await pilot.press("ctrl+s")

    work(script, books=books)
    assert learned(desk, clock) == {("Vis", "606800", "ADM")}


def test_rows_follow_the_lines_and_one_account_goes_to_all(put, work, desk, books, clock):
    """A line that was added has a row; Ctrl+Y gives all rows the account at the cursor, and it can be undone."""
    put("FA-1")

    async def script(pilot):
        session = pilot.app.session
        await pilot.press("ctrl+l", "ctrl+b", *"Transport")
        session.put("lines.1.net_amount", "40")
        session.put("lines.0.net_amount", "60")
        pilot.app.show()
        assert [one.account for one in session.start.coding] == ["606300", "624100"]
        await pilot.press("ctrl+g", "ctrl+y")
        assert [one.account for one in session.now().coding.chosen()] == ["606300", "606300"]
        await pilot.press("ctrl+z")
        assert [one.account for one in session.now().coding.chosen()] == ["606300", "624100"]
        await pilot.press("ctrl+s")

    work(script, books=books)
    assert learned(desk, clock) == {("Vis", "606300", None), ("Transport", "624100", None)}


def test_a_client_that_posts_nowhere_has_no_accounts(put, work):
    """Nothing is shown, and nothing has to be settled."""
    put("FA-1")

    async def script(pilot):
        assert shown(pilot, "#coding-line") == ""
        assert str(coding(pilot.app.session, pilot.app.session.now())) == ""
        await pilot.press("ctrl+s")
        assert pilot.app.session.item is None

    work(script)
