"""Errors as pages: what happened in a sentence, its code, and what to do about it."""

from collections.abc import Mapping
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from pipeline.errors import BackofficeError, StoreError
from pipeline.house.errors import SignInRefused, TooManyAttempts, UnknownClient, UnknownUser
from pipeline.posting.errors import JobNotFound, WrongJobState
from pipeline.review.errors import ItemNotFound, ItemTaken, NotAllowed, SamePerson
from pipeline.suppliers.rule_shelf import Outdated
from pipeline.web.access import (
    CsrfRefused,
    PageNotFound,
    PasswordChangeNeeded,
    SignInNeeded,
    Visit,
    csrf_of,
    language_of,
)
from pipeline.web.pages import is_part, made
from pipeline.web.security import HEADERS

STATUS: Mapping[type[BackofficeError], int] = {
    PageNotFound: 404,
    ItemNotFound: 404,
    JobNotFound: 404,
    UnknownClient: 404,
    UnknownUser: 404,
    SignInRefused: 403,
    TooManyAttempts: 429,
    NotAllowed: 403,
    CsrfRefused: 403,
    ItemTaken: 409,
    WrongJobState: 409,
    SamePerson: 409,
    Outdated: 409,
    StoreError: 503,
    BackofficeError: 422,
}
"""The status of an error: that of its class, or of the nearest one that the class is made from."""
PASSWORD_PAGE, SIGN_IN_PAGE = "/account/password", "/sign-in"

_log = structlog.get_logger()


def handle_errors(app: FastAPI) -> None:
    """Let every error of the application end in a page."""
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(PasswordChangeNeeded, _to_password)
    app.add_exception_handler(BackofficeError, _known)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _badly_formed)
    app.add_exception_handler(Exception, _unknown)


def status_of(error: BackofficeError) -> int:
    """The HTTP status of an error."""
    return next(STATUS[one] for one in type(error).__mro__ if one in STATUS)


def show(request: Request, error: BackofficeError, status: int | None = None) -> Response:
    """The page of an error, or the part that htmx puts where messages stand."""
    visit = getattr(request.state, "visit", None) or Visit(None, language_of(request), csrf_of(request))
    template = "part_error.html" if is_part(request) else "error.html"
    return made(request, visit, template, status or status_of(error), failure=error.failure())


def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, BackofficeError)  # noqa: S101 (it is registered for that)
    return show(request, error)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code in (404, 405):
        return show(request, PageNotFound("There is no such page."), error.status_code)
    return show(request, BackofficeError(str(error.detail), code="http"), error.status_code)


def _badly_formed(request: Request, _: Exception) -> Response:
    """A path that is no number, a field that is missing: nothing that a page of ours sends."""
    if request.method in ("GET", "HEAD"):
        return show(request, PageNotFound("There is no such page."))
    return show(request, BackofficeError("The form is not complete.", code="bad-form", remedy="Fill it in again."))


def _unknown(request: Request, error: Exception) -> Response:
    _log.error("request failed", path=request.url.path, error=repr(error))
    remedy = "Try it again; if it stays, tell whoever runs this server. The log has the details."
    answer = show(request, BackofficeError("Something went wrong here.", code="fault", remedy=remedy), 500)
    answer.headers.update({**HEADERS, "Cache-Control": "no-store"})  # this handler stands outside of the guard
    return answer


def _to_sign_in(request: Request, _: Exception) -> Response:
    there = request.url.path if request.method == "GET" and not is_part(request) else "/"
    if there == "/":
        return _go(request, SIGN_IN_PAGE)
    if request.url.query:
        there = f"{there}?{request.url.query}"
    return _go(request, f"{SIGN_IN_PAGE}?{urlencode({'next': there})}")


def _to_password(request: Request, _: Exception) -> Response:
    return _go(request, PASSWORD_PAGE)


def _go(request: Request, path: str) -> Response:
    if is_part(request):
        return Response(headers={"HX-Redirect": path})
    return RedirectResponse(path, 303)
