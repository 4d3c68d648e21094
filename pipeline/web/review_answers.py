"""Answers for the scripts of the review page: errors as JSON, in the person's language."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from pipeline.errors import BackofficeError, InputError
from pipeline.web.access import language_of
from pipeline.web.faults import status_of
from pipeline.web.review_said import said
from pipeline.web.texts import translate


class JsonRoute(APIRoute):
    """A route whose errors are JSON: code, message, remedy."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, with its errors caught."""
        handler = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except RequestValidationError:
                return told(request, InputError("The request is not complete.", code="bad-form"))
            except BackofficeError as error:
                return told(request, error)

        return answer


def told(request: Request, error: BackofficeError) -> Response:
    """An error as JSON."""
    language = language_of(request)
    content = {
        "code": error.specific_code,
        "message": said(language, error.message),
        "remedy": translate(language, error.specific_remedy),
    }
    return JSONResponse(content, status_code(error))


def status_code(error: BackofficeError) -> int:
    """The status of an error; who is not signed in gets 401, as no page can be shown in a script's answer."""
    return 401 if error.code == "sign-in-needed" else status_of(error)
