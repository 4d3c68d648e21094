"""`backoffice review`, as a person at a terminal and a script use it."""

import json
import shutil

import pytest

from pipeline.review.correct import NotReadable
from pipeline.review.errors import AccountsMissing, ErrorsLeft, ItemNotFound
from tests.cli.conftest import SAMPLES


@pytest.fixture(scope="module")
def read(tmp_path_factory, run):
    """A home with an invoice whose sums are wrong, and a quote."""
    folder = tmp_path_factory.mktemp("read") / "home"
    run("process", SAMPLES / "sums-fr.pdf", SAMPLES / "quote-fr.pdf", "--home", folder, "--workers", "1")
    return folder


@pytest.fixture
def home(tmp_path, read):
    """The same home, of one's own."""
    return shutil.copytree(read, tmp_path / "home")


def rows(run, home, *words):
    return json.loads(run("review", "list", "--json", "--home", home, *words).output)


def test_a_queue_is_worked_off_from_the_terminal(run, home):
    """List, take, correct with a note, reject; then nothing waits, and the decision taught its supplier."""
    by_file = {row["file_name"]: row["item_id"] for row in rows(run, home)}
    assert set(by_file) == {"sums-fr.pdf", "quote-fr.pdf"}
    taken = json.loads(run("review", "next", "--json", "--as", "anne", "--home", home).output)
    assert taken["holder"] == "anne"
    refused = run("review", "approve", by_file["sums-fr.pdf"], "--as", "anne", "--home", home)
    assert isinstance(refused.exception, ErrorsLeft)
    done = run(
        "review", "correct", by_file["sums-fr.pdf"], "--set", "gross_total=2 130,31", "--as", "anne", "--home", home
    )  # fmt: skip
    assert done.output == f"Item {by_file['sums-fr.pdf']} is corrected.\n"
    run("review", "reject", by_file["quote-fr.pdf"], "--reason", "not-an-invoice", "--as", "anne", "--home", home)
    assert rows(run, home) == []
    assert run("review", "next", "--home", home).exit_code == 1
    shown = json.loads(run("review", "show", by_file["sums-fr.pdf"], "--json", "--home", home).output)
    assert shown["final"]["record"]["fields"]["gross_total"]["value"] == "2130.31"
    counted = json.loads(run("review", "stats", "--json", "--home", home).output)
    assert counted["decided"] == {"corrected": 1, "rejected": 1}
    assert counted["samples"]["error_rate"]["of"] == 0
    [supplier] = json.loads(run("suppliers", "list", "--json", "--home", home).output)
    assert supplier["has_rules"]
    assert len((home / "labelled" / "truth.jsonl").read_text("utf-8").splitlines()) == 1


def test_a_supervisor_is_asked_and_puts_an_item_ahead(run, home):
    """What is ahead comes first; what was asked is with the supervisor, with the question."""
    last = rows(run, home)[-1]["item_id"]
    run("review", "prioritise", last, "--home", home)
    assert rows(run, home)[0]["item_id"] == last
    asked = run("review", "escalate", last, "--note", "Is it ours?", "--home", home)
    assert asked.output == f"Item {last} is escalated (A supervisor was asked).\n"
    assert "Is it ours?" in run("review", "show", last, "--home", home).output


def test_people_read_tables(run, home):
    """The same without --json; other clients' items are not there."""
    assert "sums" in run("review", "list", "--home", home).output
    item = rows(run, home, "--text", "sums")[0]["item_id"]
    shown = run("review", "show", item, "--home", home).output
    assert "gross_total" in shown
    assert rows(run, home, "--client", "other") == []
    later = run("review", "postpone", item, "--reason", "asked-supplier", "--days", "2", "--home", home)
    assert "The supplier was asked" in later.output
    assert "overdue" in run("review", "stats", "--home", home).output
    assert isinstance(run("review", "show", 99, "--home", home).exception, ItemNotFound)
    assert run("review", "correct", item, "--set", "no_such_field=1", "--home", home).exit_code == 1


def test_accounts_are_shown_and_settled_from_the_command_line(run, home):
    """For a client that posts: with their sureness, by one account for all, taught and posted so; else refused."""
    item = rows(run, home, "--text", "sums")[0]["item_id"]
    words = ("review", "correct", item, "--set", "gross_total=2 130,31", "--as", "anne", "--home", home)
    refused = run(*words, "--account", "615000")
    assert isinstance(refused.exception, AccountsMissing)
    run("clients", "policy", "main", "--set", "posting_target=books", "--home", home)
    shown = json.loads(run("review", "show", item, "--json", "--home", home).output)["coding"]
    assert (shown["lines"], shown["trouble"][:3]) == ([], "Net")
    assert isinstance(run(*words, "--account", "6O").exception, NotReadable)
    assert isinstance(run(*words, "--centre", "ADM").exception, SystemExit)
    assert "corrected" in run(*words, "--account", "615", "--centre", "ADM").output
    after = json.loads(run("review", "show", item, "--json", "--home", home).output)["coding"]
    assert {(one["account"], one["cost_centre"], one["confidence"]) for one in after["lines"]} == {
        ("615000", "ADM", 1.0)
    }
    assert "615000" in run("review", "show", item, "--home", home).output
    [job] = json.loads(run("postings", "list", "--json", "--home", home).output)["jobs"]
    assert {(one["account"], one["cost_centre"]) for one in job["coding"]["lines"]} == {("615000", "ADM")}
