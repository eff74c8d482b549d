"""One database: a bounded pool of connections, transactions, readiness."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from typing import TypeVar

import psycopg
from psycopg import IsolationLevel
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from runtime import pools
from runtime.postgres.connecting import Address
from runtime.postgres.connection import Attributes, Connection
from runtime.postgres.errors import DatabaseUnavailableError, PoolExhaustedError, is_retryable, one_line
from runtime.postgres.settings import Settings, milliseconds

T = TypeVar("T")

RECONNECT_TIMEOUT = 2.0
"""How long the pool itself goes on trying to make one connection; then the next caller begins anew."""

FRESH = 5.0
"""Seconds for which a connection that worked proves that the database is there."""

RETRY_BASE = 0.02
RETRY_CAP = 1.0


class Database:
    """`runtime.postgres["accounts"]`.

    size    the most connections it holds
    jitter  random numbers from 0 to 1, for the pauses between retries
    clock   seconds, monotonic
    """

    def __init__(
        self,
        address: Address,
        size: int,
        *,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = address.database
        self.size = size
        self._settings: Settings = address.settings
        self._jitter = jitter
        self._clock = clock
        self._in_use = 0
        self._waiting = 0
        self._worked_at: float | None = None
        self._drained_at = -FRESH
        self._failure: str | None = None
        self._target: Attributes = {
            "db.system.name": "postgresql",
            "db.namespace": self.name,
            "server.address": address.contract.host or "localhost",
        }

        async def arguments() -> dict[str, object]:
            return {**await address.arguments(), "observer": self._connected}

        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            connection_class=Connection,
            kwargs=arguments,
            configure=self._configure,
            check=self._check_connection,
            min_size=1,
            max_size=size,
            open=False,
            name=f"postgres/{self.name}",
            timeout=self._settings.wait_timeout,
            max_lifetime=self._settings.max_lifetime,
            max_idle=self._settings.max_idle,
            reconnect_timeout=RECONNECT_TIMEOUT,
            num_workers=2,
        )

    async def open(self) -> None:
        """Start connecting; does not wait for it."""
        await self._pool.open()
        pools.watch(self._pool.name, self.usage)

    async def close(self) -> None:
        pools.forget(self._pool.name)
        await self._pool.close()

    @asynccontextmanager
    async def connection(self, *, wait: float | None = None) -> AsyncIterator[Connection]:
        """A connection for the time of the block, in a transaction that the block's end commits, an error rolls back.

        wait  seconds to wait for one; `Settings.wait_timeout` where it is not given

        Raises PoolExhaustedError, DatabaseUnavailableError.
        """
        connection = await self._take(wait)
        self._in_use += 1
        try:
            async with connection:
                yield connection
        finally:
            self._in_use -= 1
            connection.used_at = self._clock()
            if not connection.closed:
                self._worked_at = self._clock()
            # Else its place in the pool is lost if the caller is cancelled just now.
            await asyncio.shield(self._pool.putconn(connection))

    @asynccontextmanager
    async def transaction(
        self,
        *,
        isolation: IsolationLevel | None = None,
        read_only: bool | None = None,
        statement_timeout: float | None = None,
        wait: float | None = None,
    ) -> AsyncIterator[Connection]:
        """A transaction for the time of the block, done once: `run` does it again where the server asks for it.

        statement_timeout  seconds, for statements of this transaction; 0 for no limit
        """
        async with self.connection(wait=wait) as connection:
            await connection.set_isolation_level(isolation)
            await connection.set_read_only(read_only)
            limit = nullcontext() if statement_timeout is None else connection.patient(self._patience(statement_timeout))
            try:
                with limit:
                    async with connection.transaction():
                        if statement_timeout is not None:
                            await connection.execute(
                                "SELECT set_config('statement_timeout', %s, true)", [str(milliseconds(statement_timeout))]
                            )
                        yield connection
            finally:
                # These are the connection's own until they are changed, and the next user knows nothing of them.
                if not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
                    await connection.set_isolation_level(None)
                    await connection.set_read_only(None)

    async def run(
        self,
        work: Callable[[Connection], Awaitable[T]],
        *,
        isolation: IsolationLevel | None = None,
        attempts: int = 5,
        statement_timeout: float | None = None,
    ) -> T:
        """What `work` returns, done in a transaction, again after a serialization failure or a deadlock.

        `work` may therefore run more than once: it must do nothing outside the database that can't be done twice.
        After `attempts` tries psycopg's SerializationFailure or DeadlockDetected is raised.
        """
        for attempt in range(1, attempts + 1):
            try:
                async with self.transaction(isolation=isolation, statement_timeout=statement_timeout) as connection:
                    return await work(connection)
            except psycopg.OperationalError as error:
                if not is_retryable(error) or attempt == attempts:
                    raise
                pools.RETRIES.add(1, {pools.POOL: self._pool.name, "error.type": error.sqlstate or ""})
            # Half of it is chance, so that two that collided don't meet again.
            pause = min(RETRY_CAP, RETRY_BASE * 2**attempt)
            await asyncio.sleep(pause * (0.5 + 0.5 * self._jitter()))
        raise ValueError(f"attempts: found {attempts}; expected at least 1")

    async def check(self) -> None:
        """Raise with a one-line reason while the database can't be used.

        A connection that worked a moment ago is proof enough: a probe does not compete with requests for connections.
        """
        if self._worked_at is not None and self._clock() - self._worked_at < FRESH:
            return
        async with self.connection(wait=self._settings.check_timeout) as connection:
            with connection.patient(self._settings.check_timeout):
                await connection.execute("SELECT 1")

    def usage(self) -> pools.Usage:
        stats = self._pool.get_stats()
        return pools.Usage(
            in_use=self._in_use, idle=stats["pool_available"], waiting=self._waiting, size=self.size
        )

    async def _take(self, wait: float | None) -> Connection:
        limit = self._settings.wait_timeout if wait is None else wait
        if self._failure is not None:
            limit = min(limit, self._settings.unavailable_wait)
        if self._waiting >= self._settings.max_waiting:
            # Not the pool's own bound: it counts callers that gave up, and then never connects again.
            raise await self._refusal(limit, at_once=True)
        started = self._clock()
        self._waiting += 1
        try:
            connection = await self._pool.getconn(limit)
        except PoolTimeout:
            raise await self._refusal(limit, at_once=False) from None
        except PoolClosed:
            raise DatabaseUnavailableError(f"database {self.name} is not open") from None
        finally:
            self._waiting -= 1
            pools.WAIT_TIME.record(self._clock() - started, {pools.POOL: self._pool.name})
        return connection

    async def _refusal(self, limit: float, *, at_once: bool) -> psycopg.OperationalError:
        pools.TIMEOUTS.add(1, {pools.POOL: self._pool.name})
        # Others get their turn, also where a caller asks again at once.
        await asyncio.sleep(0)
        if self._in_use < self.size and self._failure is not None:
            return DatabaseUnavailableError(f"no connection to database {self.name} can be made: {self._failure}")
        if self._in_use < self.size and not at_once:
            return DatabaseUnavailableError(f"no connection to database {self.name} was made within {limit:g} s")
        when = "at once" if at_once else f"within {limit:g} s"
        return PoolExhaustedError(
            f"no connection to database {self.name} {when}: {self._in_use} of {self.size} are in use, {self._waiting} callers "
            "wait. Hold connections for a shorter time (not while you wait for something else), or raise PGPOOLSIZE: "
            "through resources.postgres.maxConnections or a lower instances.scaling.maxCount in service.yaml."
        )

    async def _configure(self, connection: Connection) -> None:
        connection.target = self._target
        connection.used_at = self._clock()
        connection.trace_arguments = self._settings.trace_arguments
        connection.patience = self._patience(self._settings.statement_timeout)

    def _patience(self, statement_timeout: float) -> float | None:
        return statement_timeout + self._settings.answer_margin if statement_timeout > 0 else None

    async def _check_connection(self, connection: Connection) -> None:
        """Try a connection that was idle for long or has something to say. Raises where it does not work.

        After a pause of the whole process all idle connections are dead together: finding one, drop them all rather than
        have callers find them one by one.
        """
        if self._clock() - connection.used_at < self._settings.check_after_idle and not connection.has_unread():
            return
        try:
            with connection.patient(self._settings.check_timeout):
                await self._pool.check_connection(connection)
        except psycopg.Error:
            now = self._clock()
            if now - self._drained_at >= 1.0:
                self._drained_at = now
                await self._pool.drain()
            raise

    def _connected(self, error: BaseException | None) -> None:
        self._failure = None if error is None else one_line(error)
        if error is None:
            self._worked_at = self._clock()
