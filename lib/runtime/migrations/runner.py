"""Migrating at start: under a lock, with limits, in the owners' role."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from runtime.migrations import revisions
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


DEFAULTS = Options()


async def migrate(address: Address, folder: Path, options: Options = DEFAULTS) -> tuple[str, ...]:
    """Bring a database up to date; the names of the files that this call applied.

    Raises MigrationError, MigrationLockError, psycopg.OperationalError where the database can't be reached.
    """
    scripts = read_scripts(folder)
    arguments = await connection_arguments(address, options)
    return await asyncio.to_thread(upgrade, arguments, scripts, options)


async def connection_arguments(address: Address, options: Options = DEFAULTS) -> Mapping[str, Any]:
    """psycopg's arguments for migrating: the address' own, with the limits of migrations."""
    limits = replace(
        address.settings, lock_timeout=options.lock_timeout, statement_timeout=options.statement_timeout,
        idle_in_transaction_timeout=options.statement_timeout,
    )  # fmt: skip
    name = f"{address.application_name[:52]} migrations"
    return await replace(address, settings=limits, application_name=name).arguments()


@contextmanager
def connect(arguments: Mapping[str, Any]) -> Iterator[Connection]:
    """SQLAlchemy's connection, which alembic wants, over psycopg's."""
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(**arguments), poolclass=NullPool, hide_parameters=True
    )
    try:
        connection = engine.connect()
    except DBAPIError as error:
        # The driver's own error says what happened; SQLAlchemy's adds a link to its documentation.
        raise (error.orig or error) from None
    with connection:
        yield connection


def upgrade(arguments: Mapping[str, Any], scripts: tuple[Script, ...], options: Options = DEFAULTS) -> tuple[str, ...]:
    """As `migrate`, blocking."""
    with connect(arguments) as connection:
        if not _plan(connection, scripts).pending:
            return ()
        with migration_lock(connection, options.wait):
            # Another instance may have done it meanwhile.
            pending = _plan(connection, scripts).pending
            if not pending:
                return ()
            connection.execute(text(CREATE))
            connection.commit()
            _apply(connection, scripts, options)
            return tuple(script.name for script in pending)


def _plan(connection: Connection, scripts: tuple[Script, ...]) -> Plan:
    found = plan(scripts, read_history(connection))
    connection.commit()
    if found.newer:
        names = ", ".join(applied.file for applied in found.newer)
        logger.warning("the database is newer than this program: it has had %s", names)
    return found


def _apply(connection: Connection, scripts: tuple[Script, ...], options: Options) -> None:
    """Run what is pending; again from where it stopped, where a table was busy."""
    running: list[Script] = []

    def begun(script: Script) -> None:
        running[:] = [script]
        logger.info("applying migration %s", script.name)

    for attempt in range(1, options.attempts + 1):
        started = time.monotonic()
        try:
            revisions.run(connection, scripts, begun)
            logger.info("migrated in %.2f s", time.monotonic() - started)
            return
        except DBAPIError as error:
            connection.rollback()
            busy = isinstance(error.orig, psycopg.errors.LockNotAvailable)
            if not busy or attempt == options.attempts:
                raise _failure(running, error.orig, attempt) from None
            logger.warning("%s: a table is in use, attempt %d of %d", running[0].name, attempt, options.attempts)
        except MigrationError:
            raise
        except Exception as error:
            connection.rollback()
            raise _failure(running, error, attempt) from error
        time.sleep(options.retry_pause * (0.5 + random.random()))


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
