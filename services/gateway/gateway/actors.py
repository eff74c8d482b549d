"""Who a key belongs to and what they may do: PostgreSQL, with a short memory in front of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from gateway.errors import Refusal
from gateway.keys import stored
from runtime.postgres import Database

LOGGER = logging.getLogger("gateway")

MOST_REMEMBERED = 20_000
PAUSE = 1.0
"""Seconds for which a database that could not be asked is left in peace, where an old answer will do."""


@dataclass(frozen=True)
class FeatureLimits:
    """What an actor may do with one feature; None for no limit."""

    models: frozenset[str] | None
    quota_requests: int | None
    quota_tokens: int | None
    quota_seconds: int
    rate_requests: int | None
    rate_seconds: int


@dataclass(frozen=True)
class Actor:
    id: str
    features: dict[str, FeatureLimits]
    expires_at: float | None
    """When the key that was presented ends; seconds since 1970."""


@dataclass
class _Known:
    actor: Actor | None
    since: float


_FIND = """
    SELECT a.id, extract(epoch FROM t.expires_at)::float8, f.feature, f.models, f.quota_requests, f.quota_tokens,
           f.quota_seconds, f.rate_requests, f.rate_seconds
    FROM access_tokens t JOIN actors a ON a.id = t.actor_id LEFT JOIN actor_features f ON f.actor_id = a.id
    WHERE t.hash = %s AND t.revoked_at IS NULL AND a.enabled
"""


class Actors:
    """Actors by access token.

    fresh   seconds for which an answer is used without asking again: how late a revoked key stops working
    stale   seconds for which it is used while the database can't be asked
    """

    def __init__(
        self,
        database: Database,
        fresh: float,
        stale: float,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._fresh = fresh
        self._stale = stale
        self._clock = clock
        self._now = now
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._asking: dict[bytes, asyncio.Task[Actor | None]] = {}
        self._failed_at = -PAUSE

    async def find(self, token: bytes | None) -> Actor:
        """Raises Refusal: 401 where the key is none, 503 where nobody can say."""
        actor = None if token is None else await self._look_up(stored(token))
        if actor is None or (actor.expires_at is not None and actor.expires_at <= self._now()):
            raise Refusal(401, "invalid_api_key", "The access token is missing, unknown, expired or revoked.")
        return actor

    async def _look_up(self, key: bytes) -> Actor | None:
        known = self._known.get(key)
        now = self._clock()
        if known is not None and now - known.since < self._fresh:
            self._known.move_to_end(key)
            return known.actor
        usable = known is not None and known.actor is not None and now - known.since < self._stale
        if usable and known is not None and now - self._failed_at < PAUSE:
            return known.actor
        try:
            return await self._ask_once(key)
        except psycopg.OperationalError as error:
            self._failed_at = self._clock()
            if usable and known is not None:
                return known.actor
            LOGGER.warning("a key could not be looked up: %s", type(error).__name__)
            raise Refusal(503, "unavailable", "The gateway can't check keys at the moment. Try again.", 2) from None

    async def _ask_once(self, key: bytes) -> Actor | None:
        """Requests with the same key wait for one answer; one of them that is cancelled takes nothing from the others."""
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(key))
            task.add_done_callback(lambda done: self._asked(key, done))
        return await asyncio.shield(task)

    def _asked(self, key: bytes, task: asyncio.Task[Actor | None]) -> None:
        del self._asking[key]
        # So that an error that nobody waits for any more is not reported as forgotten.
        if not task.cancelled():
            task.exception()

    async def _ask(self, key: bytes) -> Actor | None:
        asked_at = self._clock()
        async with self._database.connection() as connection:
            rows = await (await connection.execute(_FIND, [key])).fetchall()
        actor = None
        if rows:
            features = {row[2]: _limits(row[3:]) for row in rows if row[2] is not None}
            actor = Actor(id=rows[0][0], features=features, expires_at=rows[0][1])
        self._known[key] = _Known(actor, asked_at)
        self._known.move_to_end(key)
        while len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return actor


def _limits(row: tuple[object, ...]) -> FeatureLimits:
    models, *rest = row
    assert models is None or isinstance(models, list)
    return FeatureLimits(None if models is None else frozenset(models), *rest)  # type: ignore[arg-type]
