"""Whole answers of the library itself, among them errors as problem+json (RFC 9457)."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from ..service import Send

Header = tuple[bytes, bytes]

JSON = b"application/json"
TEXT = b"text/plain; charset=utf-8"
PROBLEM = b"application/problem+json"


async def answer(
    send: Send, status: int, content_type: bytes, body: bytes, headers: tuple[Header, ...] = (), *, head: bool = False
) -> None:
    """Send all of an answer; without its body for a HEAD request."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", content_type),
                (b"content-length", str(len(body)).encode()),
                (b"cache-control", b"no-store"),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": b"" if head else body})


async def answer_json(send: Send, status: int, value: Any, *, head: bool = False) -> None:
    await answer(send, status, JSON, json.dumps(value, indent=2).encode() + b"\n", head=head)


async def problem(send: Send, status: int, detail: str, *headers: Header, head: bool = False) -> None:
    """`detail` is for the caller: a sentence, with nothing of the service's insides."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    await answer(send, status, PROBLEM, json.dumps(body).encode(), headers, head=head)
