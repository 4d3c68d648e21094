"""The speed of the web application's pages over a filled queue; a part of `python -m tests.bench.desk queue`."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.table import Table
from starlette.testclient import TestClient

from pipeline.bootstrap import SystemClock
from pipeline.settings import Settings
from pipeline.web.access import SESSION
from pipeline.web.app import create_app
from pipeline.web.services import open_services
from schemas.people import HOUSE, Role
from tests.bench.timing import p95, timed

WEB_CALLS = 50
WHO = "olga"
WEB_PAGES = {
    "queue": "/queue",
    "queue, one number": "/queue?q=FA-055555",
    "queue, nothing found": "/queue?q=no+such+seller",
    "queue, a rare reason": "/queue?reason=duplicate",
    "queue, a rare amount": "/queue?amount=4999.50",
    "documents": "/documents",
    "documents, one number": "/documents?q=FA-055555",
    "dashboard": "/dashboard",
}


def web_table(kind: str, url: str) -> Table:
    """The pages of the web application over the filled queue, asked through its whole stack, templates included."""
    table = Table(title=f"{kind}: pages of the web application; ms a request", title_justify="left")
    for name in ("what", "calls", "median", "p95", "p95 of CPU"):
        table.add_column(name, justify="left" if name == "what" else "right")
    with TemporaryDirectory(prefix="backoffice-desk-web-") as home:
        settings = Settings(home=Path(home), database_url=url)
        with open_services(settings, SystemClock()) as services, TestClient(create_app(services)) as browser:
            services.house.users.add(WHO, "bench", "first password 1")
            services.house.users.give_role(WHO, HOUSE, Role.OPERATOR, "bench")
            services.house.users.change_password(WHO, "first password 1", "another password 2")
            browser.cookies.set(SESSION, services.house.sessions.open(WHO), domain="testserver.local")
            for name, path in WEB_PAGES.items():
                assert browser.get(path).status_code == 200, path
                times, cpu = timed(lambda path=path: browser.get(path), WEB_CALLS)
                table.add_row(name, str(len(times)), f"{median(times):.1f}", f"{p95(times):.1f}", f"{p95(cpu):.1f}")
    return table
