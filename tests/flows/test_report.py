"""The report flow writes the key figures of a week, in both languages."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.bootstrap import SystemClock
from pipeline.intake.archive import Archive
from pipeline.store.ledger import open_ledger
from tests.posting.fakes import Pen

pytestmark = pytest.mark.usefixtures("prefect_server")


def test_a_run_of_the_flow_writes_the_week_in_both_languages(settings):
    """Two files that need nothing else, with the figures of that week."""
    from flows.report import report  # not before the server's address is in the environment

    with open_ledger(settings.url, SystemClock()) as ledger:
        Pen(ledger, Archive(settings.archive)).clear("FA-1")
        Pen(ledger, Archive(settings.archive)).doubt("FA-2")
    today = datetime.now(UTC).date()
    files = report(home=str(settings.home), last=today.isoformat())
    french, english = (Path(name).read_text(encoding="utf-8") for name in files)
    assert [Path(name).name for name in files] == [f"{today}.fr.html", f"{today}.en.html"]
    assert '<html lang="fr">' in french
    assert "Passées sans intervention" in french
    assert "1 of 2" in english
    assert "src=" not in english
