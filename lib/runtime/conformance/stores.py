"""A PostgreSQL and a Redis as the platform has them: TLS, and the workload's token in the place of a password."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import psycopg
from psycopg import sql

from runtime.testing.certificates import TestAuthority
from runtime.testing.postgres_server import PostgresServer, start_postgres
from runtime.testing.redis_server import start_redis

from .network import Link, Network

STRUCTURE = """
SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
  SELECT format('%s.%s.%s %s %s %s', table_schema, table_name, column_name, data_type, is_nullable, column_default)
    FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
  UNION ALL SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid <> 0
    AND connamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
) AS lines(line)
"""


class Databases:
    """The environment's PostgreSQL instance.

    user, role   as the contract names them; the role owns the databases (docs/adr/0007)
    """

    def __init__(self, server: PostgresServer, link: Link, names: Sequence[str], user: str, role: str) -> None:
        self.link = link
        self._server, self._names, self._user, self._role = server, tuple(names), user, role
        self._seeded = False
        self._seeding = threading.Lock()

    def empty(self) -> None:
        """Every database as it is before the first start. Ends their sessions."""
        with psycopg.connect(self._server.dsn(), autocommit=True) as connection:
            for name in map(sql.Identifier, self._names):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
                owner = sql.Identifier(self._role)
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
        self._seeded = False

    def seed(self, statements: Mapping[str, str]) -> None:
        """Run SQL in databases, by name, as the owner of their tables; nothing where it has been done since they were
        emptied."""
        # Twenty starts at once are waited for by as many threads.
        with self._seeding:
            if self._seeded:
                return
            for name, text in statements.items():
                with psycopg.connect(self._server.dsn(name)) as connection:
                    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(self._role)))
                    connection.execute(text.encode())
            self._seeded = True

    def structure(self) -> str:
        """Tables, columns, indexes and constraints of all databases, as one text; empty where there is none."""
        found = [self._server.value(STRUCTURE, name) for name in self._names]
        return "\n".join(str(text) for text in found if text is not None)

    def sessions(self, connection: psycopg.Connection) -> int:
        """How many connections the workload holds now."""
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND backend_type = 'client backend'", (self._user,)
        ).fetchone()
        assert row is not None
        return int(row[0])

    def watch(self) -> psycopg.Connection:
        """A connection of the superuser, past the faults."""
        return psycopg.connect(self._server.dsn(), autocommit=True)


def databases(
    stack: ExitStack, network: Network, authority: TestAuthority, folder: Path, token: str, names: Sequence[str], user: str, role: str
) -> Databases:
    """Start PostgreSQL, with empty databases and a user whose password is the token. It ends with the stack."""
    server = start_postgres(folder)
    stack.callback(server.stop)
    identifier, owner = sql.Identifier(user), sql.Identifier(role)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {}").format(owner))
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN IN ROLE {} PASSWORD {}").format(identifier, owner, sql.Literal(token))
        )
    rules = folder / "data" / "pg_hba.conf"
    rules.write_text(f'host all "{user}" 127.0.0.1/32 scram-sha-256\n{rules.read_text()}')
    server.execute("SELECT pg_reload_conf()")
    made = Databases(server, network.postgres(server.port, authority.server), names, user, role)
    made.empty()
    return made


def redis(stack: ExitStack, network: Network, authority: TestAuthority, folder: Path, token: str) -> Link:
    """Start a Redis that takes the token alone. It ends with the stack."""
    server = start_redis(folder, "--save", "", "--appendonly", "no", "--requirepass", token)
    stack.callback(server.stop)
    return network.tls(server.port, authority.server)
