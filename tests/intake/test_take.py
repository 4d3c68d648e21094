"""Files named on the command line come in by copy."""

from pipeline.intake.arrival import Received, Refused
from pipeline.intake.take import take_files


def test_sources_stay_where_they_are(settings, sqlite_ledger, clock, tmp_path, pdf):
    """Files and folders are archived and registered, and nothing is moved."""
    folder = tmp_path / "scans" / "deep"
    folder.mkdir(parents=True)
    for number in range(3):
        (folder / f"{number}.pdf").write_bytes(pdf(number))
    single = tmp_path / "single.pdf"
    single.write_bytes(pdf(9))
    arrivals = take_files([tmp_path / "scans", single], settings, sqlite_ledger, clock)
    assert [arrival.path.name for arrival in arrivals] == ["0.pdf", "1.pdf", "2.pdf", "single.pdf"]
    assert all(isinstance(arrival, Received) and arrival.is_new and arrival.path.exists() for arrival in arrivals)
    assert len(sqlite_ledger.pending()) == 4


def test_taking_again_is_seen(settings, sqlite_ledger, clock, tmp_path, pdf):
    """The same file taken twice is one document that was seen again."""
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf())
    answers = [take_files([path], settings, sqlite_ledger, clock)[0].is_new for _ in range(3)]
    assert answers == [True, False, False]
    assert sqlite_ledger.status().seen_again == 2


def test_what_is_not_taken_has_a_reason(settings, sqlite_ledger, clock, tmp_path):
    """Every path given has an answer: broken, unknown, missing files too."""
    (tmp_path / "empty.pdf").touch()
    (tmp_path / "note.txt").write_text("hello")
    paths = [tmp_path / name for name in ("empty.pdf", "note.txt", "missing.pdf")]
    arrivals = take_files(paths, settings, sqlite_ledger, clock)
    assert all(isinstance(arrival, Refused) for arrival in arrivals)
    assert [arrival.reason.code for arrival in arrivals] == ["empty", "unknown-format", "unreadable"]
    assert sqlite_ledger.status().refused == 3


def test_a_link_that_was_named_is_followed(settings, sqlite_ledger, clock, tmp_path, pdf):
    """A link on the command line is what the user means; its own name is kept."""
    (tmp_path / "target.bin").write_bytes(pdf())
    (tmp_path / "link.pdf").symlink_to(tmp_path / "target.bin")
    (arrival,) = take_files([tmp_path / "link.pdf"], settings, sqlite_ledger, clock)
    assert isinstance(arrival, Received)
    assert (arrival.path.name, arrival.document.file_name) == ("link.pdf", "link.pdf")
