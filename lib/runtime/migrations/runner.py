"""Migrating at start: under a lock, with limits, in the owners' role."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from runtime.extras import REQUIREMENTS, missing
from runtime.migrations.errors import Finding, MigrationError
from runtime.migrations.history import CREATE, Plan, plan, read_history
from runtime.migrations.lock import migration_lock
from runtime.migrations.scripts import Script, read_scripts
from runtime.postgres.connecting import Address
from runtime.postgres.errors import one_line

logger = logging.getLogger("runtime.migrations")


@dataclass(frozen=True)
class Options:
    """All times in seconds."""

    lock_timeout: float = 5.0
    """How long a migration's statement waits for a table. All who come after it wait behind it, so it is short."""
    statement_timeout: float = 15 * 60.0
    attempts: int = 8
    """How often a migration is tried again that did not get its table in time."""
    retry_pause: float = 1.0
    wait: float = 10 * 60.0
    """How long an instance waits for another one that migrates."""
    slow: float = 60.0
    """After so long, and again after each such while, the log says that it still goes on."""


DEFAULTS = Options()


async def migrate(address: Address, folder: Path, options: Options = DEFAULTS) -> tuple[str, ...]:
    """Bring a database up to date; the names of the files that this call applied.

    Raises MigrationError, MigrationLockError, psycopg.OperationalError where the database can't be reached.
    """
    scripts = read_scripts(folder)
    arguments = await connection_arguments(address, options)
    return await _telling(address.database, asyncio.to_thread(upgrade, arguments, scripts, options), options.slow)


async def _telling(database: str, migrating: Coroutine[Any, Any, tuple[str, ...]], every: float) -> tuple[str, ...]:
    work, started = asyncio.ensure_future(migrating), time.monotonic()
    try:
        while not (await asyncio.wait((work,), timeout=every))[0]:
            logger.warning(
                "database %s: migrating has taken %.0f s so far. Cloud Run ends an instance that is not ready after its"
                " startup probe's time (240 s at most), and what it was doing is rolled back. Apply what takes longer"
                " beforehand: `python -m runtime.migrations up`", database, time.monotonic() - started,
            )  # fmt: skip
        return work.result()
    finally:
        work.cancel()


async def connection_arguments(address: Address, options: Options = DEFAULTS) -> Mapping[str, Any]:
    """psycopg's arguments for migrating: the address' own, with the limits of migrations."""
    limits = replace(
        address.settings, lock_timeout=options.lock_timeout, statement_timeout=options.statement_timeout,
        idle_in_transaction_timeout=options.statement_timeout,
    )  # fmt: skip
    name = f"{address.application_name[:52]} migrations"
    return await replace(address, settings=limits, application_name=name).arguments()


def upgrade(arguments: Mapping[str, Any], scripts: tuple[Script, ...], options: Options = DEFAULTS) -> tuple[str, ...]:
    """As `migrate`, blocking."""
    with psycopg.connect(**arguments) as connection:
        if not _plan(connection, scripts).pending:
            return ()
    applied: list[str] = []
    for attempt in range(1, options.attempts + 1):
        if _attempt(arguments, scripts, options, attempt, applied):
            return tuple(applied)
        time.sleep(options.retry_pause * (0.5 + random.random()))
    raise AssertionError("the last attempt returns or raises")


def _attempt(
    arguments: Mapping[str, Any], scripts: tuple[Script, ...], options: Options, attempt: int, applied: list[str]
) -> bool:
    """Whether the database is up to date; False where a table was busy and it is worth going on a little later.

    applied  what is applied is added to it
    """
    running: list[Script] = []

    def begun(script: Script) -> None:
        logger.info("applying migration %s", script.name)
        applied.extend(before.name for before in running)
        running[:] = [script]

    with psycopg.connect(**arguments) as connection, migration_lock(connection, options.wait):
        # Another instance may have done it meanwhile.
        if not _plan(connection, scripts).pending:
            return True
        connection.execute(CREATE.encode())
        connection.commit()
        try:
            _run_alembic(connection, scripts, begun)
        except Exception as error:
            cause = getattr(error, "orig", None) or error
            if not isinstance(cause, psycopg.errors.LockNotAvailable) or attempt == options.attempts:
                raise _failure(running, cause, attempt) from (None if isinstance(cause, psycopg.Error) else error)
            logger.warning("%s: a table is in use, attempt %d of %d", running[0].name, attempt, options.attempts)
            return False
    applied.extend(script.name for script in running)
    return True


def _run_alembic(connection: psycopg.Connection, scripts: tuple[Script, ...], begun: Callable[[Script], None]) -> None:
    try:
        from runtime.migrations import revisions
    except ModuleNotFoundError as error:
        if error.name not in ("alembic", "sqlalchemy"):
            raise
        raise missing(error.name, REQUIREMENTS["migrations"], "runtime.migrations") from None
    revisions.run(connection, scripts, begun)


def _plan(connection: psycopg.Connection, scripts: tuple[Script, ...]) -> Plan:
    found = plan(scripts, read_history(connection))
    connection.commit()
    if found.newer:
        names = ", ".join(applied.file for applied in found.newer)
        logger.warning("the database is newer than this program: it has had %s", names)
    return found


def _failure(running: list[Script], error: BaseException | None, attempts: int) -> MigrationError:
    reason = one_line(error) if error is not None else "an unknown error"
    if not running:
        return MigrationError(f"migrating failed before the first migration: {reason}")
    script = running[0]
    rolled_back = "nothing of it was kept" if script.in_transaction else "it ran without transaction: look at what is there"
    expected = "a migration that works: correct the file (it was not applied), and start again"
    if isinstance(error, psycopg.errors.LockNotAvailable):
        expected = f"its tables to be free (tried {attempts} times): end long transactions, or deploy at a quieter time"
    elif isinstance(error, psycopg.errors.ActiveSqlTransaction) and not script.in_transaction:
        expected = "one statement alone in a file without transaction: split it"
    elif isinstance(error, psycopg.errors.ActiveSqlTransaction):
        expected = "`-- no transaction` as the first line of a file with this one statement"
    return MigrationError("a migration failed:", [Finding(script.name, f"{reason} ({rolled_back})", expected)])
