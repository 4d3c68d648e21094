"""What every page of the portal stands on: the books, who is there, how it is drawn."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.posting.portal import french, plan
from pipeline.posting.portal.books import Books
from pipeline.posting.portal.layout import LAYOUTS, Layout
from pipeline.posting.portal.switches import Mischief
from pipeline.posting.portal.visits import COOKIE, Visits

FOLDER = Path(__file__).parent


class Outside(Exception):
    """Nobody is logged in."""


class Site:
    """The services of one running portal."""

    def __init__(self, books: Books, mischief: Mischief, visits: Visits, token: str) -> None:
        self.books = books
        self.mischief = mischief
        self.visits = visits
        self.token = token

    @property
    def layout(self) -> Layout:
        """The version of the screens that is on."""
        return LAYOUTS[self.mischief.switches.layout]

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page; now and then with a pop-up that comes a moment later."""
        switches = self.mischief.switches
        known = {
            "user": getattr(request.state, "user", None),
            "path": request.url.path,
            "ui": self.layout,
            "version": switches.layout,
            "popup": self.mischief.popup(),
            "refresh": switches.refresh,
        }
        return HTMLResponse(_ENVIRONMENT.get_template(template).render(known | values), status)


def the_site(request: Request) -> Site:
    """The services of the application that was asked."""
    site: Site = request.app.state.site
    return site


TheSite = Annotated[Site, Depends(the_site)]


def inside(request: Request, site: TheSite) -> str:
    """Who is logged in. Raises Outside."""
    user = site.visits.user(request.cookies.get(COOKIE))
    if user is None:
        raise Outside
    request.state.user = user
    return user


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"money": french.money, "keyed": french.keyed, "day": french.shown_day}
    environment.globals |= {"accounts": plan.ACCOUNTS, "codes": plan.VAT_CODES, "account_label": plan.account_label}
    return environment


_ENVIRONMENT = _environment()
