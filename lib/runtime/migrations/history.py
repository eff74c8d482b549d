"""Which migrations a database has had: alembic's own version, and beside it what each file was like when it was applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import psycopg

from runtime.migrations.errors import Finding, MigrationError
from runtime.migrations.scripts import Script

TABLE = "runtime_migrations"
VERSION_TABLE = "alembic_version"

CREATE = f"""
CREATE TABLE IF NOT EXISTS {TABLE} (
    revision text PRIMARY KEY,
    file text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    applied_by text NOT NULL DEFAULT session_user
)
"""


@dataclass(frozen=True)
class Applied:
    revision: str
    file: str
    checksum: str
    applied_at: str
    """For people: ISO 8601."""


def read_history(connection: psycopg.Connection) -> Mapping[str, Applied]:
    """By revision; empty where nothing was ever applied."""
    if connection.execute("SELECT to_regclass(%s)", [TABLE]).fetchone() == (None,):
        return {}
    rows = connection.execute(
        f"SELECT revision, file, checksum, to_char(applied_at, 'YYYY-MM-DD\"T\"HH24:MI:SSOF') FROM {TABLE}".encode()
    )
    return {row[0]: Applied(*row) for row in rows}


@dataclass(frozen=True)
class Plan:
    """What a database lacks, and what it has that this program does not know: a newer program migrated it."""

    pending: tuple[Script, ...]
    newer: tuple[Applied, ...]


def plan(scripts: Sequence[Script], history: Mapping[str, Applied]) -> Plan:
    """MigrationError with all that history and files disagree about.

    A database that is ahead is no error: so an older version of the program can be started again.
    """
    findings = list(_disagreements(scripts, history))
    if findings:
        raise MigrationError("the migrations differ from what was applied to the database:", findings)
    last_known = scripts[-1].revision if scripts else ""
    return Plan(
        pending=tuple(script for script in scripts if script.revision not in history),
        newer=tuple(applied for revision, applied in sorted(history.items()) if revision > last_known),
    )


def _disagreements(scripts: Sequence[Script], history: Mapping[str, Applied]) -> Iterator[Finding]:
    last_applied = max(history, default="")
    for script in scripts:
        applied = history.get(script.revision)
        if applied is None and script.revision < last_applied:
            yield Finding(
                script.name, f"not applied, though {history[last_applied].file} is", "a number after it: rename the file"
            )
        elif applied is not None and applied.checksum != script.checksum:
            yield Finding(
                script.name,
                f"another text than was applied at {applied.applied_at}",
                "the applied text (restore it from version control), and the change as a new migration",
            )
    known = {script.revision for script in scripts}
    last_known = max(known, default="")
    for revision, applied in sorted(history.items()):
        if revision not in known and revision < last_known:
            yield Finding(
                applied.file, f"no such file, though it was applied at {applied.applied_at}",
                "the file: restore it from version control",
            )  # fmt: skip
