"""From a request to an operation and back: who asks, whether they may, what they send, and what they get."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from accounts import tokens
from accounts.api import admin, idempotency, me, organizations
from accounts.api.openapi import committed
from accounts.api.operation import Call, Operation, Result
from accounts.context import Context, context_of
from accounts.errors import ForbiddenError, InvalidError, RequestError, UnauthenticatedError
from accounts.model import Actor
from accounts.rate_limits import BAD_TOKENS, TOKEN_REQUESTS
from accounts.roles import organization_object
from accounts.rows import LARGEST_PAGE, PAGE_SIZE, Window
from accounts.web.headers import client_address

OPERATIONS: tuple[Operation, ...] = (*me.OPERATIONS, *organizations.OPERATIONS, *admin.OPERATIONS)


def api_routes() -> list[Route]:
    """Of every operation, and of the document that describes them."""

    async def document(request: Request) -> Response:
        return Response(committed(), media_type="application/json", headers={"cache-control": "public, max-age=300"})

    found = [Route("/openapi.json", document)]
    for operation in OPERATIONS:
        # Of its own: where paths are the same, the framework would refuse methods that the next route has.
        found.append(Route(operation.path, _endpoint(operation), methods=[operation.method]))
    return found


def _endpoint(operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        context = context_of(request)
        actor = await _authenticated(request, context)
        if actor.scopes is None or operation.scope not in actor.scopes:
            raise ForbiddenError(f"The token is not for this: it lacks scope {operation.scope}.")
        sent = await request.body()
        call = Call(
            context, actor, request, _body(operation, request, sent), _window(request), _version(operation, request),
            frozenset(),
        )  # fmt: skip
        call = replace(call, granted=await _granted(operation, call))
        return await _done(operation, call, sent)

    return endpoint


async def _authenticated(request: Request, context: Context) -> Actor:
    """By token alone: what browsers send by themselves is worth nothing here, so no other site can make use of it."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not text.strip():
        raise UnauthenticatedError("Send an API token: `Authorization: Bearer acct_…`.")
    async with context.database.connection() as connection:
        actor = await tokens.authenticate(connection, text.strip())
    if actor is None:
        await context.limits.take(BAD_TOKENS, client_address(request, on_platform=context.on_platform))
        raise UnauthenticatedError("This API token does not work: it has expired, was revoked, or is incomplete.")
    await context.limits.take(TOKEN_REQUESTS, str(actor.credential_id))
    return actor


async def _granted(operation: Operation, call: Call) -> frozenset[str]:
    """What the caller may, before anything is touched. RequestError where that is not enough."""
    roles = call.context.roles
    if operation.needs == "admin":
        await roles.require_admin(call.actor)
        return frozenset()
    if operation.needs is None:
        return frozenset()
    id = call.id("organization_id")
    await roles.require(call.actor, operation.needs, id)
    object = organization_object(id)
    return frozenset([name for name in operation.asks if await roles.allows(call.actor.id, name, object)])


async def _done(operation: Operation, call: Call, sent: bytes) -> Response:
    database = call.context.database
    if operation.own_work:
        return _response(operation, await operation.handler(call))
    if operation.method == "GET":
        async with database.connection() as connection:
            return _response(operation, await operation.handler(replace(call, opened=connection)))
    key = idempotency.key_of(call.request, sent) if operation.repeatable else None
    async with database.transaction() as connection:
        before = await idempotency.claim(connection, call.actor, key) if key else None
        if before is not None:
            status, body = before
            return JSONResponse(body, status, {"idempotency-replayed": "true"})
        result = await operation.handler(replace(call, opened=connection))
        kept = result.kept or result.answer
        if key is not None and kept is not None:
            await idempotency.keep(connection, call.actor, key, operation.status, kept.model_dump(mode="json"))
    for object in result.settle:
        await call.context.roles.settle_after(object)
    return _response(operation, result)


def _response(operation: Operation, result: Result) -> Response:
    headers = {} if result.version is None else {"etag": f'"{result.version}"'}
    if result.answer is None:
        return Response(status_code=operation.status, headers=headers)
    return JSONResponse(result.answer.model_dump(mode="json"), operation.status, headers)


def _body(operation: Operation, request: Request, sent: bytes) -> Any:
    if operation.body is None:
        return None
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        error = RequestError("The body has to be JSON: `Content-Type: application/json`.")
        error.status, error.code = 415, "unsupported-media-type"
        raise error
    try:
        return operation.body.model_validate_json(sent)
    except ValidationError as error:
        found = {".".join(map(str, one["loc"])) or "body": one["msg"] for one in error.errors(include_input=False)}
        raise InvalidError("The body does not fit.", found) from None


def _window(request: Request) -> Window:
    text = request.query_params.get("limit", str(PAGE_SIZE))
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= LARGEST_PAGE:
        raise InvalidError("The limit does not fit.", {"limit": f"from 1 to {LARGEST_PAGE}"})
    return Window(int(text), request.query_params.get("cursor") or None)


def _version(operation: Operation, request: Request) -> int | None:
    """What `If-Match` says, which is the ETag of an answer before."""
    text = request.headers.get("if-match")
    if not operation.versioned or text is None or text == "*":
        return None
    match = re.fullmatch(r'"([0-9]{1,9})"', text.strip())
    if match is None:
        raise InvalidError("If-Match does not fit.", {"If-Match": 'the ETag of an answer, such as "3"'})
    return int(match[1])
