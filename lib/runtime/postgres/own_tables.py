"""The library's own tables: schema `runtime` of each database, made by the service's role when it starts.

They are none of the service's: its migrations don't make them, the search for drift does not look at them, and an older
revision of the service goes on with what a newer one has made. A service calls no schema of its own `runtime`.
The platform's roles of docs/adr/0007 read them, and writers set flags; elsewhere there are no such roles. Why not alembic:
docs/adr/0039-events-through-an-outbox.md.
"""

from __future__ import annotations

from psycopg import sql

from runtime.postgres.connection import Connection
from runtime.postgres.database import Database

SCHEMA = "runtime"

KEY = 0x6D73_705F_7461_626C
"""`msp_tabl`: of the advisory lock under which the tables are made."""

LOCK_TIMEOUT = "30s"
"""Twenty instances may start at once; each holds the lock for some milliseconds."""

STEPS: tuple[str, ...] = (
    """
    CREATE TABLE runtime.events (
        id uuid PRIMARY KEY,
        time timestamptz NOT NULL,
        name text NOT NULL,
        actor text,
        properties json NOT NULL,
        version text NOT NULL,
        trace_id text,
        due_at timestamptz NOT NULL DEFAULT now(),
        claim uuid,
        attempts integer NOT NULL DEFAULT 0
    ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
    COMMENT ON TABLE runtime.events IS 'Product events on their way to BigQuery (runtime.events). Empty while all is well.';
    CREATE TABLE runtime.dead_events (
        id uuid PRIMARY KEY,
        time timestamptz NOT NULL,
        name text NOT NULL,
        actor text,
        properties json NOT NULL,
        version text NOT NULL,
        trace_id text,
        reason text NOT NULL,
        died_at timestamptz NOT NULL DEFAULT now()
    );
    COMMENT ON TABLE runtime.dead_events IS 'Product events that BigQuery refuses, and why. Kept for some weeks.';
    """,
    """
    CREATE TABLE runtime.flag_overrides (
        flag text NOT NULL,
        actor text NOT NULL DEFAULT '',
        variant text NOT NULL,
        who text NOT NULL,
        why text NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (flag, actor)
    );
    COMMENT ON TABLE runtime.flag_overrides IS 'Flags that are not as flags.toml has them; without actor: for everybody.';
    CREATE TABLE runtime.flag_changes (
        change bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        flag text NOT NULL,
        actor text NOT NULL,
        before text,
        after text,
        who text NOT NULL,
        why text NOT NULL,
        session text NOT NULL DEFAULT session_user
    );
    COMMENT ON TABLE runtime.flag_changes IS 'Every change of an override: from which variant to which, NULL for none.';
    """,
    """
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'msp_reader') THEN
            GRANT USAGE ON SCHEMA runtime TO msp_reader;
            GRANT SELECT ON ALL TABLES IN SCHEMA runtime TO msp_reader;
            ALTER DEFAULT PRIVILEGES IN SCHEMA runtime GRANT SELECT ON TABLES TO msp_reader;
        END IF;
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'msp_writer') THEN
            GRANT USAGE ON SCHEMA runtime TO msp_writer;
            GRANT SELECT ON ALL TABLES IN SCHEMA runtime TO msp_writer;
            GRANT INSERT, UPDATE, DELETE ON runtime.flag_overrides TO msp_writer;
            GRANT INSERT ON runtime.flag_changes TO msp_writer;
        END IF;
    END $$
    """,
)
"""Each is applied once, in this order, in one transaction with all that are missing. Only add to their end."""

VERSIONS = """
CREATE SCHEMA IF NOT EXISTS runtime;
CREATE TABLE IF NOT EXISTS runtime.steps (step integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())
"""

EXISTS = """
SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'runtime' AND c.relname = 'steps'
"""
"""Not to_regclass: a session remembers that a name was none, and does not look again within its transaction."""


async def make_own_tables(database: Database) -> None:
    """Make what is missing. One instance does; the others find it done. psycopg's errors where the role may not."""
    async with database.connection() as connection:
        if await _applied(connection) >= len(STEPS):
            return
    async with database.transaction() as connection:
        await connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LOCK_TIMEOUT))
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])
        # Another instance may have done it meanwhile.
        applied = await _applied(connection)
        if applied == 0:
            await connection.execute(VERSIONS)
        for number, step in enumerate(STEPS[applied:], applied + 1):
            await connection.execute(step.encode())
            await connection.execute("INSERT INTO runtime.steps (step) VALUES (%s)", [number])


async def _applied(connection: Connection) -> int:
    if await (await connection.execute(EXISTS)).fetchone() is None:
        return 0
    row = await (await connection.execute("SELECT coalesce(max(step), 0) FROM runtime.steps")).fetchone()
    return int(row[0]) if row else 0
