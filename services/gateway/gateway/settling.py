"""What happens after an answer, and must not be lost with the client or with the request's task: counting what it cost.

One task does it for all requests, in batches: under load a batch is one round trip to Redis and one transaction, however
many requests have ended meanwhile, and never more than one connection of each pool.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from opentelemetry import context as contexts
from redis.exceptions import RedisError

from gateway.quota.limiter import Admission, Limiter
from runtime.events import Events
from runtime.postgres import Database

LOGGER = logging.getLogger("gateway")

CLOSE_SECONDS = 3.0
BATCH = 200
MOST_WAITING = 10_000
"""Bills that wait. One more is not recorded; what it reserved stays charged."""

EVENT = "gateway.request"


@dataclass(frozen=True)
class Bill:
    """What one request took."""

    admission: Admission
    tokens: int
    refund: bool
    """Whether it counts as no request."""
    event: dict[str, Any]
    context: contexts.Context
    """The trace that it belongs to."""


class Settling:
    """A runtime.Resource: closing it waits for what is under way."""

    name = "settling"

    def __init__(self, limiter: Limiter, events: Events, database: Database) -> None:
        self._limiter = limiter
        self._events = events
        self._database = database
        self._waiting: list[Bill] = []
        self._running: asyncio.Task[None] | None = None

    async def open(self) -> None:
        pass

    async def check(self) -> None:
        pass

    async def close(self) -> None:
        if self._running is not None:
            await asyncio.wait([self._running], timeout=CLOSE_SECONDS)

    def start(self, admission: Admission, tokens: int, refund: bool, event: dict[str, Any]) -> None:
        """Count and record, soon."""
        if len(self._waiting) >= MOST_WAITING:
            LOGGER.warning("a request's usage was not recorded: %d others wait", len(self._waiting))
            return
        self._waiting.append(Bill(admission, tokens, refund, event, contexts.get_current()))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._settle())

    async def _settle(self) -> None:
        while self._waiting:
            bills, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            try:
                await self._limiter.settle([(bill.admission, bill.tokens, bill.refund) for bill in bills])
            except (RedisError, TimeoutError) as error:
                # What was reserved stays charged, which is less than what was used only where an estimate missed it.
                LOGGER.warning("usage of %d requests was not counted: %s", len(bills), type(error).__name__)
            try:
                await self._record(bills)
            except Exception as error:
                LOGGER.error("usage of %d requests was not recorded: %s", len(bills), type(error).__name__, exc_info=error)

    async def _record(self, bills: Sequence[Bill]) -> None:
        try:
            async with self._database.transaction() as connection:
                for bill in bills:
                    await self._event(bill, connection)
        except psycopg.Error:
            # Without a connection they are kept in memory until there is one, as many as there is room for.
            for bill in bills:
                await self._event(bill, None)

    async def _event(self, bill: Bill, connection: psycopg.AsyncConnection[Any] | None) -> None:
        token = contexts.attach(bill.context)
        try:
            actor = f"license:{bill.admission.window.actor}"
            await self._events.record(EVENT, bill.event, actor=actor, connection=connection)
        finally:
            contexts.detach(token)
