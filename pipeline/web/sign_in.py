"""Coming in, going out, one's own password, and the language."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.errors import BackofficeError
from pipeline.house.errors import NotAllowed, SignInRefused
from pipeline.house.passwords import LONGEST, SHORTEST
from pipeline.web.access import (
    LANGUAGE,
    SESSION,
    VISITOR,
    SignedIn,
    greet,
    local_path,
    set_cookie,
    visit_of,
)
from pipeline.web.faults import status_of
from pipeline.web.pages import render
from pipeline.web.services import TheServices
from pipeline.web.texts import LANGUAGES

YEAR = 365 * 24 * 3600

router = APIRouter()

Text = Annotated[str, Form(max_length=1000)]


@router.get("/")
def start() -> Response:
    """Work begins at the queue."""
    return RedirectResponse("/queue", 303)


@router.get("/sign-in")
def ask(request: Request, next: str = "/") -> Response:
    """The form; whoever is signed in already goes on."""
    if visit_of(request).actor:
        return RedirectResponse(local_path(next), 303)
    return _form(request, next)


@router.post("/sign-in")
def sign_in(
    request: Request,
    services: TheServices,
    name: Text = "",
    password: Text = "",
    next: Text = "/",
) -> Response:
    """Let a person in with a new session, or say that name and password do not fit."""
    address = request.client.host if request.client else "unknown"
    try:
        token = services.house.door.sign_in(name, password, address)
    except SignInRefused as error:
        return _form(request, next, name, error)
    answer = RedirectResponse(local_path(next), 303)
    set_cookie(request, answer, SESSION, token)
    answer.delete_cookie(VISITOR, path="/")
    return answer


@router.post("/sign-out")
def sign_out(request: Request, services: TheServices) -> Response:
    """End the session."""
    services.house.sessions.close(request.cookies.get(SESSION, ""))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(SESSION, path="/", httponly=True, samesite="strict")
    return answer


@router.post("/language")
def choose_language(request: Request, language: Text = "", next: Text = "/") -> Response:
    """Remember the language in which a person reads."""
    answer = RedirectResponse(local_path(next), 303)
    if language in LANGUAGES:
        set_cookie(request, answer, LANGUAGE, language, YEAR)
    return answer


@router.get("/account/password")
def ask_password(request: Request, actor: SignedIn) -> Response:
    """The form for one's own password."""
    return _password_form(request, is_due=actor.must_change_password)


@router.post("/account/password")
def change_password(
    request: Request,
    actor: SignedIn,
    services: TheServices,
    old: Text = "",
    new: Text = "",
    again: Text = "",
) -> Response:
    """Change one's own password; all one's sessions end, and a new one begins here."""
    try:
        _must_agree(new, again)
        services.house.users.change_password(actor.user, old, new)
    except (SignInRefused, NotAllowed) as error:
        return _password_form(request, is_due=actor.must_change_password, error=error)
    answer = RedirectResponse("/queue", 303)
    set_cookie(request, answer, SESSION, services.house.sessions.open(actor.user))
    return answer


def _must_agree(new: str, again: str) -> None:
    if new != again:
        raise NotAllowed("The two new passwords differ.", code="bad-password", remedy="Type the same one twice.")


def _form(request: Request, there: str, name: str = "", error: BackofficeError | None = None) -> Response:
    visitor = greet(request)
    values = {"next": local_path(there), "name": name, "failure": error.failure() if error else None}
    answer = render(request, "sign_in.html", status_of(error) if error else 200, **values)
    set_cookie(request, answer, VISITOR, visitor)
    answer.delete_cookie(SESSION, path="/")
    return answer


def _password_form(request: Request, is_due: bool, error: BackofficeError | None = None) -> Response:
    values = {"is_due": is_due, "shortest": SHORTEST, "longest": LONGEST, "failure": error.failure() if error else None}
    return render(request, "password.html", status_of(error) if error else 200, **values)
