"""A bounded pool: waits for a connection, connects with retries, replaces connections that are too old."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from redis.asyncio import BlockingConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.credentials import CredentialProvider
from redis.exceptions import ConnectionError, TimeoutError

from runtime import pools
from runtime.google_identity import GoogleIdentity, IdentityError
from runtime.redis.errors import RedisIdentityError, RedisPoolExhaustedError
from runtime.redis.settings import Settings

T = TypeVar("T")

NAME = "redis"

USER = "default"
"""https://cloud.google.com/memorystore/docs/valkey/about-iam-auth: AUTH takes the token, the user is the default one."""


class IdentityCredentials(CredentialProvider):
    """User and token for each new connection."""

    def __init__(self, identity: GoogleIdentity) -> None:
        self._identity = identity

    def get_credentials(self) -> tuple[str, str]:
        raise NotImplementedError("the library is asynchronous alone")

    async def get_credentials_async(self) -> tuple[str, str]:
        try:
            return USER, await self._identity.token()
        except IdentityError as error:
            raise RedisIdentityError(f"no access token for the cache: {error}") from None


class _Safe:
    """In front of redis-py's connections: a transport that has closed meanwhile is a lost connection."""

    async def send_packed_command(self, *args: Any, **options: Any) -> None:
        try:
            await super().send_packed_command(*args, **options)  # type: ignore[misc]
        except RuntimeError as error:
            # uvloop's way of saying so; asyncio's own loop raises an OSError, which redis-py knows.
            await self.disconnect(nowait=True)  # type: ignore[attr-defined]
            raise ConnectionError(f"the connection to the cache was closed: {error}") from None


def safe(kind: type[AbstractConnection]) -> type[AbstractConnection]:
    """The same kind of connection, with nothing but redis-py's errors."""
    return type(f"Safe{kind.__name__}", (_Safe, kind), {})


class Pool(BlockingConnectionPool):
    """redis-py's pool with a bound, a time for waiting, and an age limit.

    jitter  random numbers from 0 to 1
    clock   seconds, monotonic
    """

    def __init__(
        self,
        settings: Settings,
        *,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
        **arguments: Any,
    ) -> None:
        self.settings = settings
        self._jitter = jitter
        self._clock = clock
        self._made_at: WeakKeyDictionary[AbstractConnection, float] = WeakKeyDictionary()
        self._used_at: WeakKeyDictionary[AbstractConnection, float] = WeakKeyDictionary()
        self._waiting = 0
        super().__init__(
            max_connections=settings.max_connections,
            timeout=settings.wait_timeout,
            socket_timeout=settings.command_timeout,
            socket_connect_timeout=settings.connect_timeout,
            socket_keepalive=True,
            # Retries are this library's own: redis-py would send a command that writes again.
            retry=Retry(NoBackoff(), 0),
            protocol=2,
            **arguments,
        )

    async def get_connection(self, command_name: Any = None, *keys: Any, **options: Any) -> Any:
        """A connection that works. RedisPoolExhaustedError, redis-py's ConnectionError and TimeoutError."""
        started = self._clock()
        self._waiting += 1
        try:
            return await super().get_connection()  # type: ignore[no-untyped-call]
        except ConnectionError as error:
            if not isinstance(error.__cause__, asyncio.TimeoutError) or len(self._in_use_connections) < self.max_connections:
                raise
            pools.TIMEOUTS.add(1, {pools.POOL: NAME})
            raise RedisPoolExhaustedError(
                f"no connection to the cache within {self.settings.wait_timeout:g} s: all {self.max_connections} are in "
                "use. Do less at once, put commands that belong together into a pipeline, or raise "
                "runtime.redis.Settings.max_connections."
            ) from None
        finally:
            self._waiting -= 1
            pools.WAIT_TIME.record(self._clock() - started, {pools.POOL: NAME})

    async def ensure_connection(self, connection: AbstractConnection) -> None:
        """Connect it where it is not, or is too old; again after a failure, a few times."""
        now = self._clock()
        if connection.is_connected:
            is_old = now - self._made_at.get(connection, 0.0) > self.settings.max_lifetime
            was_idle = now - self._used_at.get(connection, 0.0) > self.settings.check_after_idle
            if is_old or (was_idle and not await _answers(connection)):
                await connection.disconnect()
        is_new = not connection.is_connected
        await self.again(lambda: super(Pool, self).ensure_connection(connection), "CONNECT")
        if is_new:
            self._made_at[connection] = self._clock()

    async def release(self, connection: AbstractConnection) -> None:
        self._used_at[connection] = self._clock()
        await super().release(connection)

    async def again(self, action: Callable[[], Awaitable[T]], operation: str) -> T:
        """Do something that may be done twice; again after a connection was lost or silent."""
        deadline = self._clock() + self.settings.retry_within
        for attempt in range(self.settings.retries + 1):
            try:
                return await action()
            except (ConnectionError, TimeoutError, OSError) as error:
                is_last = attempt == self.settings.retries or self._clock() >= deadline
                if is_last or isinstance(error, RedisPoolExhaustedError):
                    raise
            pools.RETRIES.add(1, {pools.POOL: NAME, "db.operation.name": operation})
            pause = min(self.settings.retry_cap, self.settings.retry_base * 2**attempt)
            await asyncio.sleep(pause * (0.5 + 0.5 * self._jitter()))
        raise AssertionError("the last attempt returns or raises")

    def usage(self) -> pools.Usage:
        return pools.Usage(
            in_use=len(self._in_use_connections),
            idle=len(self._available_connections),
            waiting=max(0, self._waiting - (self.max_connections - len(self._in_use_connections))),
            size=self.max_connections,
        )


async def _answers(connection: AbstractConnection) -> bool:
    """Whether a connection that was idle still works. (It is found out before a command that can't be sent twice.)"""
    try:
        await connection.send_command("PING")
        await connection.read_response()
    except (ConnectionError, TimeoutError, OSError):
        return False
    return True
