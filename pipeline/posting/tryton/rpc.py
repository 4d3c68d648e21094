"""A session with a Tryton server: JSON-RPC over HTTP, with Tryton's refusals and the network's failures as our errors.

Source: docs.tryton.org, "Remote Procedure Call", and `trytond/protocols` of 8.0.
"""

import base64
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Self

import httpx

from pipeline.errors import EnvironmentFault, OutcomeUnknown, PostingError, TargetDown, TargetRefused
from pipeline.posting.tryton.notation import from_json, to_json
from pipeline.settings import TrytonSettings

Row = dict[str, Any]
"""One record of a model: the values of the fields that were asked for, by name."""
Domain = list[Any]
"""A search condition as Tryton writes it, such as [["code", "=", "4011"]]."""

PAGE = 500


class Session:
    """Asks and tells one database. Logs in when needed, and again when the session has run out."""

    def __init__(self, access: TrytonSettings, database: str, transport: httpx.BaseTransport | None = None) -> None:
        self._access = access
        self._client = httpx.Client(
            base_url=f"{access.url.rstrip('/')}/{database}/",
            timeout=httpx.Timeout(access.timeout_seconds, connect=min(10.0, access.timeout_seconds)),
            transport=transport,
        )
        self._database = database
        self._ticket: str | None = None
        self._context: Row = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @property
    def company(self) -> int:
        """The company that the user works in. Raises EnvironmentFault when it has none."""
        if not self.context.get("company"):
            message = f"The user {self._access.user} works in no company of the Tryton database {self._database}."
            raise EnvironmentFault(message, remedy="Give the user a company in Tryton: Administration, Users.")
        return int(self.context["company"])

    @property
    def context(self) -> Row:
        """The user's preferences, which every call is made with: company, language, groups."""
        if not self._context:
            self._context = self.ask("model.res.user.get_preferences", True)
        return self._context

    def forget(self) -> None:
        """Take no preference for granted any more; they were changed."""
        self._context = {}

    def ask(self, method: str, *arguments: object) -> Any:
        """Call what changes nothing. Raises TargetDown, TargetRefused."""
        return self._call(method, arguments, TargetDown)

    def tell(self, method: str, *arguments: object) -> Any:
        """Call what changes something, in one transaction of its own: all of it happens or nothing.

        Raises OutcomeUnknown when the request was sent and no answer came; TargetDown, TargetRefused: nothing was done.
        """
        return self._call(method, arguments, OutcomeUnknown)

    def rows(self, model: str, domain: Domain, fields: list[str], limit: int | None = None) -> list[Row]:
        """The records of a model that a domain finds, in the order of their ids."""
        found: list[Row] = self.ask(f"model.{model}.search_read", domain, 0, limit, [["id", "ASC"]], fields)
        return found

    def all_rows(self, model: str, domain: Domain, fields: list[str]) -> Iterator[Row]:
        """As `rows`, page by page, so that a large table takes little memory."""
        last = 0
        while page := self.rows(model, [*domain, ["id", ">", last]], fields, PAGE):
            yield from page
            last = page[-1]["id"]

    def _call(self, method: str, arguments: tuple[object, ...], lost: type[PostingError]) -> Any:
        context = {} if method.endswith(".get_preferences") else self.context
        response = self._send(method, (*arguments, context), lost)
        if response.status_code == HTTPStatus.UNAUTHORIZED:  # the session ran out: nothing was done
            self._ticket = None
            response = self._send(method, (*arguments, context), lost)
        return _answer(response, method, lost)

    def _send(self, method: str, parameters: tuple[object, ...], lost: type[PostingError]) -> httpx.Response:
        self._ticket = self._ticket or self._log_in()
        return self._post(method, parameters, lost, {"Authorization": f"Session {self._ticket}"})

    def _log_in(self) -> str:
        """The ticket of a new session. Raises TargetRefused for a wrong password, TargetDown."""
        user, kept = self._access.user, self._access.password
        password = kept.get_secret_value() if kept else ""
        response = self._post("common.db.login", (user, {"password": password}, "en"), TargetDown, {})
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            raise TargetRefused(f"Tryton does not let {user} into {self._database}.", code="log-in", remedy=_LOG_IN)
        if response.status_code == HTTPStatus.NOT_FOUND:
            raise TargetDown(f"Tryton does not reach a database called {self._database}.", remedy=_LOG_IN)
        number, token, *_ = _answer(response, "common.db.login", TargetDown)
        return base64.b64encode(f"{user}:{number}:{token}".encode()).decode()

    def _post(
        self, method: str, parameters: tuple[object, ...], lost: type[PostingError], headers: dict[str, str]
    ) -> httpx.Response:
        body = to_json({"id": 1, "method": method, "params": parameters})
        try:
            return self._client.post("rpc/", content=body, headers={"Content-Type": "application/json", **headers})
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise TargetDown(f"Tryton at {self._access.url} cannot be reached: {error}") from error
        except httpx.HTTPError as error:
            raise lost(f"No answer of Tryton to {method}: {type(error).__name__} {error}".rstrip()) from error


_LOG_IN = "Check `tryton.database`, `tryton.user` and `tryton.password` in the settings."
_RESTING = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


def _answer(response: httpx.Response, method: str, lost: type[PostingError]) -> Any:
    """What the server answered. An error in an answer of its own means that it has rolled back."""
    status = response.status_code
    if status in _RESTING:
        raise TargetDown(f"Tryton takes no requests now (HTTP {status}).")
    if response.is_server_error:
        raise lost(f"Tryton, or a server in front of it, failed at {method} (HTTP {status}).")
    if response.is_error:
        raise TargetRefused(f"Tryton refused {method} (HTTP {status}): {response.text[:200]}")
    try:
        answer = from_json(response.content)
        error = answer.get("error")
    except (ValueError, AttributeError, TypeError, KeyError) as wrong:
        raise lost(f"What came back for {method} is no answer of Tryton.") from wrong
    if error:
        raise _refusal(error, method, lost)
    return answer.get("result")


def _refusal(error: list[Any], method: str, lost: type[PostingError]) -> PostingError:
    kind, told = error[0], error[1] if len(error) > 1 else ""
    match kind, told:
        case "UserError", [message, description, *_]:
            return TargetRefused(_sentence(message, description))
        case "UserWarning", [_, message, *description]:
            return TargetRefused(_sentence(message, *description), code="target-warns", remedy=_WARNED)
        case "ConcurrencyException", _:
            return TargetDown("Somebody else is changing the same record in Tryton.")
        case _:
            return lost(f"Tryton failed at {method}: {str(kind)[:300]}")


_WARNED = "Look in Tryton whether the warning is right; if not, post it there by hand with the same description."


def _sentence(*parts: str | None) -> str:
    return " ".join(part.strip() for part in parts if part and part.strip())
