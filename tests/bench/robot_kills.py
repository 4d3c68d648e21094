"""Posts generated invoices into the practice portal by screens on a bad day, and counts what became of them.

    python -m tests.bench.robot_kills [--count 200] [--kills 20] [--restarts 2] [--posters 1] [--home FOLDER]

The portal drops three in ten replies after the commit, pops up dialogs on a fifth of the pages, and is restarted; the
posters (`backoffice post --watch`, each with its Chromium) are killed by SIGKILL at random moments, half of the times
together with all that they started. What was cleared is drawn from the generator of samples, in euros, of rates that
the portal knows. See `tests.posting.robot.kills`.
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from rich.console import Console

from pipeline.bootstrap import SystemClock
from pipeline.posting.portal.app import FILE
from pipeline.posting.portal.books import Books
from pipeline.settings import Settings
from pipeline.store.ledger import open_ledger
from tests.posting.robot.kills import Came, Day, clear, live, records, wrong


def main() -> None:
    """Run, check and print; exit code 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, number in (("--count", 200), ("--kills", 20), ("--restarts", 2), ("--posters", 1)):
        parser.add_argument(name, type=int, default=number)
    parser.add_argument("--home", type=Path, help="An empty folder that is kept (default: one that is removed).")
    given = parser.parse_args()
    day = Day(given.count, given.kills, given.restarts, given.posters)
    with tempfile.TemporaryDirectory(prefix="backoffice-kills-") as folder:
        settings = Settings(home=given.home or Path(folder))
        cleared = records(day.seed, day.count)
        with open_ledger(settings.url, SystemClock()) as ledger:
            clear(ledger, settings, cleared)
            came = live(settings, ledger, day)
            books = Books(settings.home / FILE)
            found = wrong(settings, ledger, cleared, books)
            show(day, came, found, books, [event.kind for event in ledger.events()])
    raise SystemExit(1 if found else 0)


def show(day: Day, came: Came, found: list[str], books: Books, kinds: list[str]) -> None:
    """Print what was done, what came of it, and whatever is wrong."""
    say = partial(Console(soft_wrap=True, highlight=False).print, markup=False)
    vouchers = books.vouchers(posted=True)
    references = {row["reference"] for row in vouchers}
    say(f"records cleared: {day.count}; posters: {day.posters}")
    say(f"kills: {len(came.orphans)}; restarts of the portal: {day.restarts}")
    say(f"all of a killed poster gone after: {median(came.orphans):.2f} s (median), {max(came.orphans):.2f} s (most)")
    say(f"vouchers: {len(vouchers)}; invoices among them: {len(references)}")
    say(f"drafts left: {len(books.vouchers(posted=False))}")
    for kind in ("posting_sent", "posting_delayed", "posting_taken_back", "target_down", "posting_done"):
        say(f"{kind}: {kinds.count(kind)}")
    say(f"comparison of both ledgers: {came.compared}")
    say(f"exit codes of the posters: {came.exits}")
    say(f"minutes: {came.seconds / 60:.1f}")
    say("all is as it should be" if not found else "\n".join(found))


if __name__ == "__main__":
    main()
