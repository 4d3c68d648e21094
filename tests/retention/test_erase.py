"""What is erased is gone from everywhere, and what must stay stays, on both databases."""

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import MetaData, select

from pipeline.house.audit import verify
from pipeline.house.clients import Clients
from pipeline.invariants.check import check
from pipeline.invariants.place import Place
from pipeline.reading.kept import place_of, sheet_name
from pipeline.retention.due import ERASED, Standing, find_kept, list_kept
from pipeline.retention.erase import Eraser
from pipeline.review.labelled import append_truth
from pipeline.settings import RetentionSettings, Settings
from pipeline.store.tables import DocumentRow
from schemas import StraightThrough
from tests.posting.conftest import Shop
from tests.posting.fakes import record

SELLER = "Garnier"
OVER = date(2037, 1, 1)
TERMS = RetentionSettings()


class StillLater:
    """A clock that is ten years ahead."""

    def __init__(self, clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now() + timedelta(days=3660)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def shop(ledger, clock, tmp_path) -> Shop:
    return Shop(ledger, clock, tmp_path)


@pytest.fixture
def eraser(shop, settings, clock) -> Eraser:
    return Eraser(settings, shop.database, shop.archive, StillLater(clock))


def kept(shop, document, on=OVER):
    return find_kept(shop.database, TERMS, on, document)


def everything(database) -> str:
    """All rows of all tables but the audit trail and its sums, as one text."""
    with database.reading() as session:
        tables = MetaData()
        tables.reflect(session.connection())
        names = sorted(set(tables.tables) - {"events", "tallies", "alembic_version"})
        return "\n".join(str(row) for name in names for row in session.execute(select(tables.tables[name])))


def checked(shop, settings, clock) -> list[str]:
    place = Place(settings, shop.database, shop.archive, clock, settings.home / "anchors.jsonl", lambda _: True)
    return [f"{found.code}: {found.message}" for found in check(place).violations]


def test_what_is_erased_is_nowhere_any_more(shop, eraser, settings, clock):
    """Neither in a table nor in a file; the chain verifies, nothing is amiss, and the event says who and why."""
    document = shop.pen.clear("FA-4711", SELLER)
    shop.post()
    found = shop.ledger.find(document)
    page = place_of(settings.pages, sheet_name(found.sha256, 1))
    page.parent.mkdir(parents=True)
    page.write_text(SELLER)
    for number, name in enumerate((document, "another")):
        append_truth(settings.labelled, shop.archive.path(found.sha256), record(f"FA-{number}", SELLER), name, 1)
    assert SELLER in everything(shop.database)
    eraser.erase(kept(shop, document).document, "anne", "its time is over")
    assert SELLER not in everything(shop.database)
    assert "4711" not in everything(shop.database)
    assert not shop.archive.path(found.sha256).exists()
    assert not page.exists()
    lines = (settings.labelled / "truth.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["another/1"]
    (event,) = shop.ledger.events(kind=ERASED)
    assert (event.actor, event.data) == ("anne", {"sha256": found.sha256, "why": "its time is over"})
    assert verify(shop.database, ()).faults == ()
    assert checked(shop, settings, clock) == []
    (outcome,) = shop.ledger.outcomes(document)
    assert (outcome.record, [reason.code for reason in outcome.decision.reasons]) == (None, ["erased"])
    assert kept(shop, document) is None


def test_the_others_stay_as_they_are(shop, eraser, settings, clock):
    """To the last row; and a key that was posted once is still known as posted."""
    document, other = shop.pen.clear("FA-1", SELLER), shop.pen.clear("FA-2", "Martin")
    shop.post()
    before = seen(shop, other)
    reference = shop.job(document).reference
    eraser.erase(kept(shop, document).document, "anne", "")
    assert seen(shop, other) == before
    assert shop.job(document).reference == reference
    assert checked(shop, settings, clock) == []


def test_bytes_that_another_client_keeps_stay(shop, eraser):
    """The archive has them once; they go with the last document."""
    mine = shop.pen.settle("FA-1", SELLER, "main", StraightThrough(), content="the same bytes")
    with shop.database.writing() as session:
        row = session.get_one(DocumentRow, mine)
        sha256 = row.sha256
    Clients(shop.database, shop.clock).add("other", "Other", "root")
    theirs = shop.pen.settle("FA-1", SELLER, "other", StraightThrough(), content="the same bytes")
    shop.post()
    eraser.erase(kept(shop, mine).document, "anne", "")
    assert shop.archive.path(sha256).exists()
    eraser.erase(kept(shop, theirs).document, "anne", "")
    assert not shop.archive.path(sha256).exists()


def test_bytes_that_are_dropped_again_are_removed_again(shop, eraser):
    """They are known by their hash and not read; the archive must not keep them for that."""
    document, other = (
        shop.pen.settle("FA-1", SELLER, "main", StraightThrough(), content="again"),
        shop.pen.clear("FA-2"),
    )
    shop.post()
    eraser.erase(kept(shop, document).document, "anne", "")
    assert eraser.remove_returned() == 0
    sha256 = shop.archive.put_bytes(b"again")
    assert eraser.remove_returned() == 1
    assert not shop.archive.path(sha256).exists()
    assert shop.archive.path(shop.ledger.find(other).sha256).exists()


def test_a_crash_in_the_middle_is_gone_on_from(shop, eraser, monkeypatch):
    """Files first: until the event is written the document is still due."""
    document = shop.pen.clear("FA-1", SELLER)
    shop.post()
    found = kept(shop, document).document
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.retention.erase._statements", broken)
        with pytest.raises(RuntimeError):
            eraser.erase(found, "anne", "")
    assert SELLER in everything(shop.database)
    eraser.erase(kept(shop, document).document, "anne", "")
    assert SELLER not in everything(shop.database)
    assert len(shop.ledger.events(kind=ERASED)) == 1


def seen(shop, document):
    original = shop.archive.path(shop.ledger.find(document).sha256)
    return shop.ledger.outcomes(document), shop.job(document), original.read_bytes()


def broken(*_):
    raise RuntimeError("the power is gone")


@pytest.mark.parametrize(
    ("on", "standing"),
    [(date(2026, 12, 1), Standing.KEPT), (date(2036, 12, 31), Standing.KEPT), (OVER, Standing.DUE)],
)
def test_a_voucher_is_due_when_its_term_is_over(shop, on, standing):
    """The day after the last day of the tenth year, not one earlier."""
    document = shop.pen.clear("FA-1", SELLER)
    shop.post()
    assert kept(shop, document, on).standing is standing
    assert [one.document.document_id for one in list_kept(shop.database, TERMS, on)] == [document]


def test_what_is_worked_on_is_never_due(shop):
    """A posting that waits, or a person who has not decided yet; ten years later too."""
    waiting, doubtful = shop.pen.clear("FA-1", SELLER), shop.pen.doubt("FA-2", SELLER)
    assert {kept(shop, one).standing for one in (waiting, doubtful)} == {Standing.OPEN}
