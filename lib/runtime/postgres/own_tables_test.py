"""The library's tables beside the service's: made by the service's role, unseen by the search for drift."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from runtime.migrations.drift import find_drift
from runtime.migrations.runner import upgrade
from runtime.migrations.scripts import read_scripts
from runtime.postgres import own_tables
from runtime.postgres.conftest import OpenPostgres
from runtime.postgres.own_tables import STEPS, make_own_tables
from runtime.testing.postgres_server import PostgresServer

pytestmark = pytest.mark.anyio


async def test_twenty_starts_make_them_once_in_the_owners_role(
    postgres_server: PostgresServer, database: str, open_postgres: OpenPostgres
) -> None:
    owner = f"owner_{database}"
    postgres_server.execute(f"CREATE ROLE {owner}", f"GRANT CREATE ON DATABASE {database} TO {owner}")
    try:
        opened = [open_postgres(role=owner, pool_size=1) for _ in range(20)]
        instances = await asyncio.gather(*(each.__aenter__() for each in opened))
        await asyncio.gather(*(make_own_tables(each[database]) for each in instances))
        await asyncio.gather(*(each.__aexit__(None, None, None) for each in opened))
        owners = "SELECT string_agg(DISTINCT tableowner, ',') FROM pg_tables WHERE schemaname = 'runtime'"
        assert postgres_server.value(owners, database) == owner
        assert postgres_server.value("SELECT count(*) FROM runtime.steps", database) == len(STEPS)
    finally:
        postgres_server.execute(f"DROP OWNED BY {owner}", database=database)
        postgres_server.execute(f"DROP OWNED BY {owner}", f"DROP ROLE {owner}")


async def test_a_step_that_is_added_later_is_applied_and_an_older_revision_goes_on(
    postgres_server: PostgresServer, database: str, open_postgres: OpenPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_postgres() as postgres:
        await make_own_tables(postgres[database])
        with monkeypatch.context() as newer:
            newer.setattr(own_tables, "STEPS", (*STEPS, "CREATE TABLE runtime.later ()"))
            await make_own_tables(postgres[database])
        await make_own_tables(postgres[database])
    assert postgres_server.value("SELECT max(step) FROM runtime.steps", database) == len(STEPS) + 1
    assert postgres_server.value("SELECT count(*) FROM runtime.later", database) == 0


async def test_readers_read_them_and_writers_set_flags(
    postgres_server: PostgresServer, database: str, open_postgres: OpenPostgres
) -> None:
    postgres_server.execute("CREATE ROLE msp_reader LOGIN", "CREATE ROLE msp_writer LOGIN")
    try:
        async with open_postgres() as postgres:
            await make_own_tables(postgres[database])
        async with open_postgres(user="msp_writer") as postgres, postgres[database].connection() as connection:
            await connection.execute(
                "INSERT INTO runtime.flag_overrides (flag, variant, who, why) VALUES ('f', 'on', 'ann', 'x')"
            )
        async with open_postgres(user="msp_reader") as postgres, postgres[database].connection() as connection:
            await connection.execute("SELECT * FROM runtime.flag_overrides, runtime.dead_events")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute("DELETE FROM runtime.events")
            await connection.rollback()
    finally:
        for role in ("msp_reader", "msp_writer"):
            postgres_server.execute(f"DROP OWNED BY {role}", database=database)
            postgres_server.execute(f"DROP ROLE {role}")


async def test_they_are_no_drift_of_the_services_own(
    postgres_server: PostgresServer, database: str, open_postgres: OpenPostgres, tmp_path: Path
) -> None:
    (tmp_path / "0001_users.sql").write_text("CREATE TABLE users (id int)")
    arguments = psycopg.conninfo.conninfo_to_dict(postgres_server.dsn(database))
    upgrade(arguments, read_scripts(tmp_path))
    async with open_postgres() as postgres:
        await make_own_tables(postgres[database])
    assert find_drift(arguments, arguments, read_scripts(tmp_path)) == ()
