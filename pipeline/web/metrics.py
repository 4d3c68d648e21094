"""`/metrics` for Prometheus: with the token of the settings, or without one from this machine alone."""

from hmac import compare_digest
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response

from pipeline.measure.metrics import CONTENT_TYPE, metrics_text
from pipeline.web.services import Services, TheServices

router = APIRouter()


@router.get("/metrics")
def metrics(request: Request, services: TheServices) -> Response:
    """All metrics as text; 403 for whoever may not see them."""
    if not _may_see(request, services):
        return Response("Give the token as `Authorization: Bearer`, or ask from this machine.\n", 403)
    settings = services.settings
    text = metrics_text(services.database, services.clock, settings.routing.target_error)
    return Response(text, media_type=CONTENT_TYPE)


def _may_see(request: Request, services: Services) -> bool:
    token = services.settings.metrics_token
    if token is not None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        return scheme.casefold() == "bearer" and compare_digest(given.encode(), token.get_secret_value().encode())
    return _is_local(request)


def _is_local(request: Request) -> bool:
    """Whether it comes from this machine itself, not through a proxy on it that passes on what others ask."""
    passed_on = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip"))
    try:
        return not passed_on and request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
