"""Pools and transactions on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import time

import psycopg
import pytest
from psycopg import IsolationLevel

from runtime.postgres import Connection, PoolExhaustedError
from runtime.postgres.conftest import OpenPostgres
from runtime.testing.postgres_server import PostgresServer

pytestmark = pytest.mark.anyio


async def setting(connection: Connection, name: str) -> str:
    row = await (await connection.execute("SELECT current_setting(%s)", [name])).fetchone()
    assert row is not None
    return str(row[0])


async def test_a_session_begins_with_the_defaults(open_postgres: OpenPostgres, database: str) -> None:
    async with open_postgres() as postgres, postgres[database].connection() as connection:
        found = {
            name: await setting(connection, name)
            for name in (
                "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "application_name",
                "client_connection_check_interval",
            )
        }  # fmt: skip
    assert found == {
        "statement_timeout": "30s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "1min",
        "application_name": "service dev",
        "client_connection_check_interval": "10s",
    }


async def test_new_objects_belong_to_the_owners_role(
    open_postgres: OpenPostgres, postgres_server: PostgresServer, database: str
) -> None:
    postgres_server.execute(
        "DROP ROLE IF EXISTS workload", "DROP ROLE IF EXISTS owners", "CREATE ROLE owners",
        "CREATE ROLE workload LOGIN IN ROLE owners", f"GRANT CREATE ON DATABASE {database} TO owners",
    )  # fmt: skip
    async with open_postgres(user="workload", role="owners") as postgres:
        async with postgres[database].connection() as connection:
            await connection.execute("CREATE SCHEMA things")
            await connection.execute("RESET ALL")
            row = await (await connection.execute("SELECT session_user, current_user")).fetchone()
    assert row == ("workload", "owners")
    owner = "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'things'"
    assert postgres_server.value(owner, database) == "owners"


async def test_a_block_commits_and_an_error_rolls_back(open_postgres: OpenPostgres, database: str) -> None:
    async with open_postgres() as postgres:
        db = postgres[database]
        async with db.connection() as connection:
            await connection.execute("CREATE TABLE t (n int)")
        with pytest.raises(ZeroDivisionError):
            async with db.transaction() as connection:
                await connection.execute("INSERT INTO t VALUES (1)")
                raise ZeroDivisionError
        async with db.transaction() as connection:
            await connection.execute("INSERT INTO t VALUES (2)")
        async with db.connection() as connection:
            assert await (await connection.execute("SELECT n FROM t")).fetchall() == [(2,)]


async def test_an_exhausted_pool_says_so_and_which_knob(open_postgres: OpenPostgres, database: str) -> None:
    async with open_postgres(pool_size=2) as postgres:
        db = postgres[database]
        async with db.connection(), db.connection():
            started = time.monotonic()
            with pytest.raises(PoolExhaustedError) as caught:
                async with db.connection(wait=0.2):
                    pass
            assert time.monotonic() - started < 2
        async with db.connection():
            pass
    message = str(caught.value)
    assert f"no connection to database {database} within 0.2 s: 2 of 2 are in use" in message
    assert "PGPOOLSIZE" in message and "instances.scaling.maxCount" in message


async def test_too_many_who_wait_are_turned_away_at_once(open_postgres: OpenPostgres, database: str) -> None:
    async with open_postgres(pool_size=1, settings={"max_waiting": 1}) as postgres:
        db = postgres[database]
        async with db.connection():

            async def wait() -> None:
                async with db.connection(wait=30):
                    pass

            waiter = asyncio.create_task(wait())
            while db.usage().waiting == 0:
                await asyncio.sleep(0)
            with pytest.raises(PoolExhaustedError, match="at once: 1 of 1 are in use, 1 callers wait"):
                async with db.connection(wait=30):
                    pass
        await waiter


async def test_the_pool_stays_within_its_size(
    open_postgres: OpenPostgres, postgres_server: PostgresServer, database: str
) -> None:
    count = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND application_name = 'service dev'"
    seen = []
    async with open_postgres(pool_size=3) as postgres:

        async def use() -> None:
            async with postgres[database].connection() as connection:
                await connection.execute("SELECT pg_sleep(0.01)")
                seen.append(postgres_server.value(count))

        await asyncio.gather(*(use() for _ in range(30)))
        assert postgres[database].usage().size == 3
    assert max(int(str(n)) for n in seen) == 3


async def test_statements_end_at_their_timeout_and_may_ask_for_more(open_postgres: OpenPostgres, database: str) -> None:
    async with open_postgres(settings={"statement_timeout": 0.1}) as postgres:
        db = postgres[database]
        with pytest.raises(psycopg.errors.QueryCanceled):
            async with db.connection() as connection:
                await connection.execute("SELECT pg_sleep(5)")
        async with db.transaction(statement_timeout=5) as connection:
            await connection.execute("SELECT pg_sleep(0.2)")
        async with db.connection() as connection:
            assert await setting(connection, "statement_timeout") == "100ms"


async def test_a_serialization_failure_is_done_again(open_postgres: OpenPostgres, database: str) -> None:
    async with open_postgres() as postgres:
        db = postgres[database]
        async with db.connection() as connection:
            await connection.execute("CREATE TABLE counters (n int); INSERT INTO counters VALUES (0)")
        both_have_read = asyncio.Barrier(2)
        tries = 0

        async def increment(connection: Connection) -> int:
            nonlocal tries
            tries += 1
            row = await (await connection.execute("SELECT n FROM counters")).fetchone()
            assert row is not None
            if tries <= 2:
                await both_have_read.wait()
            await connection.execute("UPDATE counters SET n = %s", [row[0] + 1])
            return int(row[0]) + 1

        results = await asyncio.gather(*(db.run(increment, isolation=IsolationLevel.SERIALIZABLE) for _ in range(2)))
        async with db.connection() as connection:
            # The next user of a connection does not inherit the isolation.
            assert await setting(connection, "transaction_isolation") == "read committed"
    assert (sorted(results), tries) == ([1, 2], 3)


async def test_retries_are_bounded_and_other_errors_are_not_retried(open_postgres: OpenPostgres, database: str) -> None:
    async with open_postgres() as postgres:
        tries = 0

        async def fail(connection: Connection) -> None:
            nonlocal tries
            tries += 1
            await connection.execute("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40P01'; END $$")

        with pytest.raises(psycopg.errors.DeadlockDetected):
            await postgres[database].run(fail, attempts=3)
        assert tries == 3

        async def wrong(connection: Connection) -> None:
            nonlocal tries
            tries += 1
            await connection.execute("SELECT nothing")

        with pytest.raises(psycopg.errors.UndefinedColumn):
            await postgres[database].run(wrong)
        assert tries == 4


async def test_a_cancelled_caller_gives_its_connection_back(open_postgres: OpenPostgres, database: str) -> None:
    async with open_postgres(pool_size=1) as postgres:
        db = postgres[database]

        async def slow() -> None:
            async with db.connection() as connection:
                await connection.execute("SELECT pg_sleep(20)")

        for _ in range(3):
            task = asyncio.create_task(slow())
            while db.usage().in_use == 0:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with db.connection() as connection:
            await connection.execute("SELECT 1")
        assert db.usage().in_use == 0


async def test_waiting_for_a_notification_has_no_end(open_postgres: OpenPostgres, database: str) -> None:
    patience = {"statement_timeout": 0.1, "answer_margin": 0.1}
    async with open_postgres(settings=patience) as postgres:
        async with postgres[database].connection() as listener, postgres[database].connection() as speaker:
            await listener.execute("LISTEN news")
            await listener.commit()
            # Longer than a statement may take.
            assert [notify async for notify in listener.notifies(timeout=0.5)] == []
            await speaker.execute("NOTIFY news, 'hello'")
            await speaker.commit()
            assert [notify.payload async for notify in listener.notifies(stop_after=1)] == ["hello"]


async def test_readiness_competes_with_nobody(open_postgres: OpenPostgres, database: str) -> None:
    async with open_postgres(pool_size=1) as postgres:
        async with postgres[database].connection():
            await postgres.check()
