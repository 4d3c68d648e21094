"""Many people on one queue: nothing is decided twice and nothing that was typed is lost."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

from pipeline.bootstrap import SystemClock
from pipeline.review.desk import Desk
from pipeline.review.errors import ItemTaken
from pipeline.store.database import Database
from schemas import FieldName
from schemas.edits import Edits
from tests.review.conftest import person

PEOPLE = 8
NUMBER = FieldName.INVOICE_NUMBER


def typed_by(name: str, item: int) -> Edits:
    return Edits(fields={NUMBER: f"by {name} {item}"})


def race(desk: Desk, name: str, item: int) -> str:
    """Claim an item and correct it; gives what became of it."""
    actor = person(name)
    try:
        desk.correct(actor, desk.claim(actor, item), typed_by(name, item))
    except ItemTaken:
        desk.save_draft(actor, item, typed_by(name, item))
        return "taken"
    return "won"


def work_off(job: tuple[str, str]) -> list[int]:
    """In a process of its own: take and decide items until none is left."""
    url, name = job
    database, actor = Database(url), person(name)
    desk, mine = Desk(database, SystemClock()), []
    while (hold := desk.claim_next(actor)) is not None:
        desk.correct(actor, hold, typed_by(name, hold.item_id))
        mine.append(hold.item_id)
    database.close()
    return mine


def test_of_many_who_race_for_an_item_one_decides(desk, put, ledger):
    """One wins, all others are told; every one's typing is there afterwards."""
    items = [put(f"F-{number}") for number in range(5)]
    names = [f"p{number}" for number in range(PEOPLE)]
    with ThreadPoolExecutor(PEOPLE) as pool:
        for item in items:
            answers = list(pool.map(lambda name, item=item: race(desk, name, item), names))
            assert Counter(answers) == {"won": 1, "taken": PEOPLE - 1}
            winner = names[answers.index("won")]
            final = desk.item(person(winner), item).final
            assert (final.decided_by, final.record.value(NUMBER)) == (winner, f"by {winner} {item}")
            kept = {name: desk.item(person(name), item).typed for name in names if name != winner}
            assert kept == {name: typed_by(name, item) for name in kept}
    decided = Counter(event.data["item"] for event in ledger.events(kind="review_corrected"))
    assert decided == dict.fromkeys(items, 1)


def test_one_hold_decides_once_whoever_hands_it_in(desk, put, ledger):
    """The same request sent many times over is one decision."""
    item = put()
    actor = person("anne")
    hold = desk.claim(actor, item)

    def send(_: int) -> str:
        try:
            desk.approve(actor, hold)
        except ItemTaken:
            return "taken"
        return "won"

    with ThreadPoolExecutor(PEOPLE) as pool:
        assert Counter(pool.map(send, range(PEOPLE))) == {"won": 1, "taken": PEOPLE - 1}
    assert len(ledger.events(kind="review_approved")) == 1


def test_processes_share_a_queue_without_meeting(database_url, desk, put):
    """Each item is worked on by exactly one process, and its value is that process's."""
    items = [put(f"F-{number}") for number in range(12)]
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        shares = list(pool.map(work_off, [(database_url, f"p{number}") for number in range(3)]))
    assert sorted(item for share in shares for item in share) == sorted(items)
    for number, share in enumerate(shares):
        for item in share:
            assert desk.item(person("x"), item).final.record.value(NUMBER) == f"by p{number} {item}"
