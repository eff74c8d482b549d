"""A request that is sent again with its Idempotency-Key is done once, and answered alike.

https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb
from starlette.requests import Request

from accounts.errors import InvalidError
from accounts.model import Actor
from accounts.rows import changed
from runtime.postgres import Connection

LONGEST = 255


@dataclass(frozen=True)
class Key:
    text: str
    fingerprint: bytes
    """Of what was asked."""


def key_of(request: Request, body: bytes) -> Key | None:
    """What the request says; InvalidError where that is no key."""
    text = request.headers.get("idempotency-key")
    if text is None:
        return None
    if not 0 < len(text) <= LONGEST or not text.isascii() or not text.isprintable():
        raise InvalidError("The Idempotency-Key does not fit.", {"Idempotency-Key": f"1 to {LONGEST} printable characters"})
    asked = f"{request.method} {request.url.path}\n".encode() + body
    return Key(text, hashlib.sha256(asked).digest())


async def claim(connection: Connection, actor: Actor, key: Key) -> tuple[int, dict[str, Any]] | None:
    """None where the request is new: it has the key then, until the transaction's end. Else what it was answered.

    Who comes while the first one is under way waits for its end. InvalidError where another request had the key.
    """
    new = await changed(
        connection,
        "INSERT INTO idempotency_keys (user_id, key, fingerprint) VALUES (%(user)s, %(key)s, %(fingerprint)s)"
        " ON CONFLICT DO NOTHING",
        {"user": actor.id, "key": key.text, "fingerprint": key.fingerprint},
    )
    if new:
        return None
    query = "SELECT fingerprint, status, body FROM idempotency_keys WHERE user_id = %s AND key = %s"
    row = await (await connection.execute(query, (actor.id, key.text))).fetchone()
    if row is None or bytes(row[0]) != key.fingerprint:
        raise InvalidError("Another request had this Idempotency-Key.", {"Idempotency-Key": "a new one for each request"})
    return row[1], row[2]


async def keep(connection: Connection, actor: Actor, key: Key, status: int, body: dict[str, Any]) -> None:
    """What the request is answered from now on."""
    await connection.execute(
        "UPDATE idempotency_keys SET status = %s, body = %s WHERE user_id = %s AND key = %s",
        (status, Jsonb(body), actor.id, key.text),
    )
