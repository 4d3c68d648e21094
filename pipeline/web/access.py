"""Who asks: the session behind a request, and what a page may demand of it."""

from secrets import token_urlsafe
from typing import Annotated, NamedTuple
from urllib.parse import quote

from fastapi import Depends, Request, Response

from pipeline.errors import BackofficeError
from pipeline.house.sessions import csrf_token, is_csrf_token
from pipeline.web.services import services_of
from pipeline.web.texts import choose_language
from schemas.people import Actor

SESSION, VISITOR, LANGUAGE = "backoffice_session", "backoffice_visitor", "backoffice_language"
"""The cookies: who is signed in, who is about to, and in which language he reads."""
CSRF_FIELD, CSRF_HEADER = "csrf", "X-CSRF-Token"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class SignInNeeded(BackofficeError):
    """Nobody is signed in."""

    code = "sign-in-needed"
    remedy = "Sign in."


class PasswordChangeNeeded(BackofficeError):
    """The password is one that somebody else knows."""

    code = "password-change-needed"
    remedy = "Choose a password of your own."


class CsrfRefused(BackofficeError):
    """The request does not come from a page of this application."""

    code = "csrf"
    remedy = "Go back, load the page again, and send it once more."


class PageNotFound(BackofficeError):
    """There is nothing here, or nothing that this person may see."""

    code = "not-found"
    remedy = "Check the address, or go to the queue."


class Visit(NamedTuple):
    """What is known of the person behind a request."""

    actor: Actor | None
    language: str
    csrf: str
    """Goes into every form, and by htmx into a header."""


def visit_of(request: Request) -> Visit:
    """The visit that a request belongs to; looked up once. Raises StoreError."""
    known = getattr(request.state, "visit", None)
    if not isinstance(known, Visit):
        token = request.cookies.get(SESSION)
        actor = services_of(request).house.sessions.find(token) if token else None
        known = request.state.visit = Visit(actor, language_of(request), csrf_of(request))
    return known


def language_of(request: Request) -> str:
    """The language in which the person reads."""
    return choose_language(request.cookies.get(LANGUAGE), request.headers.get("accept-language", ""))


def csrf_of(request: Request) -> str:
    """What a form of this browser must contain: made from a cookie that no other site can read."""
    secret = _secret(request)
    return csrf_token(secret) if secret else ""


async def check_csrf(request: Request) -> None:
    """Let an unsafe request pass only with the token of its page. Raises CsrfRefused."""
    if request.method in SAFE_METHODS:
        return
    given = request.headers.get(CSRF_HEADER)
    if given is None and "form" in request.headers.get("content-type", ""):
        given = str((await request.form()).get(CSRF_FIELD, ""))
    is_foreign = request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    secret = _secret(request)
    if is_foreign or not secret or not is_csrf_token(given or "", secret):
        raise CsrfRefused("The form is too old, or did not come from this application.")


def signed_in(request: Request) -> Actor:
    """Who is signed in, also one who must change the password first. Raises SignInNeeded."""
    actor = visit_of(request).actor
    if actor is None:
        raise SignInNeeded("Please sign in.")
    return actor


def current_actor(request: Request) -> Actor:
    """Who is signed in and may work. Raises SignInNeeded, PasswordChangeNeeded."""
    actor = signed_in(request)
    if actor.must_change_password:
        raise PasswordChangeNeeded("Choose a password of your own first.")
    return actor


TheActor = Annotated[Actor, Depends(current_actor)]
SignedIn = Annotated[Actor, Depends(signed_in)]


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Give a cookie that scripts cannot read and other sites cannot send."""
    is_secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, path="/", httponly=True, samesite="strict", secure=is_secure)


def greet(request: Request) -> str:
    """A secret for somebody who is not signed in, to make form tokens from; goes into the cookie `VISITOR`."""
    visitor = request.cookies.get(VISITOR) or token_urlsafe(32)
    request.state.visit = Visit(None, language_of(request), csrf_token(visitor))
    return visitor


def local_path(path: str | None, default: str = "/") -> str:
    """A path on this server to go to, or the default: no outside address may be smuggled in."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        return default
    return quote(path, safe="/?&=%-._~,+:")


def _secret(request: Request) -> str:
    return request.cookies.get(SESSION) or request.cookies.get(VISITOR) or ""
