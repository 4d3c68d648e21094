"""`backoffice retention`: it tells before it erases, and never erases what must be kept."""

import pytest

from pipeline.bootstrap import load_settings, open_the_ledger
from pipeline.intake.archive import Archive
from schemas import Reason, Rejected
from tests.posting.fakes import Pen

NO_INVOICE = Rejected(reasons=(Reason(code="no-invoice", message="Not an invoice."),))


@pytest.fixture
def filled(tmp_path):
    """A home with a voucher that waits to be posted and something that is no invoice; gives their ids."""
    settings = load_settings(tmp_path)
    with open_the_ledger(settings) as ledger:
        pen = Pen(ledger, Archive(settings.archive))
        return pen.clear("FA-1"), pen.settle("CARD", "Garnier", "main", NO_INVOICE)


def standing(document, settings):
    with open_the_ledger(settings) as ledger:
        return Archive(settings.archive).path(ledger.find(document).sha256).exists()


def test_the_list_says_until_when_everything_is_kept(run, filled, tmp_path):
    """Only what is due without --all; nothing is, in the year in which it came."""
    assert run("retention", "list", "--home", tmp_path).stdout == ""
    shown = run("retention", "list", "--all", "--home", tmp_path).stdout
    assert [line.split("  ")[0] for line in shown.splitlines()] == sorted(filled)
    assert "until 2036-12-31  open  FA-1.pdf" in shown
    assert "until 2036-12-31  no voucher  CARD.pdf" in shown


def test_nothing_is_erased_without_yes(run, filled, tmp_path):
    """The command tells what it would do; with --yes the bytes are gone."""
    voucher, card = filled
    settings = load_settings(tmp_path)
    erase = ("retention", "delete", "--document", card, "--as", "anne", "--why", "asked for", "--home", tmp_path)
    assert "1 would be erased" in run(*erase).stderr
    assert standing(card, settings)
    assert "1 erased" in run(*erase, "--yes").stderr
    assert not standing(card, settings)
    assert standing(voucher, settings)


def test_what_must_be_kept_is_refused(run, filled, tmp_path):
    """A voucher on its way, a document that nobody knows, a day that has not come."""
    voucher, _ = filled
    for words in (("--document", voucher), ("--document", "0" * 16), ("--on", "2199-01-01")):
        done = run("retention", "delete", *words, "--yes", "--home", tmp_path)
        assert done.exit_code == 2
    assert standing(voucher, load_settings(tmp_path))
