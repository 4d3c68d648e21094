"""Whatever dies or fails, in whatever order: one voucher an invoice, in the order of each supplier."""

import random
import shutil
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from threading import Event

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pipeline.posting.states import JobState
from pipeline.store.ledger import open_ledger
from tests.conftest import StillClock
from tests.posting.conftest import SUPERVISOR, Shop
from tests.posting.fakes import ASK_FAILURES, POST_FAILURES, SELLERS, FakeTarget, Killed, OneTarget

STEPS = ("take_back", "take", "sent", "finish", "fail")


class DyingOutbox:
    """An outbox whose poster is killed right before or right after one of its transactions."""

    def __init__(self, outbox, step: str, before: bool) -> None:
        self._outbox, self._step, self._before = outbox, step, before

    def __getattr__(self, name):
        method = getattr(self._outbox, name)
        if name != self._step:
            return method

        def dying(*arguments, **values):
            if not self._before:
                method(*arguments, **values)
            raise Killed

        return dying


def run_and_die(shop, outbox) -> None:
    with suppress(Killed):
        list(shop.poster(outbox=outbox).work(Event()))


def check(shop) -> None:
    """At no time is an invoice posted twice, and what counts as posted is there."""
    posted = Counter(one.reference for one in shop.books.vouchers if one.is_posted)
    assert all(count == 1 for count in posted.values())
    for one in shop.postings.all(limit=200):
        assert one.job.state is not JobState.POSTED or posted[one.job.reference] == 1


class Crashes(RuleBasedStateMachine):
    """Invoices come in, posters run, fail and die; time goes by; people retry."""

    template: Path

    @initialize()
    def begin(self) -> None:
        self.folder = Path(mkdtemp(dir=self.template.parent))
        shutil.copy(self.template, self.folder / "ledger.db")
        self.clock = StillClock()
        self.ledger = open_ledger(f"sqlite:///{self.folder / 'ledger.db'}", self.clock)
        self.shop = Shop(self.ledger, self.clock, self.folder, most_unknown=3, most_failures=4)
        self.cleared: dict[str, str] = {}
        self.retried = False

    @rule(seller=st.sampled_from(sorted(SELLERS)))
    def clear(self, seller) -> None:
        number = f"F-{len(self.cleared)}"
        self.cleared[number] = self.shop.pen.clear(number, seller)

    @rule(failures=st.lists(st.sampled_from((*ASK_FAILURES, *POST_FAILURES, "")), max_size=3))
    def post(self, failures) -> None:
        self.shop.post(*failures)

    @rule(step=st.sampled_from(STEPS), before=st.booleans(), failure=st.sampled_from(("", "reply-dropped", "down")))
    def die(self, step, before, failure) -> None:
        self.shop.target.failures = [failure] if failure else []
        run_and_die(self.shop, DyingOutbox(self.shop.outbox, step, before))

    @rule(seconds=st.sampled_from((1, 15, 31, 70, 1000)))
    def wait(self, seconds) -> None:
        self.clock.advance(seconds)

    @precondition(lambda self: self.shop.postings.counts()["dead"])
    @rule()
    def retry(self) -> None:
        self.retried = True
        for one in self.shop.postings.all(states=(JobState.DEAD,)):
            self.shop.postings.retry(SUPERVISOR, one.job.job_id)

    @invariant()
    def nothing_is_doubled(self) -> None:
        check(self.shop)

    def teardown(self) -> None:
        """Once nothing fails any more all of it is posted, once; in order, unless a person stepped in."""
        for _ in range(20):
            self.clock.advance(1000)
            if self.shop.postings.counts()["dead"]:
                self.retry()
            self.shop.post()
        check(self.shop)
        assert sorted(one.number for one in self.shop.books.vouchers) == sorted(self.cleared)
        if not self.retried:
            by_seller = defaultdict(list)
            for one in self.shop.books.vouchers:
                by_seller[one.seller_name].append(int(one.number.removeprefix("F-")))
            assert all(numbers == sorted(numbers) for numbers in by_seller.values())
        self.ledger.close()
        shutil.rmtree(self.folder)


def test_no_interleaving_of_crashes_doubles_or_loses_an_invoice(tmp_path):
    """Also with requests that the target finishes after its caller has died."""
    template = tmp_path / "template.db"
    open_ledger(f"sqlite:///{template}", StillClock()).close()
    machine = type("Crashes", (Crashes,), {"template": template})
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15, stateful_step_count=20, derandomize=True, deadline=None, suppress_health_check=slow
        ),
    )


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("before", [True, False])
def test_a_poster_killed_at_any_transaction_is_made_good(shop, step, before):
    """Right before or after it, on both databases."""
    shop.pen.clear("FA-1")
    shop.target.failures = ["down"] if step == "fail" else []
    run_and_die(shop, DyingOutbox(shop.outbox, step, before))
    for _ in range(4):
        shop.clock.advance(100)
        shop.post()
    assert [one.number for one in shop.books.vouchers] == ["FA-1"]
    assert shop.states() == ["posted"]


def test_many_posters_at_once_post_each_invoice_once(shop):
    """While replies get lost; each supplier's invoices stay in order."""
    shop.settings = shop.settings.model_copy(update={"doubt_seconds": 0.0, "retry_seconds": 0.001, "most_unknown": 99})
    shop.outbox._settings, shop.outbox._lease = shop.settings, timedelta(days=99)  # the clock runs while others work
    for number in range(18):
        shop.pen.clear(f"F-{number}", sorted(SELLERS)[number % 3])

    def work(seed: int) -> None:
        dice, target = random.Random(seed), FakeTarget(shop.books)
        poster = shop.poster(f"poster-{seed}")
        poster._targets, poster._is_gone = OneTarget(target), lambda _: False
        while shop.postings.counts()["posted"] < 18:
            target.failures = [dice.choice(("", "reply-dropped", "request-lost"))]
            shop.clock.advance(1)
            for _ in poster.work(Event()):
                target.failures = [dice.choice(("", "", "reply-dropped", "request-lost"))]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    check(shop)
    numbers = defaultdict(list)
    for one in shop.books.vouchers:
        numbers[one.seller_name].append(int(one.number.removeprefix("F-")))
    assert {seller: sorted(own) for seller, own in numbers.items()} == dict(numbers)
    assert len(shop.books.vouchers) == 18
    owners = {event.data["owner"] for event in shop.ledger.events(kind="posting_begun")}
    assert owners <= {f"poster-{seed}" for seed in range(4)}
