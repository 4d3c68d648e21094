"""The supplier directory: search, create, and what the entry form asks about a supplier."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.posting.portal.plan import VAT_CODES
from pipeline.posting.portal.site import TheSite

router = APIRouter()
Text = Annotated[str, Form(max_length=200)]


@router.get("/fournisseurs")
def search(request: Request, site: TheSite, q: str = "", cree: str = "") -> Response:
    """The directory."""
    return site.page(request, "suppliers.html", asked=q, made=cree, rows=site.books.suppliers(q))


@router.get("/fournisseurs/nouveau")
def ask(request: Request, site: TheSite) -> Response:
    """The form for a new supplier."""
    return site.page(request, "supplier.html", values={}, message="")


@router.post("/fournisseurs/nouveau")
def create(
    request: Request,
    site: TheSite,
    nom: Text = "",
    siren: Text = "",
    tva: Text = "",
    iban: Text = "",
    compte: Text = "",
) -> Response:
    """Take it in."""
    values = {"name": nom.strip(), "siren": siren, "vat_id": tva, "iban": iban, "account": compte.strip()}
    message = "" if values["name"] else "Le nom est obligatoire."
    if not values["account"].startswith("401"):
        message = "Le compte d'un fournisseur commence par 401."
    if message:
        return site.page(request, "supplier.html", 422, values=values, message=message)
    code = site.books.add_supplier(values)
    return RedirectResponse(f"/fournisseurs?q={code}&cree={code}", 303)


@router.get("/api/fournisseurs")
def propose(site: TheSite, q: str = "") -> list[dict[str, object]]:
    """Suppliers that the entry form proposes."""
    found = site.books.suppliers(q, most=8)
    return [{"id": one["id"], "code": one["code"], "name": one["name"], "siren": one["siren"]} for one in found]


@router.get("/api/fournisseurs/{key}/conditions")
def terms(site: TheSite, key: int) -> dict[str, object]:
    """What the form takes over when a supplier is chosen."""
    found = site.books.supplier(key)
    return {"terms": found["terms"] if found else 30, "erases": bool(site.mischief.switches.refresh)}


@router.get("/api/comptes/{account}")
def usual(site: TheSite, account: str) -> dict[str, object]:
    """What a row of the grid takes over when its account is chosen."""
    code = "EXO" if account.startswith(("616", "627")) else next(iter(VAT_CODES))
    return {"code": code, "erases": bool(site.mischief.switches.refresh)}
