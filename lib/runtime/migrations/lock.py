"""One instance migrates, all others wait: an advisory lock of the database, which ends with its holder's connection."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from runtime.migrations.errors import MigrationLockError

KEY = 0x6D73_705F_6D69_6772
"""`msp_migr`. Advisory locks belong to one database, so one key serves all."""

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0

HOLDER = text(
    """
    SELECT coalesce(nullif(a.application_name, ''), 'a session') || ', process ' || a.pid
    FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :high AND l.objid = :low AND l.database = (
        SELECT oid FROM pg_database WHERE datname = current_database()
    )
    """
)


@contextmanager
def migration_lock(connection: Connection, wait: float) -> Iterator[None]:
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
        if not connection.invalidated:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": KEY})
            connection.commit()


def _try(connection: Connection) -> bool:
    taken = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEY}).scalar())
    connection.commit()
    return taken


def _holder(connection: Connection) -> str:
    found = connection.execute(HOLDER, {"high": KEY >> 32, "low": KEY & 0xFFFF_FFFF}).scalar()
    connection.commit()
    return str(found or "another instance")
