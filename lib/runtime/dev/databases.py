"""Databases and roles on a local PostgreSQL, as the platform makes them on Cloud SQL."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from runtime.dev.errors import DevError

OWNER, OTHERS = "msp_owner", ("msp_reader", "msp_writer")
"""The roles inside a database (docs/adr/0007)."""

LEFTOVER_SECONDS = 10.0


def create(dsn: str, databases: Sequence[str], user: str | None) -> None:
    """The databases that are missing.

    dsn   of an administrator, with `{database}`
    user  that the service signs in as; with it come the platform's roles, which own what is made. None: whoever signs in
    """
    try:
        with psycopg.connect(dsn.replace("{database}", "postgres"), autocommit=True, connect_timeout=5) as connection:
            roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            there = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
            if user is not None:
                for role in {OWNER, *OTHERS} - roles:
                    connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
                if user not in roles:
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN IN ROLE {}").format(sql.Identifier(user), sql.Identifier(OWNER))
                    )
            for database in databases:
                if database not in there:
                    owner = sql.SQL(" OWNER {}").format(sql.Identifier(OWNER)) if user is not None else sql.SQL("")
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)) + owner)
    except psycopg.Error as error:
        raise DevError(f"PostgreSQL: {str(error).strip()}") from error


def end_leftover(folder: Path) -> None:
    """A server that an earlier run could not end. The folder is taken, so that nobody else's is meant."""
    file = folder / "data" / "postmaster.pid"
    try:
        lines = file.read_text().splitlines()
        number = int(lines[0])
        is_ours = Path(lines[1]).resolve() == file.parent.resolve() and _is_postgres(number)
    except (OSError, ValueError, IndexError):
        return
    if not is_ours:
        return
    with suppress(ProcessLookupError, PermissionError):
        os.kill(number, signal.SIGQUIT)
        until = time.monotonic() + LEFTOVER_SECONDS
        while time.monotonic() < until:
            os.kill(number, 0)
            time.sleep(0.05)


def _is_postgres(number: int) -> bool:
    """Where it can't be told (no /proc) PostgreSQL decides itself whether the file is stale."""
    try:
        return b"postgres" in Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return False
