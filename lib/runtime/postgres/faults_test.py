"""What a client sees when PostgreSQL goes away and comes back: typed errors soon, no crash, no restart, within budget."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import psycopg
import pytest

from runtime.postgres import Database, DatabaseUnavailableError, NoAnswerError
from runtime.postgres.conftest import OpenPostgres
from runtime.testing.fault_proxy import FaultProxy
from runtime.testing.postgres_server import PostgresServer

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that services run on."""
    return "asyncio", {"use_uvloop": True}


CALLERS = 20
CUT_SECONDS = 5.0


class Load:
    """Callers that query as fast as they can and count what they get."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.outcomes: Counter[str] = Counter()
        self.slowest = 0.0
        self.last_success = 0.0
        self.running = True

    async def caller(self) -> None:
        while self.running:
            started = time.monotonic()
            try:
                async with self.database.connection() as connection:
                    await connection.execute("SELECT pg_sleep(0.005)")
                self.outcomes["success"] += 1
                self.last_success = time.monotonic()
            except psycopg.OperationalError as error:
                self.outcomes[type(error).__name__] += 1
            self.slowest = max(self.slowest, time.monotonic() - started)

    async def successes(self, more: int) -> None:
        goal = self.outcomes["success"] + more
        while self.outcomes["success"] < goal:
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("fault", ["cut", "black_hole"])
async def test_a_cut_under_load(
    open_postgres: OpenPostgres, proxy: FaultProxy, postgres_server: PostgresServer, database: str, fault: str
) -> None:
    settings = {
        "wait_timeout": 1.0, "connect_timeout": 2, "statement_timeout": 0.5, "answer_margin": 0.5, "check_timeout": 1.0,
        # More than call at a time, fewer than give up during the cut.
        "max_waiting": CALLERS + 10,
    }  # fmt: skip
    count = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND application_name = 'service dev'"
    async with open_postgres(pool_size=4, port=proxy.port, settings=settings) as postgres:
        db = postgres[database]
        load = Load(db)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(CALLERS):
                tasks.create_task(load.caller())
            await load.successes(50)
            getattr(proxy, fault)()
            until = time.monotonic() + CUT_SECONDS
            while time.monotonic() < until:
                assert proxy.connections <= 4
                await asyncio.sleep(0.05)
            during = load.outcomes.total() - load.outcomes["success"]
            with pytest.raises(psycopg.OperationalError):
                db._worked_at = None
                await postgres.check()
            proxy.mend()
            mended = time.monotonic()
            await asyncio.wait_for(load.successes(1), 15)
            recovery = time.monotonic() - mended
            await asyncio.wait_for(load.successes(100), 15)
            assert int(str(postgres_server.value(count))) <= 4
            load.running = False
        await postgres.check()
        assert db.usage().in_use == 0
    print(f"{fault}: recovered after {recovery:.2f} s, slowest call {load.slowest:.2f} s, {dict(load.outcomes)}")
    assert during >= CALLERS
    # Waiting for a connection, or a statement's time and the margin; the rest is this machine's.
    assert load.slowest < 5
    assert recovery < 5


async def test_a_silent_server_is_given_up(open_postgres: OpenPostgres, proxy: FaultProxy, database: str) -> None:
    settings = {"statement_timeout": 0.3, "answer_margin": 0.2}
    async with open_postgres(port=proxy.port, settings=settings) as postgres:
        started = time.monotonic()
        with pytest.raises(NoAnswerError, match=f"database {database} gave no answer within 0.5 s"):
            async with postgres[database].connection() as connection:
                proxy.black_hole()
                await connection.execute("SELECT 1")
        assert time.monotonic() - started < 3


async def test_idle_connections_that_died_are_not_given_out(
    open_postgres: OpenPostgres, postgres_server: PostgresServer, database: str
) -> None:
    """As after a pause of the process: all of them are dead, and the first query works."""
    slept = 0.0
    async with open_postgres(pool_size=5, clock=lambda: time.monotonic() + slept) as postgres:
        db = postgres[database]

        async def hold(barrier: asyncio.Barrier) -> None:
            async with db.connection() as connection:
                await connection.execute("SELECT 1")
                await barrier.wait()

        everyone = asyncio.Barrier(5)
        await asyncio.gather(*(hold(everyone) for _ in range(5)))
        ended = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}'"
        assert postgres_server.value(ended) == 5
        slept = 3600.0
        started = time.monotonic()
        async with db.connection() as connection:
            await connection.execute("SELECT 1")
        assert time.monotonic() - started < 1


async def test_a_start_without_database_fails_with_the_reason(
    open_postgres: OpenPostgres, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.postgres.resource.START_SECONDS", 1.5)
    proxy.cut()
    with pytest.raises(DatabaseUnavailableError, match="no connection to database .* can be made: connection"):
        async with open_postgres(port=proxy.port):
            pass


async def test_a_start_waits_for_a_database_that_comes(open_postgres: OpenPostgres, proxy: FaultProxy) -> None:
    proxy.cut()

    async def come() -> None:
        while proxy.accepted == 0:
            await asyncio.sleep(0.01)
        proxy.mend()

    coming = asyncio.create_task(come())
    async with open_postgres(port=proxy.port) as postgres:
        await postgres.check()
    await coming
