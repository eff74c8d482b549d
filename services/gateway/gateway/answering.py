"""Reading a request's parts and sending answers, on plain ASGI: what stands between a chunk and the client is counted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping

from gateway.errors import Refusal, Shape
from gateway.leaving import ClientLeft
from runtime.service import Receive, Scope, Send

BODY_SECONDS = 30.0
"""How long a client may take to send its request."""

Header = tuple[bytes, bytes]

NO_STORE: Header = (b"cache-control", b"no-store")


def headers_of(scope: Scope) -> Mapping[bytes, bytes]:
    """By lower-case name; of several of one name the last."""
    return dict(scope["headers"])


async def read_body(receive: Receive, most: int) -> bytes:
    """Raises Refusal where it is larger or slow, ClientLeft."""
    parts = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientLeft
                part = message.get("body", b"")
                size += len(part)
                if size > most:
                    raise Refusal(413, "prompt_too_large", f"The request may have {most} bytes.")
                parts.append(part)
                if not message.get("more_body"):
                    return parts[0] if len(parts) == 1 else b"".join(parts)
    except TimeoutError:
        raise Refusal(408, "request_timeout", f"The request was not there after {BODY_SECONDS:g} s.") from None


async def begin(send: Send, status: int, headers: Iterable[Header]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*headers, NO_STORE]})


async def go_on(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def finish(send: Send, body: bytes = b"") -> None:
    await send({"type": "http.response.body", "body": body})


async def answer(send: Send, status: int, body: bytes, headers: Iterable[Header] = ()) -> None:
    """A whole answer of JSON."""
    length = (b"content-length", b"%d" % len(body))
    await begin(send, status, [(b"content-type", b"application/json"), length, *headers])
    await finish(send, body)


async def answer_json(send: Send, content: object, status: int = 200) -> None:
    await answer(send, status, json.dumps(content).encode())


async def refuse(send: Send, refusal: Refusal, shape: Shape, headers: Iterable[Header] = ()) -> None:
    await answer(send, refusal.status, refusal.body(shape), [*refusal.headers(), *headers])
