"""What callers are told when something is refused or does not work: a page, or problem+json (RFC 9457) in the API."""

from __future__ import annotations

import logging
import math
from http import HTTPStatus

import psycopg
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from accounts.errors import RequestError, TooManyRequestsError, UnavailableError
from accounts.web.rendering import render

LOGGER = logging.getLogger("accounts")

API = "/api/"

SENTENCES = {
    404: "There is nothing here.",
    405: "This address does not take such requests.",
}


async def on_request_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)
    headers = {}
    if isinstance(error, TooManyRequestsError):
        headers["retry-after"] = str(max(1, math.ceil(error.retry_after)))
    if error.status == 401:
        # RFC 6750 §3
        headers["www-authenticate"] = "Bearer"
    return _answer(request, error, headers)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """What the framework refuses by itself: an unknown address, a wrong method, a malformed form."""
    assert isinstance(error, HTTPException)
    refused = RequestError(SENTENCES.get(error.status_code, "The request is not well-formed."))
    refused.status = error.status_code
    refused.code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    return _answer(request, refused, dict(error.headers or {}))


async def on_database_error(request: Request, error: Exception) -> Response:
    """The database is away or too busy. (What is wrong with a statement is a mistake in the service, and no such error.)"""
    LOGGER.warning("the database does not work: %s", type(error).__name__)
    return _answer(request, UnavailableError("The service can't reach its data at the moment. Try again in a while."), {})


def _answer(request: Request, error: RequestError, headers: dict[str, str]) -> Response:
    if request.url.path.startswith(API):
        return JSONResponse(problem_of(error), error.status, headers, media_type="application/problem+json")
    return render(request, "error.html", error.status, headers, error=error, phrase=HTTPStatus(error.status).phrase)


def problem_of(error: RequestError) -> dict[str, object]:
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
    }
    if error.fields:
        problem["fields"] = error.fields
    return problem


HANDLERS = {
    RequestError: on_request_error,
    HTTPException: on_http_exception,
    psycopg.OperationalError: on_database_error,
}
