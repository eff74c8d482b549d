"""Whether a request may be made now: counted in Redis, within blocks of the quota that PostgreSQL handed out (ADR 0042)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from redis.exceptions import RedisError

from gateway.actors import Actor, FeatureLimits
from gateway.errors import Refusal
from gateway.quota import scripts
from gateway.quota.grants import Grant, UnknownActorError, Window, grant
from runtime.postgres import Database
from runtime.redis import Redis

LOGGER = logging.getLogger("gateway")

PATIENCE = 5.0
"""Seconds that a request waits for its turn at most."""
ARRIVES = (0.01, 0.03, 0.1, 0.3)
"""Seconds between looks for a grant that another instance has fetched and not brought yet."""
KEPT = 3600
"""Seconds after its window for which a counter is kept: for what is still being answered."""


@dataclass(frozen=True)
class Admission:
    """A request that may be made. `settle` says what became of it."""

    window: Window
    run: str
    tokens: int
    """Reserved."""


@dataclass(frozen=True)
class Used:
    """Of a window's quota."""

    window: Window
    requests: int
    tokens: int


class Limiter:
    """Quota and rate of every actor's features.

    clock   seconds since 1970, for the quota's windows
    """

    def __init__(self, redis: Redis, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._redis = redis
        self._admit: Any = redis.register_script(scripts.ADMIT)
        self._install: Any = redis.register_script(scripts.INSTALL)
        self._close: Any = redis.register_script(scripts.CLOSE)
        self._settle: Any = redis.register_script(scripts.SETTLE)
        self._granting: dict[Window, asyncio.Task[bool]] = {}
        self.touched: set[Window] = set()
        """Windows whose counters have moved since somebody looked (quota.checkpoint)."""

    async def admit(self, actor: Actor, feature: str, limits: FeatureLimits, tokens: int) -> Admission:
        """Count a request that may take so many tokens. Raises Refusal: 429, or 503 where nothing can be counted."""
        window = self._window(actor, feature, limits)
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._admitted(window, limits, tokens)
        except (RedisError, psycopg.OperationalError, TimeoutError) as error:
            # Whether it was counted is not known. It is not made: better counted too much than used for nothing.
            LOGGER.warning("a request could not be counted: %s", type(error).__name__)
            raise Refusal(503, "unavailable", "The gateway can't count requests at the moment. Try again.", 2) from None
        except UnknownActorError:
            raise Refusal(401, "invalid_api_key", "The access token is unknown.") from None

    async def used(self, actor: Actor, feature: str, limits: FeatureLimits) -> Used:
        """As Redis has it, nothing where it has nothing. Raises Refusal: 503 where it can't be asked."""
        window = self._window(actor, feature, limits)
        client: Any = self._redis
        try:
            requests, tokens = await client.hmget(counters_key(window), "ru", "tu")
        except RedisError:
            raise Refusal(503, "unavailable", "The gateway can't tell the usage at the moment. Try again.", 2) from None
        return Used(window, int(requests or 0), int(tokens or 0))

    def _window(self, actor: Actor, feature: str, limits: FeatureLimits) -> Window:
        seconds = limits.quota_seconds
        return Window(actor.id, feature, int(self._clock()) // seconds * seconds, seconds)

    async def settle(self, requests: Iterable[tuple[Admission, int, bool]]) -> None:
        """What requests really took in tokens, and whether each counts as none. Raises redis-py's RedisError."""
        pipeline = self._redis.pipeline(transaction=False)
        for admission, tokens, refund in requests:
            self.touched.add(admission.window)
            changed = tokens - admission.tokens
            if changed or refund:
                keys = [counters_key(admission.window)]
                await self._settle(keys=keys, args=[admission.run, -1 if refund else 0, changed], client=pipeline)
        await pipeline.execute()

    async def _admitted(self, window: Window, limits: FeatureLimits, tokens: int) -> Admission:
        keys = [counters_key(window), f"gateway:rate:{{{window.actor}/{window.feature}}}"]
        quotas = [-1 if one is None else one for one in (limits.quota_requests, limits.quota_tokens)]
        burst = limits.rate_seconds * 1_000_000
        interval = burst // limits.rate_requests if limits.rate_requests else 0
        arguments = [*quotas, tokens, interval, burst]
        empty = 0
        while True:
            code, first, second, run = await self._admit(keys=keys, args=arguments)
            if code == scripts.ADMITTED:
                self.touched.add(window)
                return Admission(window, run.decode(), tokens)
            if code == scripts.TOO_FAST:
                raise Refusal(429, "rate_limit_exceeded", "Too many requests in too short a time.", first / 1000)
            if code in (scripts.NO_REQUESTS, scripts.NO_TOKENS):
                raise self._exhausted(window, code)
            requests, missing = (1, tokens) if code == scripts.LOAD else (first, second)
            if await self._granted(window, limits, requests, missing):
                empty = 0
            elif empty == len(ARRIVES):
                await self._close(keys=keys[:1], args=quotas)
            else:
                await asyncio.sleep(ARRIVES[empty])
                empty += 1

    def _exhausted(self, window: Window, code: int) -> Refusal:
        what = "requests" if code == scripts.NO_REQUESTS else "tokens"
        wait = max(1.0, window.end - self._clock())
        return Refusal(429, "insufficient_quota", f"The quota of {what} for {window.feature} is used up.", wait)

    async def _granted(self, window: Window, limits: FeatureLimits, requests: int, tokens: int) -> bool:
        """Fetch a block and bring it to Redis, once for all requests of this process that wait for it.

        False where the quota has nothing more.
        """
        task = self._granting.get(window)
        if task is None:
            task = self._granting[window] = asyncio.create_task(self._fetch(window, limits, requests, tokens))
            task.add_done_callback(lambda done: self._fetched(window, done))
        # A caller that leaves must not take away from the others what is on its way.
        return await asyncio.shield(task)

    def _fetched(self, window: Window, task: asyncio.Task[bool]) -> None:
        del self._granting[window]
        if not task.cancelled():
            task.exception()

    async def _fetch(self, window: Window, limits: FeatureLimits, requests: int, tokens: int) -> bool:
        made: Grant = await grant(self._database, window, limits, requests, tokens)
        arguments = [*made.requests, *made.tokens, window.end + KEPT]
        await self._install(keys=[counters_key(window)], args=arguments)
        return not made.is_empty


def counters_key(window: Window) -> str:
    """Where Redis has a window's counters."""
    return f"gateway:quota:{{{window.actor}/{window.feature}}}:{window.start}"
