"""The first step of an entry: the header of the voucher."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.posting.portal import french
from pipeline.posting.portal.books import Row
from pipeline.posting.portal.french import NotFrench
from pipeline.posting.portal.layout import Layout
from pipeline.posting.portal.site import Site, TheSite

router = APIRouter()


@router.get("/achats/nouveau")
def ask(request: Request, site: TheSite) -> Response:
    """An empty header."""
    values = dict.fromkeys(site.layout.header, "") | {"currency": "EUR", "kind": "FA"}
    return _form(request, site, values, "/achats/nouveau")


@router.post("/achats/nouveau")
async def begin(request: Request, site: TheSite) -> Response:
    """Open a draft."""
    typed = await _typed(request, site.layout)
    try:
        key = site.books.open_draft(_header(site, typed))
    except NotFrench as error:
        return _form(request, site, typed, "/achats/nouveau", str(error))
    return RedirectResponse(f"/achats/{key}/lignes", 303)


@router.get("/achats/{key}/entete")
def show(request: Request, site: TheSite, key: int) -> Response:
    """The header of a draft."""
    voucher = site.books.voucher(key)
    if voucher is None or voucher["posted"]:
        return RedirectResponse("/brouillons", 303)
    return _form(request, site, _values(voucher), f"/achats/{key}/entete")


@router.post("/achats/{key}/entete")
async def change(request: Request, site: TheSite, key: int) -> Response:
    """Another header."""
    typed = await _typed(request, site.layout)
    try:
        site.books.change_header(key, _header(site, typed))
    except NotFrench as error:
        return _form(request, site, typed, f"/achats/{key}/entete", str(error))
    return RedirectResponse(f"/achats/{key}/lignes", 303)


async def _typed(request: Request, layout: Layout) -> dict[str, str]:
    form = await request.form()
    supplier = form.get("fournisseur-id", "")
    return {key: layout.read(form, key) for key in layout.header} | {"supplier_id": str(supplier)}


def _header(site: Site, typed: Mapping[str, str]) -> dict[str, object]:
    """What was typed, as it is kept. Raises NotFrench."""
    supplier = site.books.supplier(int(typed["supplier_id"])) if typed["supplier_id"].isdigit() else None
    if supplier is None:
        raise NotFrench("Choisissez un fournisseur de la liste.")
    if not typed["invoice"]:
        raise NotFrench("Le numéro de facture est obligatoire.")
    issued = french.day(typed["issued"])
    return {
        "reference": typed["reference"],
        "supplier": supplier["id"],
        "kind": "AV" if typed["kind"] == "AV" else "FA",
        "invoice": typed["invoice"],
        "issued": issued.isoformat(),
        "due": (french.day(typed["due"]) if typed["due"] else issued).isoformat(),
        "currency": typed["currency"] or "EUR",
    }


def _values(voucher: Row) -> dict[str, str]:
    return {
        "supplier": f"{voucher['supplier_name']} ({voucher['supplier_code']})",
        "supplier_id": str(voucher["supplier"]),
        "kind": voucher["kind"],
        "invoice": voucher["invoice"],
        "issued": french.shown_day(voucher["issued"]),
        "due": french.shown_day(voucher["due"]),
        "currency": voucher["currency"],
        "reference": voucher["reference"],
    }


def _form(request: Request, site: Site, values: Mapping[str, str], action: str, message: str = "") -> Response:
    values = {"supplier_id": "", **values}
    status = 422 if message else 200
    return site.page(request, "header.html", status, values=values, action=action, message=message, step=1)
