"""A program opens what its environment has, and is told what to add for what it has not."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.contract import UndeclaredResourceError
from runtime.provisioned import open_bigquery, open_postgres, open_redis, workload_identity
from runtime.service import Service
from runtime.testing.contracts import fake_runtime
from runtime.testing.servers import shared_postgres, shared_redis

pytestmark = pytest.mark.anyio


class Sample(Service[None]):
    name = "sample"


async def test_databases_cache_and_rows(tmp_path: Path) -> None:
    server = shared_postgres()
    database = server.create_database()
    migrations = tmp_path / "migrations"
    migrations.mkdir()
    (migrations / "0001_things.sql").write_text("CREATE TABLE things (n int)")
    variables = {
        "PGDSN": server.dsn("{database}"), "PGDATABASES": database, "PGPOOLSIZE": "4",
        "REDIS_ENDPOINT": shared_redis().endpoint,
    }  # fmt: skip
    runtime = fake_runtime(Sample(), variables=variables)
    postgres = await open_postgres(runtime, migrations={database: migrations})
    cache = await open_redis(runtime)
    rows = await open_bigquery(runtime, local_folder=tmp_path)
    async with postgres[database].connection() as connection:
        await connection.execute("INSERT INTO things VALUES (1)")
        row = await (await connection.execute("SELECT current_setting('application_name')")).fetchone()
    assert row == ("sample test",)
    assert postgres[database].size == 4
    assert await cache.ping()
    await rows.write("events", {"n": 1})
    await runtime.close(5)
    assert (tmp_path / "events.jsonl").read_text() == '{"n": 1}\n'
    server.drop_database(database)


async def test_what_the_spec_does_not_ask_for_is_said_with_its_lines() -> None:
    runtime = fake_runtime(Sample())
    with pytest.raises(UndeclaredResourceError, match="postgres"):
        await open_postgres(runtime)
    with pytest.raises(UndeclaredResourceError, match="redis"):
        await open_redis(runtime)


async def test_all_resources_share_one_identity() -> None:
    runtime = fake_runtime(Sample())
    assert workload_identity(runtime) is workload_identity(runtime)
