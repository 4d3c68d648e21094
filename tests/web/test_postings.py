"""The page of postings: what waits and why, what needs somebody, and what he may do."""

import pytest

from pipeline.posting.states import JobState
from schemas.people import HOUSE, Actor, Role

SUPERVISOR = Actor(user="sven", roles={HOUSE: frozenset({Role.SUPERVISOR})})


@pytest.fixture
def job(home):
    return f"/postings/main/{home._refused(home.through)}"


def test_a_dead_letter_is_shown_with_its_reason_and_remedy(home, job):
    """In the person's language; only a supervisor gets the buttons."""
    page = home.browser("sven").get("/postings/main?state=problems").text
    assert "The period is closed." in page
    assert "Try again" in page
    french = home.browser("olga").get("/postings/main?state=problems", headers={"accept-language": "fr"}).text
    assert "Comptabilisation" in french
    assert "Réessayer" not in french


def test_jobs_say_what_they_wait_for(home):
    """No accounting system is set in this home."""
    assert "No accounting system is set for this client" in home.browser("olga").get("/postings/main").text


def test_a_supervisor_lets_it_be_tried_again(home, job):
    """It waits again afterwards."""
    got = home.browser("sven").post(f"{job}/retry")
    assert (got.status_code, got.headers["location"]) == (303, "/postings/main?state=problems")
    number = int(job.rpartition("/")[2])
    assert home.services.postings.get(SUPERVISOR, number).job.state is JobState.WAITING


def test_a_job_is_closed_with_a_note_only(home, job):
    """Without one the page says so and nothing changes."""
    browser = home.browser("sven")
    assert browser.post(f"{job}/close", data={"ending": "by-hand"}).status_code == 409
    assert browser.post(f"{job}/close", data={"ending": "by-hand", "note": "keyed"}).status_code == 303
    number = int(job.rpartition("/")[2])
    assert home.services.postings.get(SUPERVISOR, number).job.note == "keyed"
    assert browser.post(f"{job}/close", data={"ending": "by-hand", "note": "again"}).status_code == 409


def test_pictures_are_shown_and_nothing_outside_the_home(home, job):
    """Whatever path a row names."""
    browser = home.browser("olga")
    got = browser.get(f"{job}/evidence/0")
    assert (got.status_code, got.headers["content-type"]) == (200, "image/png")
    (home.services.settings.home.parent / "secret").write_text("secret")
    assert browser.get(f"{job}/evidence/1").status_code == 404
    assert browser.get(f"{job}/evidence/7").status_code == 404


def test_a_job_of_another_client_is_not_there(home, job):
    """Not even under the client's own address."""
    number = job.rpartition("/")[2]
    assert home.browser("root").get(f"/postings/north/{number}/evidence/0").status_code == 404
