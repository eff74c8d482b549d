"""Making actors and keys: what the command line (gateway.admin), the seed of `:dev` and the tests do."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gateway.actors import FeatureLimits
from gateway.keys import derive, stored
from runtime.postgres import Database

_ACTOR = """
    INSERT INTO actors (id, name) VALUES (%s, %s)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, updated_at = now()
"""
_FEATURE = """
    INSERT INTO actor_features
        (actor_id, feature, models, quota_requests, quota_tokens, quota_seconds, rate_requests, rate_seconds)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (actor_id, feature) DO UPDATE SET
        models = excluded.models, quota_requests = excluded.quota_requests, quota_tokens = excluded.quota_tokens,
        quota_seconds = excluded.quota_seconds, rate_requests = excluded.rate_requests, rate_seconds = excluded.rate_seconds
"""
_KEY = """
    INSERT INTO access_tokens (hash, actor_id, expires_at) VALUES (%s, %s, %s)
    ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at
    WHERE access_tokens.actor_id = excluded.actor_id AND access_tokens.revoked_at IS NULL
    RETURNING actor_id
"""
_REVOKE = "UPDATE access_tokens SET revoked_at = now() WHERE hash = %s AND revoked_at IS NULL RETURNING actor_id"
_ENABLE = "UPDATE actors SET enabled = %s, updated_at = now() WHERE id = %s RETURNING id"
_SHOW = """
    SELECT a.id, a.name, a.enabled, count(t.hash) FILTER (WHERE t.revoked_at IS NULL AND coalesce(t.expires_at > now(), true))
    FROM actors a LEFT JOIN access_tokens t ON t.actor_id = a.id
    WHERE %(actor)s::text IS NULL OR a.id = %(actor)s GROUP BY a.id ORDER BY a.id
"""
_USAGE = """
    SELECT feature, window_start, used_requests, used_tokens, requests, tokens FROM quota_grants
    WHERE actor_id = %s ORDER BY window_start DESC, feature LIMIT 100
"""


class NotFoundError(LookupError):
    """There is no such actor or key."""


class KeyTakenError(ValueError):
    """The key belongs to another actor, or was revoked: it never works again."""


@dataclass(frozen=True)
class ActorLine:
    id: str
    name: str
    enabled: bool
    keys: int
    """That work."""


@dataclass(frozen=True)
class UsageLine:
    feature: str
    window_start: datetime
    requests: int
    tokens: int
    granted_requests: int
    granted_tokens: int


class Administration:
    """All errors of the database are psycopg's own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_actor(self, actor: str, name: str) -> None:
        """Make an actor, or rename it."""
        async with self._database.transaction() as connection:
            await connection.execute(_ACTOR, (actor, name))

    async def allow(self, actor: str, feature: str, limits: FeatureLimits) -> None:
        """Let an actor use a feature, or change within which limits. Raises NotFoundError."""
        await self._known(actor)
        models = None if limits.models is None else sorted(limits.models)
        row = (
            actor, feature, models, limits.quota_requests, limits.quota_tokens, limits.quota_seconds,
            limits.rate_requests, limits.rate_seconds,
        )  # fmt: skip
        async with self._database.transaction() as connection:
            await connection.execute(_FEATURE, row)

    async def forbid(self, actor: str, feature: str) -> None:
        """Take a feature away. Raises NotFoundError where the actor did not have it."""
        await self._one(
            "DELETE FROM actor_features WHERE actor_id = %s AND feature = %s RETURNING actor_id", (actor, feature)
        )

    async def add_key(self, actor: str, license_key: str, days: int | None = None) -> str:
        """Let a license's access token in, for so many days or for good; returns it.

        Raises NotFoundError, KeyTakenError, keys.WeakLicenseKeyError.
        """
        token = derive(license_key)
        await self._known(actor)
        until = None if days is None else datetime.fromtimestamp(time.time() + days * 86400, UTC)
        async with self._database.transaction() as connection:
            row = await (await connection.execute(_KEY, (stored(token.encode()), actor, until))).fetchone()
        if row is None:
            raise KeyTakenError("the key belongs to another actor, or was revoked")
        return token

    async def revoke_key(self, token: str) -> str:
        """An access token that works no more, from the moment on at which every instance has noticed (ACTOR_CACHE).

        Returns whose it was. Raises NotFoundError.
        """
        return await self._one(_REVOKE, (stored(token.encode()),))

    async def enable(self, actor: str, enabled: bool) -> None:
        """Raises NotFoundError."""
        await self._one(_ENABLE, (enabled, actor))

    async def actors(self, actor: str | None = None) -> list[ActorLine]:
        """All of them, or one."""
        async with self._database.connection() as connection:
            rows = await (await connection.execute(_SHOW, {"actor": actor})).fetchall()
        return [ActorLine(*row) for row in rows]

    async def usage(self, actor: str) -> list[UsageLine]:
        """The latest windows, as they were last written down. Raises NotFoundError."""
        await self._known(actor)
        async with self._database.connection() as connection:
            rows = await (await connection.execute(_USAGE, (actor,))).fetchall()
        return [UsageLine(*row) for row in rows]

    async def _known(self, actor: str) -> None:
        await self._one("SELECT id FROM actors WHERE id = %s", (actor,))

    async def _one(self, statement: str, arguments: tuple[Any, ...]) -> str:
        async with self._database.transaction() as connection:
            row = await (await connection.execute(statement, arguments)).fetchone()
        if row is None:
            raise NotFoundError("there is no such actor or key")
        return str(row[0])
