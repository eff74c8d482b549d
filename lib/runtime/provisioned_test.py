"""A program has what its environment has, open, and is told what to add for what it has not."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.trace import NoOpTracerProvider

from runtime import App, Job, Runtime, Service
from runtime.bigquery import InvalidRowError
from runtime.contract import UndeclaredResourceError
from runtime.extras import MissingExtraError
from runtime.lifecycle.stop import Stop
from runtime.observability.telemetry import Telemetry
from runtime.provisioned import Provision, provisions
from runtime.redis import Settings
from runtime.testing.contracts import fake_runtime, fake_settings
from runtime.testing.served import serve
from runtime.testing.servers import shared_postgres, shared_redis
from runtime.working import work

pytestmark = pytest.mark.anyio


class Sample(Service[None]):
    name = "a-sample"


async def test_databases_cache_and_rows_are_open_before_the_service_begins(tmp_path: Path) -> None:
    server = shared_postgres()
    database = server.create_database()
    folder, tables = tmp_path / "migrations", tmp_path / "tables"
    for one in (folder, tables):
        one.mkdir()
    (folder / "0001_things.sql").write_text("CREATE TABLE things (n int)")
    (tables / "events.json").write_text('[{"name": "n", "type": "INTEGER"}]')

    class Whole(Service[None]):
        name = "sample"
        migrations = {database: folder}
        bigquery_schemas = tables
        redis_settings = Settings(max_connections=3)

        async def initialize(self, runtime: Runtime[None]) -> App:
            async with runtime.postgres[database].connection() as connection:
                await connection.execute("INSERT INTO things VALUES (1)")
                row = await (await connection.execute("SELECT current_setting('application_name')")).fetchone()
            assert row == ("sample test",)
            assert runtime.postgres[database].size == 4
            assert await runtime.redis.ping()
            assert runtime.redis.connection_pool.max_connections == 3
            await runtime.bigquery.write("events", {"n": 1})
            with pytest.raises(InvalidRowError, match="no such table"):
                await runtime.bigquery.write("others", {"n": 1})
            return nothing

    variables = {
        "PGDSN": server.dsn("{database}"), "PGDATABASES": database, "PGPOOLSIZE": "4",
        "REDIS_ENDPOINT": shared_redis().endpoint,
        "BIGQUERY_PROJECT_ID": "p", "BIGQUERY_DATASET_ID": "d", "BIGQUERY_TABLES": "events",
        "BIGQUERY_LOCAL_FOLDER": str(tmp_path),
    }  # fmt: skip
    async with serve(Whole(), variables=variables):
        pass
    assert (tmp_path / "events.jsonl").read_text() == '{"n": 1}\n'
    server.drop_database(database)


async def nothing(*_: object) -> None:
    """An application that nobody asks."""


async def test_a_job_has_them_too() -> None:
    pinged = []

    class Pinging(Job[None]):
        name = "pinging"

        async def execute(self, runtime: Runtime[None]) -> None:
            pinged.append(await runtime.redis.ping())

    settings = fake_settings(Pinging(), "job", {"REDIS_ENDPOINT": shared_redis().endpoint})
    silent = Telemetry(NoOpTracerProvider(), NoOpMeterProvider())
    assert await work(Pinging(), settings, silent, Stop(), time.monotonic()) == 0
    assert pinged == [True]


async def test_what_the_spec_does_not_ask_for_is_said_with_its_lines() -> None:
    runtime = fake_runtime(Sample())
    await runtime.open()
    with pytest.raises(UndeclaredResourceError) as caught:
        runtime.postgres  # noqa: B018
    assert "    resources:\n      postgres:\n        databases: [a_sample]" in str(caught.value)
    with pytest.raises(UndeclaredResourceError, match=r'flags = Path\(__file__\).parent / "flags.toml"'):
        runtime.flags  # noqa: B018
    for provision in provisions():
        if provision.name == "flags":
            continue
        with pytest.raises(UndeclaredResourceError, match="resources:"):
            getattr(runtime, provision.name)


async def test_what_is_declared_and_not_open_yet_is_another_mistake() -> None:
    runtime = fake_runtime(Sample(), variables={"REDIS_ENDPOINT": "redis://127.0.0.1:1"})
    with pytest.raises(RuntimeError, match=r"await runtime.open\(\)"):
        runtime.redis  # noqa: B018


async def test_a_package_that_is_not_in_the_image_is_named() -> None:
    provision: Provision[object] = Provision(lambda runtime: True)
    provision.__set_name__(object, "teapot")
    with pytest.raises(MissingExtraError, match="Add a dependency on lib/runtime/teapot"):
        await provision.open(fake_runtime(Sample()))


def test_buckets_and_their_kin_are_looked_up_by_the_specs_names() -> None:
    names = {
        kind: f"{name}=projects/p/{name}"
        for kind, name in (("BUCKETS", "uploads"), ("TOPICS", "orders"), ("SUBSCRIPTIONS", "paid"), ("QUEUES", "mail"))
    }
    runtime = fake_runtime(Sample(), variables=names)
    assert runtime.bucket("uploads") == "projects/p/uploads"
    assert runtime.topic("orders") == "projects/p/orders"
    assert runtime.subscription("paid") == "projects/p/paid"
    assert runtime.queue("mail") == "projects/p/mail"
    for look_up in (runtime.bucket, runtime.topic, runtime.subscription, runtime.queue):
        with pytest.raises(UndeclaredResourceError, match="- name: uplods"):
            look_up("uplods")


async def test_all_resources_share_one_identity() -> None:
    runtime = fake_runtime(Sample())
    assert runtime.google_identity is runtime.google_identity


def test_a_program_without_resources_imports_no_driver() -> None:
    code = """
import asyncio, sys
from runtime.service import Service
from runtime.testing.contracts import fake_runtime

class Sample(Service):
    name = "sample"

async def main():
    await fake_runtime(Sample()).open()

asyncio.run(main())
print([name for name in ("psycopg", "redis", "alembic", "runtime.postgres", "runtime.bigquery") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(Path(__file__).parents[1])}, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
