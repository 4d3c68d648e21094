"""The last steps of an entry: the original, the summary, and posting."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from pipeline.posting.portal.books import Closed
from pipeline.posting.portal.site import Site, TheSite
from pipeline.posting.portal.wire import cut

router = APIRouter()
REFUSAL = "Période en cours de clôture : la comptabilisation est refusée."


@router.get("/achats/{key}/justificatif")
def ask(request: Request, site: TheSite, key: int) -> Response:
    """The file that is attached, and the field for one."""
    if (voucher := site.books.voucher(key)) is None or voucher["posted"]:
        return RedirectResponse("/brouillons", 303)
    return site.page(request, "attachment.html", key=key, files=site.books.parts("files", key), message="", step=3)


@router.post("/achats/{key}/justificatif")
async def attach(request: Request, site: TheSite, key: int) -> Response:
    """Attach a file."""
    async with request.form() as form:
        file = form.get(site.layout.names["file"])
        content = await file.read() if isinstance(file, UploadFile) else b""
        if not isinstance(file, UploadFile) or not content:
            values = {"files": site.books.parts("files", key), "message": "Choisissez un fichier."}
            return site.page(request, "attachment.html", 422, key=key, step=3, **values)
        site.books.attach(key, file.filename or "original", file.content_type or "", content)
    return RedirectResponse(f"/achats/{key}/justificatif", 303)


@router.get("/achats/{key}/recapitulatif")
def summary(request: Request, site: TheSite, key: int) -> Response:
    """All that was keyed, before it is posted."""
    return _summary(request, site, key)


@router.post("/achats/{key}/comptabiliser")
def post(request: Request, site: TheSite, key: int) -> Response:
    """Post; the reply of some posts never comes, nor that of a browser that sends it again by itself."""
    if site.mischief.happens(site.mischief.switches.refusals):
        return _summary(request, site, key, REFUSAL)
    try:
        number = site.books.post(key)
    except Closed:
        known = site.books.voucher(key)
        number = known["number"] if known else ""
    else:
        if site.mischief.happens(site.mischief.switches.drops):
            request.app.state.dropped.add(key)
    if key in request.app.state.dropped:
        cut(request.scope)
    return RedirectResponse(f"/ecritures/{number}" if number else "/brouillons", 303)


@router.post("/brouillons/{key}/supprimer")
def remove(site: TheSite, key: int) -> Response:
    """Throw a draft away."""
    site.books.remove_draft(key)
    return RedirectResponse("/brouillons", 303)


def _summary(request: Request, site: Site, key: int, message: str = "") -> Response:
    voucher = site.books.voucher(key)
    if voucher is None or voucher["posted"]:
        return RedirectResponse("/brouillons", 303)
    parts = {table: site.books.parts(table, key) for table in ("lines", "taxes", "files")}
    values = {"voucher": voucher, "message": message, "step": 4, **parts}
    return site.page(request, "summary.html", 409 if message else 200, **values)
