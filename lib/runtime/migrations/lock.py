"""One instance migrates, all others wait: an advisory lock of the database, which ends with its holder's connection."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from runtime.migrations.errors import MigrationLockError

KEY = 0x6D73_705F_6D69_6772
"""`msp_migr`. Advisory locks belong to one database, so one key serves all."""

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0

HOLDER = """
    SELECT coalesce(nullif(a.application_name, ''), 'a session') || ', process ' || a.pid
    FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid = %(high)s AND l.objid = %(low)s AND l.database = (
        SELECT oid FROM pg_database WHERE datname = current_database()
    )
"""


@contextmanager
def migration_lock(connection: psycopg.Connection, wait: float) -> Iterator[None]:
    """Hold the lock for the time of the block. MigrationLockError after `wait` seconds.

    It asks again and again instead of waiting in the server: who waits in the server holds a snapshot, and a
    CREATE INDEX CONCURRENTLY of the one who migrates would wait for that snapshot for ever.
    """
    deadline = time.monotonic() + wait
    pause = FIRST_PAUSE
    while not _try(connection):
        if time.monotonic() > deadline:
            raise MigrationLockError(
                f"{_holder(connection)} has been migrating for longer than {wait:g} s. If it does not move: find what it "
                "waits for in pg_stat_activity (wait_event), or end it with pg_terminate_backend; its migration is then "
                "rolled back, and the next start begins it anew."
            )
        # So that those who wait don't ask in step.
        time.sleep(pause * (0.5 + random.random() / 2))
        pause = min(LONGEST_PAUSE, pause * 1.5)
    try:
        yield
    finally:
        # With the connection the lock has ended too.
        if not connection.closed:
            connection.rollback()
            connection.execute("SELECT pg_advisory_unlock(%s)", [KEY])
            connection.commit()


def _try(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [KEY]).fetchone()
    connection.commit()
    return row == (True,)


def _holder(connection: psycopg.Connection) -> str:
    row = connection.execute(HOLDER, {"high": KEY >> 32, "low": KEY & 0xFFFF_FFFF}).fetchone()
    connection.commit()
    return "another instance" if row is None else str(row[0])
