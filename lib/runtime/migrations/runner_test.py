"""Migrations on a real PostgreSQL: order, records, failures, locks, twenty starts at once."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from runtime.migrations import MigrationError, MigrationLockError, Options, migrate
from runtime.migrations.conftest import USERS, WriteFolder
from runtime.migrations.lock import KEY
from runtime.postgres.connecting import Address
from runtime.testing.postgres_server import PostgresServer

pytestmark = pytest.mark.anyio

LIBRARIES = Path(__file__).resolve().parents[2]

PYTHON = """
from alembic import op
import sqlalchemy as sa


def upgrade() -> None:
    op.add_column("users", sa.Column("age", sa.Integer))
    op.get_bind().execute(sa.text("UPDATE users SET age = :age"), {"age": 7})
"""


async def test_sql_and_python_are_applied_once_in_order(
    address: Address, folder: WriteFolder, postgres_server: PostgresServer
) -> None:
    migrations = folder({"0001_users.sql": USERS, "0002_age.py": PYTHON, "README.md": "", "BUILD": ""})
    assert await migrate(address, migrations) == ("0001_users.sql", "0002_age.py")
    assert await migrate(address, migrations) == ()
    row = postgres_server.value("SELECT (id, email, age)::text FROM users", address.database)
    assert row == '(1,"100% :name",7)'
    assert postgres_server.value("SELECT version_num FROM alembic_version", address.database) == "0002"


async def test_a_concurrent_index_needs_a_file_without_transaction(
    address: Address, folder: WriteFolder, postgres_server: PostgresServer
) -> None:
    files = {"0001_users.sql": USERS, "0002_index.sql": "CREATE INDEX CONCURRENTLY by_email ON users (email);"}
    with pytest.raises(MigrationError, match="0002_index.sql: .* expected `-- no transaction` as the first line"):
        await migrate(address, folder(files))
    files["0002_index.sql"] = "-- no transaction\n" + files["0002_index.sql"]
    assert await migrate(address, folder(files)) == ("0002_index.sql",)
    assert postgres_server.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_email'::regclass", address.database)


async def test_a_failed_migration_leaves_nothing_and_those_before_it_stay(
    address: Address, folder: WriteFolder, postgres_server: PostgresServer
) -> None:
    broken = "CREATE TABLE halves (n int);\nINSERT INTO halves VALUES ('not a number');\n"
    with pytest.raises(MigrationError) as caught:
        await migrate(address, folder({"0001_users.sql": USERS, "0002_broken.sql": broken}))
    (finding,) = caught.value.findings
    assert finding.what == "0002_broken.sql"
    assert "invalid input syntax for type integer" in finding.found and "nothing of it was kept" in finding.found
    assert postgres_server.value("SELECT to_regclass('halves')", address.database) is None
    assert postgres_server.value("SELECT version_num FROM alembic_version", address.database) == "0001"
    fixed = folder({"0001_users.sql": USERS, "0002_broken.sql": "CREATE TABLE halves (n int);"})
    assert await migrate(address, fixed) == ("0002_broken.sql",)


async def test_an_edited_migration_is_noticed(address: Address, folder: WriteFolder) -> None:
    await migrate(address, folder({"0001_users.sql": USERS}))
    # Line endings of another system are no edit.
    assert await migrate(address, folder({"0001_users.sql": USERS.replace("\n", "\r\n")})) == ()
    with pytest.raises(MigrationError, match="0001_users.sql: found another text than was applied at 20"):
        await migrate(address, folder({"0001_users.sql": USERS + "-- more"}))


async def test_files_that_disagree_with_history_are_all_named(address: Address, folder: WriteFolder) -> None:
    await migrate(address, folder({"0001_a.sql": "SELECT 1", "0003_c.sql": "SELECT 1", "0004_d.sql": "SELECT 1"}))
    with pytest.raises(MigrationError) as caught:
        await migrate(address, folder({"0002_b.sql": "SELECT 1", "0003_c.sql": "SELECT 2", "0004_d.sql": "SELECT 1"}))
    assert [(finding.what, finding.found.split(" at ")[0]) for finding in caught.value.findings] == [
        ("0002_b.sql", "not applied, though 0004_d.sql is"),
        ("0003_c.sql", "another text than was applied"),
        ("0001_a.sql", "no such file, though it was applied"),
    ]


async def test_an_older_program_starts_on_a_newer_database(
    address: Address, folder: WriteFolder, caplog: pytest.LogCaptureFixture
) -> None:
    await migrate(address, folder({"0001_a.sql": "SELECT 1", "0002_b.sql": "SELECT 1"}))
    assert await migrate(address, folder({"0001_a.sql": "SELECT 1"})) == ()
    assert "the database is newer than this program: it has had 0002_b.sql" in caplog.text


async def test_what_is_made_belongs_to_the_owners_role(
    address: Address, folder: WriteFolder, postgres_server: PostgresServer
) -> None:
    postgres_server.execute(
        "DROP ROLE IF EXISTS migrator", "DROP ROLE IF EXISTS table_owner", "CREATE ROLE table_owner",
        "CREATE ROLE migrator LOGIN IN ROLE table_owner",
    )  # fmt: skip
    postgres_server.execute("GRANT CREATE ON SCHEMA public TO table_owner", database=address.database)
    dsn = postgres_server.dsn("{database}", user="migrator")
    theirs = replace(address, contract=replace(address.contract, role="table_owner", dsn=dsn))
    await migrate(theirs, folder({"0001_users.sql": USERS}))
    owners = "SELECT string_agg(DISTINCT tableowner, ',') FROM pg_tables WHERE schemaname = 'public'"
    assert postgres_server.value(owners, address.database) == "table_owner"
    assert postgres_server.value("SELECT applied_by FROM runtime_migrations", address.database) == "migrator"


async def test_a_busy_table_is_tried_again(address: Address, folder: WriteFolder, postgres_server: PostgresServer) -> None:
    await migrate(address, folder({"0001_users.sql": USERS}))
    files = {"0001_users.sql": USERS, "0002_more.sql": "ALTER TABLE users ADD COLUMN more text"}
    options = Options(lock_timeout=0.1, retry_pause=0.01, attempts=3)
    with psycopg.connect(postgres_server.dsn(address.database)) as reader:
        reader.execute("SELECT * FROM users")
        with pytest.raises(MigrationError, match=r"0002_more.sql: .*lock timeout.*free \(tried 3 times\)"):
            await migrate(address, folder(files), options)
        threading.Timer(0.5, reader.rollback).start()
        assert await migrate(address, folder(files), replace(options, attempts=100)) == ("0002_more.sql",)


async def test_waiting_for_another_instance_has_an_end(
    address: Address, folder: WriteFolder, postgres_server: PostgresServer
) -> None:
    with psycopg.connect(postgres_server.dsn(address.database), application_name="the other") as other:
        other.execute("SELECT pg_advisory_lock(%s)", [KEY])
        started = time.monotonic()
        with pytest.raises(MigrationLockError, match=r"^the other, process \d+ has been migrating for longer than 0.3 s"):
            await migrate(address, folder({"0001_users.sql": USERS}), Options(wait=0.3))
        assert time.monotonic() - started < 5


async def test_one_that_takes_long_says_so_and_what_it_may_run_into(
    address: Address, folder: WriteFolder, postgres_server: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    migrations = folder({"0001_users.sql": USERS})
    with psycopg.connect(postgres_server.dsn(address.database)) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [KEY])
        migrating = asyncio.ensure_future(migrate(address, migrations, Options(slow=0.01)))
        async with asyncio.timeout(20):
            while "so far" not in caplog.text:
                await asyncio.sleep(0.01)
        assert "`python -m runtime.migrations up`" in caplog.text and address.database in caplog.text
    assert await migrating == ("0001_users.sql",)


STARTER = """
import asyncio, sys
from pathlib import Path
from runtime.contract import PostgresContract
from runtime.migrations import migrate
from runtime.postgres.connecting import Address
from runtime.postgres.settings import Settings

dsn, database, folder = sys.argv[1:]
address = Address(PostgresContract("", "", "", None, 2, (database,), dsn), database, "starter", Settings())
sys.stdin.readline()
print(",".join(asyncio.run(migrate(address, Path(folder)))))
"""


async def test_one_of_twenty_processes_migrates(
    address: Address, folder: WriteFolder, postgres_server: PostgresServer
) -> None:
    """Real processes, let go together; a concurrent index would never end if those who wait held a snapshot."""
    migrations = folder(
        {
            "0001_users.sql": USERS + "SELECT pg_sleep(0.5);",
            "0002_index.sql": "-- no transaction\nCREATE INDEX CONCURRENTLY by_email ON users (email)",
            "0003_rows.py": PYTHON,
        }
    )
    command = [sys.executable, "-c", STARTER, postgres_server.dsn("{database}"), address.database, str(migrations)]
    processes = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(LIBRARIES)},
        )
        for _ in range(20)
    ]  # fmt: skip
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    finished = [(process.communicate(timeout=120), process.returncode) for process in processes]
    assert [(errors, code) for (_, errors), code in finished] == [("", 0)] * 20
    outputs = sorted(output.strip() for (output, _), _ in finished)
    assert outputs == [""] * 19 + ["0001_users.sql,0002_index.sql,0003_rows.py"]
    assert postgres_server.value("SELECT count(*) FROM users", address.database) == 1
