"""Puts the application together: its pages, what guards them, and what it works with."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from pipeline.web.access import check_csrf, current_actor
from pipeline.web.faults import handle_errors
from pipeline.web.security import Guard
from pipeline.web.services import Services

STATIC = Path(__file__).parent / "static"
OPEN_PAGES = ("pipeline.web.sign_in", "pipeline.web.metrics")
"""Pages that ask for a session themselves, or for none."""
PAGES = tuple(
    f"pipeline.web.{name}"
    for name in (
        "queue",
        "review",
        "documents",
        "postings",
        "suppliers",
        "orders",
        "audit",
        "dashboard",
        "figures",
        "quality",
        "admin_clients",
        "admin",
    )
)
"""Pages for people who are signed in."""


def create_app(services: Services) -> FastAPI:
    """The web application over some services, which stay the caller's to close."""
    app = FastAPI(
        title="backoffice", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(check_csrf)]
    )
    app.state.services = services
    app.add_middleware(Guard)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for name in OPEN_PAGES:
        app.include_router(import_module(name).router)
    for name in filter(find_spec, PAGES):
        app.include_router(import_module(name).router, dependencies=[Depends(current_actor)])
    handle_errors(app)
    return app
