"""Users with their roles, for those who administer. What concerns no single client needs the right at all of them."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.errors import BackofficeError
from pipeline.house.errors import NotAllowed
from pipeline.house.users import User, normal_name
from pipeline.web.access import SESSION, PageNotFound, TheActor, set_cookie
from pipeline.web.faults import status_of
from pipeline.web.pages import render
from pipeline.web.services import Services, TheServices
from schemas.people import HOUSE, Actor, Role

router = APIRouter(prefix="/admin")

Text = Annotated[str, Form(max_length=200)]


@router.get("")
def users(request: Request, actor: TheActor, services: TheServices) -> Response:
    """The users."""
    return _users(request, actor, services)


@router.post("/users")
def add_user(
    request: Request, actor: TheActor, services: TheServices, name: Text = "", client: Text = "", role: Text = ""
) -> Response:
    """Make a user, perhaps with a first role, and show the password this once."""
    must_administer(actor, HOUSE)
    try:
        wanted = _role(role) if role else None
        password = services.house.users.add(name, actor.user)
        if wanted:
            services.house.users.give_role(name, client, wanted, actor.user)
    except BackofficeError as error:
        return _users(request, actor, services, error)
    return _user(request, actor, services, name, password=password)


@router.get("/users/{name}")
def user(request: Request, actor: TheActor, services: TheServices, name: str) -> Response:
    """One user with his roles."""
    return _user(request, actor, services, name)


@router.post("/users/{name}/roles")
def change_role(
    request: Request,
    actor: TheActor,
    services: TheServices,
    name: str,
    client: Text = "",
    role: Text = "",
    give: Annotated[bool, Form()] = False,
) -> Response:
    """Give a role at a client, or take it away; the user has to sign in anew."""
    must_administer(actor, client)
    people = services.house.users

    def act() -> None:
        wanted = _role(role)
        if give:
            people.give_role(name, client, wanted, actor.user)
        else:
            _not_oneself(actor, name, wanted is Role.ADMIN)
            people.take_role(name, client, wanted, actor.user)

    return _acted(request, actor, services, name, act)


@router.post("/users/{name}/password")
def new_password(request: Request, actor: TheActor, services: TheServices, name: str) -> Response:
    """Give a user a new password and show it this once."""
    must_administer(actor, HOUSE)
    password = services.house.users.set_password(name, actor.user)
    return _user(request, actor, services, name, password=password)


@router.post("/users/{name}/active")
def switch_user(
    request: Request, actor: TheActor, services: TheServices, name: str, on: Annotated[bool, Form()] = False
) -> Response:
    """Switch a user off or on."""
    must_administer(actor, HOUSE)

    def act() -> None:
        _not_oneself(actor, name, not on)
        services.house.users.set_active(name, on, actor.user)

    return _acted(request, actor, services, name, act)


def must_administer(actor: Actor, client_id: str = "") -> None:
    """Raise PageNotFound for who does not administer that client, or any at all."""
    places = (client_id,) if client_id else (*actor.roles, HOUSE)
    if not any(actor.may("administer", place) for place in places):
        raise PageNotFound("There is no such page.")


def _acted(request: Request, actor: Actor, services: Services, name: str, act: Callable[[], None]) -> Response:
    """The user after an act, with a new session for who changed himself; or with what was refused."""
    _seen(actor, services, name)
    try:
        act()
    except NotAllowed as error:
        return _user(request, actor, services, name, error=error)
    answer = RedirectResponse(f"/admin/users/{normal_name(name)}", 303)
    if normal_name(name) == actor.user:
        set_cookie(request, answer, SESSION, services.house.sessions.open(actor.user))
    return answer


def _users(request: Request, actor: Actor, services: Services, error: BackofficeError | None = None) -> Response:
    must_administer(actor)
    values: dict[str, Any] = {
        "users": [one for one in services.house.users.all() if _may_see(actor, one)],
        "clients": services.clients_of(actor, "administer"),
        "is_house": actor.may("administer", HOUSE),
        "roles": list(Role),
        "failure": error.failure() if error else None,
    }
    return render(request, "admin_users.html", status_of(error) if error else 200, **values)


def _user(
    request: Request,
    actor: Actor,
    services: Services,
    name: str,
    password: str | None = None,
    error: BackofficeError | None = None,
) -> Response:
    values: dict[str, Any] = {
        "user": _seen(actor, services, name),
        "clients": services.clients_of(actor, "administer"),
        "is_house": actor.may("administer", HOUSE),
        "roles": list(Role),
        "password": password,
        "failure": error.failure() if error else None,
    }
    return render(request, "admin_user.html", status_of(error) if error else 200, **values)


def _seen(actor: Actor, services: Services, name: str) -> User:
    """A user as far as an administrator may know of him. Raises PageNotFound, UnknownUser."""
    must_administer(actor)
    found = services.house.users.get(name)
    if not _may_see(actor, found):
        raise PageNotFound("There is no such user.")
    return found


def _may_see(actor: Actor, user: User) -> bool:
    places = [one for one in user.roles if one != HOUSE]
    return actor.may("administer", HOUSE) or any(actor.may("administer", place) for place in places)


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise NotAllowed(f"{text!r} is no role.") from None


def _not_oneself(actor: Actor, name: str, is_loss: bool) -> None:
    """Nobody locks himself out, so that somebody always can let in the others."""
    if is_loss and normal_name(name) == actor.user:
        raise NotAllowed("You cannot take this from yourself.", remedy="Another administrator has to do it.")
