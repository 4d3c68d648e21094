"""The web application over a home with two clients, six people and some invoices."""

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from pipeline.bootstrap import SystemClock
from pipeline.errors import TargetRefused
from pipeline.house.sessions import csrf_token
from pipeline.settings import Settings
from pipeline.store.posting_tables import PostingJobRow
from pipeline.web.access import CSRF_HEADER, SESSION
from pipeline.web.app import create_app
from pipeline.web.services import open_services
from tests.web.filled import SCRIPT, add_invoice, fill_people


class Home:
    """The application, what it works with, and the documents in it."""

    def __init__(self, services) -> None:
        self.services = services
        self.app = create_app(services)
        self.mine = add_invoice(services, "FA-1")
        self.hostile = add_invoice(services, "FA-2", seller=SCRIPT, gross="4800.00")
        self.through = add_invoice(services, "FA-3", needs_person=False)
        self.theirs = add_invoice(services, "NO-1", seller="Nordlys", client="north")
        self.job = self._refused(self.through)

    def _refused(self, document_id: str) -> int:
        """The posting job of a document, refused by the accounting system, with a picture of that."""
        picture = self.services.settings.home / "evidence" / "closed.png"
        picture.parent.mkdir(exist_ok=True)
        picture.write_bytes(b"\x89PNG")
        failure = TargetRefused("The period is closed.").failure().model_dump(mode="json")
        with self.services.database.writing() as session:
            job = session.scalars(select(PostingJobRow).where(PostingJobRow.document_id == document_id)).one()
            job.state, job.failure, job.evidence = "dead", failure, ["evidence/closed.png", "../secret"]
            return job.id

    def client(self) -> TestClient:
        """A browser in which nobody is signed in; it follows no redirects."""
        return TestClient(self.app, follow_redirects=False)

    def browser(self, user: str) -> TestClient:
        """A browser in which somebody is signed in, and whose requests carry the form token."""
        token = self.services.house.sessions.open(user)
        browser = self.client()
        browser.cookies.set(SESSION, token, domain="testserver.local")
        browser.headers[CSRF_HEADER] = csrf_token(token)
        return browser

    def item(self, document_id: str) -> int:
        """The place of a document in the queue."""
        from pipeline.web.catalogue import invoices_of

        found = invoices_of(self.services.database, document_id)[0].item_id
        assert found is not None
        return found


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("web"), workers=1)
    with open_services(settings, SystemClock()) as services:
        fill_people(services)
        yield Home(services)
