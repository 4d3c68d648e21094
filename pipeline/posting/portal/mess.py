"""Answers that come late, and those that are status 500."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.posting.portal.site import FOLDER, Site

_QUIET = ("/static/", "/admin/")


class Mess:
    """Between the browser and the pages. Nothing is done before a status 500."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith(_QUIET):
            await self._app(scope, receive, send)
            return
        mischief = self._site.mischief
        if scope["path"].startswith(("/api/fournisseurs/", "/api/comptes/")):
            await asyncio.sleep(mischief.switches.refresh)
        await asyncio.sleep(mischief.delay())
        if mischief.happens(mischief.switches.errors):
            await _broken(send)
            return
        await self._app(scope, receive, send)


async def _broken(send: Send) -> None:
    body = (FOLDER / "templates" / "broken.html").read_bytes()
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
