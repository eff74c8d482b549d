"""Every kind of drift is named, and a database as its migrations made it has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.migrations.cli import main
from runtime.migrations.conftest import USERS, WriteFolder
from runtime.testing.postgres_server import PostgresServer

EVERYTHING = """
CREATE SCHEMA billing;
CREATE TYPE billing.state AS ENUM ('open', 'paid');
CREATE DOMAIN billing.amount AS numeric(10, 2) CHECK (VALUE >= 0);
CREATE TABLE billing.invoices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state billing.state NOT NULL DEFAULT 'open',
    amount billing.amount,
    tax numeric GENERATED ALWAYS AS (amount * 0.19) STORED,
    note text,
    UNIQUE (note)
);
CREATE INDEX by_state ON billing.invoices (state) WHERE state = 'open';
CREATE VIEW billing.open AS SELECT * FROM billing.invoices WHERE state = 'open';
CREATE FUNCTION billing.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON billing.invoices FOR EACH ROW EXECUTE FUNCTION billing.touch();
ALTER TABLE billing.invoices ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON billing.invoices USING (true);
CREATE TABLE billing.parts (day date) PARTITION BY RANGE (day);
CREATE TABLE billing.parts_2026 PARTITION OF billing.parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
"""


@pytest.fixture
def environment(postgres_server: PostgresServer, database: str) -> dict[str, str]:
    return {"PGDSN": postgres_server.dsn("{database}"), "PGDATABASES": database}


def check(environment: dict[str, str], folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    capsys.readouterr()
    code = main(["check", "--folder", str(folder)], environment)
    return code, [line.strip() for line in capsys.readouterr().err.splitlines() if line.startswith("  ")]


CHANGES = [
    ("ALTER TABLE billing.invoices ALTER note SET NOT NULL", ["column billing.invoices.note: found text not null; expected text"]),
    ("ALTER TABLE billing.invoices ADD extra int DEFAULT 3", ["column billing.invoices.extra: found integer default 3; expected nothing"]),
    ("ALTER TABLE billing.invoices ALTER state DROP DEFAULT", ["column billing.invoices.state: found billing.state not null; expected billing.state not null default 'open'::billing.state"]),
    ("DROP INDEX billing.by_state", ["index billing.by_state: found nothing; expected CREATE INDEX"]),
    ("ALTER TABLE billing.invoices DROP CONSTRAINT invoices_note_key", ["constraint billing.invoices.invoices_note_key: found nothing; expected UNIQUE (note)"]),
    ("CREATE TABLE scratch (a int PRIMARY KEY, b text)", ["table public.scratch: found present; expected nothing"]),
    ("DROP TABLE billing.parts_2026", ["table billing.parts_2026: found nothing; expected present FOR VALUES FROM"]),
    ("ALTER TYPE billing.state ADD VALUE 'lost'", ["type billing.state: found enum of 'open', 'paid', 'lost'; expected enum of 'open', 'paid'"]),
    ("ALTER DOMAIN billing.amount SET NOT NULL", ["type billing.amount: found domain over numeric(10,2) not null CHECK"]),
    ("CREATE OR REPLACE FUNCTION billing.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$", ["function billing.touch(): found CREATE OR REPLACE FUNCTION"]),
    ("ALTER TABLE billing.invoices DISABLE TRIGGER touch", ["trigger billing.invoices.touch: found CREATE TRIGGER"]),
    ("ALTER TABLE billing.invoices DISABLE ROW LEVEL SECURITY", ["table billing.invoices: found present; expected present row level security"]),
    ("DROP POLICY everybody ON billing.invoices", ["policy billing.invoices.everybody: found nothing; expected * permissive using true"]),
    ("CREATE OR REPLACE VIEW billing.open AS SELECT * FROM billing.invoices", ["view billing.open: found SELECT"]),
    ("CREATE SCHEMA stray", ["schema stray: found a schema; expected nothing"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), CHANGES, ids=[change for change, _ in CHANGES])
def test_a_change_by_hand_is_named(
    environment: dict[str, str],
    folder: WriteFolder,
    postgres_server: PostgresServer,
    capsys: pytest.CaptureFixture[str],
    change: str,
    expected: list[str],
) -> None:
    migrations = folder({"0001_all.sql": EVERYTHING})
    assert main(["up", "--folder", str(migrations)], environment) == 0
    postgres_server.execute(change, database=environment["PGDATABASES"])
    code, lines = check(environment, migrations, capsys)
    assert code == 1
    assert [line.startswith(start) for line, start in zip(lines, expected, strict=True)] == [True], lines


def test_no_drift_where_nothing_was_changed(
    environment: dict[str, str],
    folder: WriteFolder,
    postgres_server: PostgresServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    migrations = folder({"0001_all.sql": EVERYTHING, "0002_users.sql": USERS})
    databases = "SELECT count(*) FROM pg_database"
    before = postgres_server.value(databases)
    assert main(["check", "--folder", str(migrations)], environment) == 1
    assert "to come: 0001_all.sql, 0002_users.sql. Apply with" in capsys.readouterr().err
    assert main(["up", "--folder", str(migrations)], environment) == 0
    assert check(environment, migrations, capsys) == (0, [])
    assert main(["status", "--folder", str(migrations)], environment) == 0
    status = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in status] == ["0001_all.sql", "0002_users.sql"]
    assert "to come" not in "".join(status)
    assert postgres_server.value(databases) == before
