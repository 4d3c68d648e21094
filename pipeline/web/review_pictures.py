"""The pictures of the review page, and what a person points at on them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from pydantic import Field as Constraint

from pipeline.errors import InputError
from pipeline.review.items import Item
from pipeline.row_ids import RowId
from pipeline.sandbox import Sandbox
from pipeline.web.access import TheActor, visit_of
from pipeline.web.pictures import Pictures
from pipeline.web.review_answers import JsonRoute
from pipeline.web.review_others import others_of
from pipeline.web.review_take import field_of, in_notation, take
from pipeline.web.services import TheDesk, TheServices, services_of
from pipeline.web.texts import notation_of
from schemas import Document, MediaType
from schemas.base import Value
from schemas.page import Box

_KEEP = {"Cache-Control": "private, max-age=3600"}
_making = Lock()


class NoPages(InputError):
    """An e-invoice without pages."""

    code = "no-pages"
    remedy = "Its values are shown as a table."


class Pointed(Value):
    """A place on a page that a person points at, and the place of the form that it is for."""

    page: int = Constraint(ge=1)
    box: Box
    target: str = Constraint(default="", max_length=60)


class Answer(Value):
    """What stands there, as the person writes it, and which reader read it: "words" of the page, "ocr" or "nothing"."""

    text: str
    page: int
    box: Box
    source: str


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    made = getattr(app.state, "pictures", None)
    if made is not None:
        pictures, sandbox = made
        pictures.close()
        sandbox.close(now=True)


def pictures_of(request: Request) -> Pictures:
    """The picture service of the application, with a sandbox of its own; made when it is first wanted."""
    state = request.app.state
    with _making:
        if not hasattr(state, "pictures"):
            services = services_of(request)
            sandbox = Sandbox(services.settings)
            state.pictures = Pictures(sandbox, services.archive, services.settings), sandbox
        return state.pictures[0]  # type: ignore[no-any-return]


ThePictures = Annotated[Pictures, Depends(pictures_of)]
router = APIRouter(prefix="/review/{item_id:int}", route_class=JsonRoute, lifespan=_lifespan)


@router.get("/pages/{number:int}")
def sheet(item_id: RowId, number: int, actor: TheActor, desk: TheDesk, pictures: ThePictures) -> dict[str, float]:
    """The size of a page in points, and how many pages there are."""
    found = pictures.sheet(_paged(desk.item(actor, item_id)), number)
    return {"width": found.page.width, "height": found.page.height, "count": found.page_count}


@router.get("/pages/{number:int}.png")
def picture(
    item_id: RowId, number: int, actor: TheActor, desk: TheDesk, pictures: ThePictures, dpi: int = 110
) -> Response:
    """A page as PNG."""
    document = _paged(desk.item(actor, item_id))
    return Response(pictures.picture(document, number, dpi), media_type="image/png", headers=_KEEP)


@router.get("/others/{document_id}/{number:int}.png")
def other(
    item_id: RowId,
    document_id: str,
    number: int,
    actor: TheActor,
    services: TheServices,
    pictures: ThePictures,
) -> Response:
    """A page of an invoice that may be the same one."""
    document = others_of(services.database, services.desk.item(actor, item_id), document_id)
    return Response(pictures.picture(document, number, 110), media_type="image/png", headers=_KEEP)


@router.post("/take")
def taken(
    item_id: RowId, pointed: Pointed, request: Request, actor: TheActor, desk: TheDesk, pictures: ThePictures
) -> Answer:
    """What stands at a place: the words of the page, or what OCR reads there now."""
    document, notation = _paged(desk.item(actor, item_id)), notation_of(visit_of(request).language)
    page, name = pictures.sheet(document, pointed.page).page, field_of(pointed.target)
    found = take(page, pointed.box, name, notation)
    if found is not None:
        text = in_notation(found.text, name, page, notation)
        return Answer(text=text, page=pointed.page, box=found.box, source="words")
    read = pictures.read(document, pointed.page, pointed.box) if pointed.box.width * pointed.box.height else ""
    text = in_notation(read, name, page, notation) if read else ""
    return Answer(text=text, page=pointed.page, box=pointed.box, source="ocr" if read else "nothing")


def _paged(item: Item) -> Document:
    if item.document.media_type is MediaType.XML:
        raise NoPages("This e-invoice has no pages.")
    return item.document
