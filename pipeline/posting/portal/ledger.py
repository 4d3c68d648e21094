"""What is in the books: posted vouchers with their entries, and drafts."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.posting.portal.books import Row
from pipeline.posting.portal.site import TheSite

router = APIRouter()
PAGE = 100


@router.get("/")
def start() -> Response:
    """Begin at the ledger."""
    return RedirectResponse("/journal", 303)


@router.get("/journal")
def ledger(request: Request, site: TheSite, q: str = "") -> Response:
    """Posted vouchers, the latest first."""
    rows = site.books.vouchers(posted=True, asked=q)
    return site.page(request, "ledger.html", asked=q, rows=rows[:PAGE], count=len(rows))


@router.get("/brouillons")
def drafts(request: Request, site: TheSite, q: str = "") -> Response:
    """Vouchers that nobody posted."""
    return site.page(request, "drafts.html", asked=q, rows=site.books.vouchers(posted=False, asked=q)[:PAGE])


@router.get("/ecritures/{number}")
def voucher(request: Request, site: TheSite, number: str) -> Response:
    """One voucher with its entries."""
    if (found := site.books.posted(number)) is None:
        return RedirectResponse("/journal", 303)
    entries, files = (site.books.parts(table, found["id"]) for table in ("entries", "files"))
    return site.page(request, "voucher.html", voucher=found, entries=entries, files=files)


@router.get("/pieces/{key}")
def file(site: TheSite, key: int) -> Response:
    """The attached original."""
    if (found := site.books.file(key)) is None:
        return Response("Aucune pièce jointe.", 404)
    headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    return Response(found["content"], media_type="application/octet-stream", headers=headers)


@router.get("/api/vouchers")
def vouchers(site: TheSite, reference: str | None = None) -> dict[str, list[dict[str, object]]]:
    """What was posted and what is a draft, for programs: amounts with a point, negative on a credit note."""
    return {"vouchers": [_told(one) for one in site.books.vouchers(reference=reference)]}


def _told(row: Row) -> dict[str, object]:
    return {
        "reference": row["reference"] or None,
        "target_id": row["number"] or f"brouillon {row['id']}",
        "seller_name": row["supplier_name"],
        "number": row["invoice"],
        "issue_date": row["issued"],
        "net": row["net"],
        "tax": row["tax"],
        "gross": row["gross"],
        "currency": row["currency"],
        "is_posted": row["posted"] is not None,
    }
