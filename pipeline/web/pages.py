"""Makes pages from templates, in the language of whoever asks. Everything is escaped; no template says otherwise."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from pipeline.review.reasons import wording
from pipeline.rows import plain
from pipeline.suppliers.master import mask_iban
from pipeline.web import texts
from pipeline.web.access import Visit, visit_of
from pipeline.web.review_said import said
from schemas.people import HOUSE, Actor

FOLDER = Path(__file__).parent


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page or a part of one. `visit` and `request` are known to every template."""
    return made(request, visit_of(request), template, status, **values)


def made(request: Request, visit: Visit, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The same for a visit that is known."""
    values = {"request": request, "visit": visit, "can": _can(visit.actor), **values}
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(values), status)


def is_part(request: Request) -> bool:
    """Whether htmx asks for a part of the page, not the browser for the whole."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def _can(actor: Actor | None) -> Callable[[Any], bool]:
    """Whether a person has a right at any client, for the menu."""
    places = (*actor.roles, HOUSE) if actor else ()
    return lambda right: any(actor is not None and actor.may(right, place) for place in places)


def _filter(function: Callable[..., str]) -> Callable[..., str]:
    @pass_context
    def filtered(context: Context, *arguments: Any, **values: Any) -> str:
        return function(context["visit"].language, *arguments, **values)

    return filtered


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["t"] = _filter(texts.translate)
    environment.globals["languages"] = texts.LANGUAGES
    environment.filters["t"] = _filter(texts.translate)
    for name in ("money", "value", "typed", "number", "percent", "moment", "distance"):
        environment.filters[name] = _filter(getattr(texts, name))
    environment.filters["said"] = _filter(said)
    environment.filters["why"] = _filter(lambda language, code: wording(code, language))
    environment.filters["date"] = _filter(texts.day)
    environment.filters["plain"] = plain
    environment.filters["initial"] = lambda text: text[:1].upper() + text[1:]
    environment.filters["mask_iban"] = mask_iban
    environment.filters["compact"] = lambda data: json.dumps(data, ensure_ascii=False)
    environment.filters["pretty"] = lambda data: json.dumps(data, ensure_ascii=False, indent=2)
    return environment


_ENVIRONMENT = _environment()
