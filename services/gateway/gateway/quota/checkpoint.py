"""What Redis has counted, written down every few seconds: for people (`gateway.admin usage`) and invoices.

The limits do not depend on it. What was granted and never counted is the difference that a lost Redis makes.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import psycopg
from redis.exceptions import RedisError

from gateway.quota.grants import Window
from gateway.quota.limiter import Limiter, counters_key
from runtime.postgres import Database
from runtime.redis import Redis

LOGGER = logging.getLogger("gateway")

EVERY = 10.0
KEPT_DAYS = 100
"""For how long windows are kept that are over."""
CLEANED = 3600.0
"""Seconds between two looks for older ones."""

_UPDATE = """
    UPDATE quota_grants SET used_requests = %s, used_tokens = %s
    WHERE actor_id = %s AND feature = %s AND window_start = to_timestamp(%s)
"""
_CLEAN = f"DELETE FROM quota_grants WHERE window_start < now() - interval '{KEPT_DAYS} days'"


class Checkpoint:
    """`run` is a background task."""

    def __init__(self, limiter: Limiter, redis: Redis, database: Database) -> None:
        self._limiter = limiter
        self._redis: Any = redis
        self._database = database
        self._cleaned_at = -CLEANED

    async def run(self) -> None:
        """For as long as the process lives. Servers that are away are asked again in a while."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.write()
                await self._clean()
            except (RedisError, psycopg.OperationalError, TimeoutError) as error:
                LOGGER.warning("usage was not written down: %s", type(error).__name__)

    async def write(self) -> None:
        """The counters that have moved since the last time."""
        windows, self._limiter.touched = self._limiter.touched, set()
        try:
            # In one order everywhere, so that instances don't wait for each other in a ring.
            ordered = sorted(windows, key=lambda window: (window.actor, window.feature, window.start))
            rows = [row for window in ordered if (row := await self._counted(window)) is not None]
            if rows:
                async with self._database.transaction() as connection, connection.cursor() as cursor:
                    await cursor.executemany(_UPDATE, rows)
        except BaseException:
            self._limiter.touched |= windows
            raise

    async def _counted(self, window: Window) -> tuple[int, int, str, str, int] | None:
        requests, tokens = await self._redis.hmget(counters_key(window), "ru", "tu")
        if requests is None:
            return None
        return int(requests), int(tokens), window.actor, window.feature, window.start

    async def _clean(self) -> None:
        now = time.monotonic()
        if now - self._cleaned_at >= CLEANED:
            self._cleaned_at = now
            async with self._database.connection() as connection:
                await connection.execute(_CLEAN)
