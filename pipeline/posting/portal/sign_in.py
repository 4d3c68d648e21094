"""Coming in and going out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.posting.portal.site import TheSite
from pipeline.posting.portal.visits import COOKIE, Locked

router = APIRouter()
Text = Annotated[str, Form(max_length=200)]


@router.get("/connexion")
def ask(request: Request, site: TheSite) -> Response:
    """The form."""
    return site.page(request, "sign_in.html", message="", locked=False, name="")


@router.post("/connexion")
def enter(request: Request, site: TheSite, identifiant: Text = "", mot_de_passe: Text = "") -> Response:
    """Let somebody in, or say why not."""
    try:
        token = site.visits.enter(identifiant, mot_de_passe)
    except Locked:
        message = "Compte verrouillé. Réessayez plus tard."
        return site.page(request, "sign_in.html", 423, message=message, locked=True, name=identifiant)
    if token is None:
        message = "Identifiant ou mot de passe incorrect."
        return site.page(request, "sign_in.html", 401, message=message, locked=False, name=identifiant)
    answer = RedirectResponse("/journal", 303)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict")
    return answer


@router.post("/deconnexion")
def leave(request: Request, site: TheSite) -> Response:
    """End the session."""
    site.visits.leave(request.cookies.get(COOKIE))
    answer = RedirectResponse("/connexion", 303)
    answer.delete_cookie(COOKIE)
    return answer
