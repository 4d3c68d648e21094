"""Real posters in processes of their own, killed with SIGKILL while they work."""

import random
from collections import Counter
from multiprocessing import get_context

import pytest
from tenacity import retry, retry_if_result, stop_after_delay, wait_fixed

from pipeline.intake.archive import Archive
from pipeline.posting.reconcile import reconcile
from tests.posting.fakes import SELLERS, Pen
from tests.posting.on_disk import FolderTarget, post_until_done

MINUTES = 20 * 60


@pytest.mark.parametrize(
    ("invoices", "kills", "posters"),
    [
        pytest.param(8, 3, 1, id="one poster"),
        pytest.param(60, 20, 2, id="two posters", marks=pytest.mark.real),
    ],
)
def test_posters_that_are_killed_post_each_invoice_once(settings, sqlite_ledger, invoices, kills, posters):
    """Three in ten replies are dropped besides. At the end our ledger and the target's agree."""
    pen, dice = Pen(sqlite_ledger, Archive(settings.archive)), random.Random(20261127)
    for number in range(invoices):
        pen.clear(f"F-{number}", sorted(SELLERS)[number % 3])
    target = FolderTarget(settings.home / "books" / "main")
    context = get_context("forkserver")
    context.set_forkserver_preload(["pipeline.bootstrap", "tests.posting.on_disk"])

    def start():
        process = context.Process(target=post_until_done, args=(str(settings.home), invoices))
        process.start()
        return process

    running = [start() for _ in range(posters)]
    for _ in range(kills):
        victim = running.pop(0)
        wait_for_steps(target, steps(target) + dice.randint(1, 6), victim)
        victim.kill()
        victim.join()
        running.append(start())
    for process in running:
        process.join(MINUTES)
        assert process.exitcode == 0
    vouchers = list(target.vouchers())
    assert Counter(Counter(one.reference for one in vouchers).values()) == {1: invoices}
    found = reconcile(sqlite_ledger.database, target, "tests.posting.on_disk:make", "main")
    assert (found.posted, found.faults) == (invoices, ())


def steps(target: FolderTarget) -> int:
    """How many steps were taken in the target so far."""
    path = target.folder / "steps"
    return path.read_text().count("\n") if path.exists() else 0


@retry(retry=retry_if_result(lambda reached: not reached), wait=wait_fixed(0.002), stop=stop_after_delay(MINUTES))
def wait_for_steps(target: FolderTarget, wanted: int, victim) -> bool:
    """Return when so many steps were taken, or the poster is done before that."""
    return steps(target) >= wanted or not victim.is_alive()
