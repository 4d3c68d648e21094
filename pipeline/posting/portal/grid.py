"""The second step of an entry: the lines and their VAT."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from pipeline.posting.portal import french
from pipeline.posting.portal.french import NotFrench
from pipeline.posting.portal.layout import Layout
from pipeline.posting.portal.plan import BOOKED_ON, VAT_CODES
from pipeline.posting.portal.site import Site, TheSite

router = APIRouter()
_CELLS = ("account", "centre", "label", "net", "code")


@router.get("/achats/{key}/lignes")
def ask(request: Request, site: TheSite, key: int) -> Response:
    """The grid of a draft, with one empty row where there is none yet."""
    voucher = site.books.voucher(key)
    if voucher is None or voucher["posted"]:
        return RedirectResponse("/brouillons", 303)
    sign = -1 if voucher["kind"] == "AV" else 1
    lines = [{**one, "net": french.keyed(sign * Decimal(one["net"]))} for one in site.books.parts("lines", key)]
    taxes = {one["code"]: french.keyed(sign * Decimal(one["amount"])) for one in site.books.parts("taxes", key)}
    return _form(request, site, key, lines or [dict.fromkeys(_CELLS, "")], taxes)


@router.post("/achats/{key}/lignes")
async def keep(request: Request, site: TheSite, key: int) -> Response:
    """Take the lines, or say what is wrong with one."""
    form = await request.form()
    typed = list(_rows(form, site.layout))
    taxes = {code: str(form.get(f"tva-{code}", "")) for code in VAT_CODES if form.get(f"tva-{code}")}
    try:
        site.books.set_lines(key, _lines(typed), {code: french.amount(text) for code, text in taxes.items()})
    except NotFrench as error:
        return _form(request, site, key, typed, taxes, str(error))
    return RedirectResponse(f"/achats/{key}/justificatif", 303)


def _rows(form: FormData, layout: Layout) -> Iterator[dict[str, str]]:
    columns = [[str(cell).strip() for cell in form.getlist(layout.names[name])] for name in _CELLS]
    for row in zip(*columns, strict=True):
        if any(row[:4]):
            yield dict(zip(_CELLS, row, strict=True))


def _lines(typed: list[dict[str, str]]) -> list[dict[str, Any]]:
    if not typed:
        raise NotFrench("Il faut au moins une ligne.")
    return [_line(at, one) for at, one in enumerate(typed, 1)]


def _line(at: int, typed: dict[str, str]) -> dict[str, Any]:
    if not (typed["account"].isalnum() and typed["account"].startswith(BOOKED_ON)):
        raise NotFrench(f"Ligne {at} : le compte « {typed['account']} » n'est pas un compte de charge.")
    if typed["code"] not in VAT_CODES:
        raise NotFrench(f"Ligne {at} : choisissez un code TVA.")
    return {**typed, "net": french.amount(typed["net"])}


def _form(
    request: Request, site: Site, key: int, lines: list[dict[str, str]], taxes: dict[str, str], message: str = ""
) -> Response:
    values = {"key": key, "lines": lines, "taxes": taxes, "message": message, "step": 2}
    return site.page(request, "grid.html", 422 if message else 200, **values)
