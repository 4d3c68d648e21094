"""Puts the portal together."""

import secrets
from pathlib import Path

import uvicorn
from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from pipeline.posting.portal import admin, closing, directory, grid, header, ledger, sign_in
from pipeline.posting.portal.books import Books, Closed
from pipeline.posting.portal.mess import Mess
from pipeline.posting.portal.site import FOLDER, Outside, Site, inside
from pipeline.posting.portal.switches import Mischief, Switches
from pipeline.posting.portal.visits import Visits
from pipeline.posting.portal.wire import Cut, CuttingProtocol

FILE = "portal.db"


def create_portal(home: Path, switches: Switches, user: str, password: str, token: str = "") -> FastAPI:
    """The portal over the books in a folder. Without a token nobody may change its switches at run time."""
    books, mischief = Books(home / FILE), Mischief(switches)
    site = Site(books, mischief, Visits(books, mischief, user, password), token or secrets.token_urlsafe())
    app = FastAPI(title="Portail comptable", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = site
    app.state.dropped = set()
    app.add_middleware(Mess, site=site)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    app.include_router(sign_in.router)
    app.include_router(admin.router)
    for pages in (ledger, directory, header, grid, closing):
        app.include_router(pages.router, dependencies=[Depends(inside)])
    app.add_exception_handler(Outside, _ask_to_enter)
    app.add_exception_handler(Closed, _no_draft)
    app.add_exception_handler(Cut, _nobody_hears)
    return app


def server_of(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    """A server for it, that can lose replies."""
    return uvicorn.Server(
        uvicorn.Config(
            app, host=host, port=port, log_level="warning", http=CuttingProtocol, ws="none", server_header=False
        )
    )


def _ask_to_enter(request: Request, _error: Exception) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": "session"}, 401)
    return RedirectResponse("/connexion?expiree=1", 303)


def _no_draft(_request: Request, _error: Exception) -> Response:
    return RedirectResponse("/brouillons", 303)


def _nobody_hears(_request: Request, _error: Exception) -> Response:
    return Response(status_code=503)  # never arrives, except where there is no connection to cut, as in tests
