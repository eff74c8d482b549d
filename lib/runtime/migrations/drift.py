"""Whether a database is what its migrations make: compared with a shadow, a new database migrated from zero."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from runtime.migrations.catalog import Catalog, read_catalog
from runtime.migrations.errors import Finding
from runtime.migrations.runner import upgrade
from runtime.migrations.scripts import Script

LONGEST = 400
"""Characters of a definition that are shown."""


def find_drift(live: Mapping[str, Any], shadow_server: Mapping[str, Any], scripts: tuple[Script, ...]) -> tuple[Finding, ...]:
    """Every difference, by kind and name.

    live           psycopg's arguments for the database that is looked at; it is only read
    shadow_server  likewise for any database of a server on which a database may be made and dropped; a PostgreSQL of
                   the same version, or definitions may read differently
    """
    with psycopg.connect(**live) as connection:
        found = read_catalog(connection)
    with _shadow(shadow_server) as shadow:
        upgrade(shadow, scripts)
        with psycopg.connect(**shadow) as connection:
            expected = read_catalog(connection)
    return compare(found, expected)


def compare(found: Catalog, expected: Catalog) -> tuple[Finding, ...]:
    """What differs. Of something that is missing or too much as a whole, its parts are not named."""
    findings = []
    for kind, name in sorted({*found, *expected}):
        here, there = found.get((kind, name)), expected.get((kind, name))
        if here == there or _in_a_missing_table(kind, name, found, expected):
            continue
        findings.append(Finding(f"{kind} {name}", _shown(here), _shown(there)))
    return tuple(findings)


def _in_a_missing_table(kind: str, name: str, found: Catalog, expected: Catalog) -> bool:
    if kind not in ("column", "constraint", "trigger", "policy"):
        return False
    table = name.rpartition(".")[0]
    holders = [(holder, table) for holder in ("table", "foreign table", "type")]
    return any((holder in found) != (holder in expected) for holder in holders)


def _shown(definition: str | None) -> str:
    if definition is None:
        return "nothing"
    return definition if len(definition) <= LONGEST else f"{definition[:LONGEST]}…"


@contextmanager
def _shadow(server: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A new database for the time of the block."""
    name = f"shadow_{secrets.token_hex(6)}"
    identifier = sql.Identifier(name)
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(identifier))
        try:
            yield {**server, "dbname": name}
        finally:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
