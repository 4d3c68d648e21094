"""The server side of the connection, so that a reply can be lost after the work was done."""

from asyncio import Transport
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

EXTENSION = "portal.cut"


class Cut(Exception):
    """The connection was cut; there is nobody to answer."""


class CuttingProtocol(H11Protocol):
    """Lets the application cut the connection without an answer, as a network or a crash does."""

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[EXTENSION] = self.transport
            await inner(scope, receive, send)

        self.app = app


def cut(scope: Scope) -> None:
    """Cut the connection of a request. Raises Cut."""
    transport: Transport | None = scope.get("extensions", {}).get(EXTENSION)
    if transport is not None:
        transport.get_extra_info("socket").shutdown(2)
    raise Cut
