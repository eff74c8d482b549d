"""The outbox: events in a table of the database that they are about, written in the same transaction as what they tell of.

Whoever delivers takes rows for a while (`due_at` is in the future then) and holds no lock and no connection meanwhile. Of a
process that dies in between, the rows are due again when that while is over.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg

from runtime.events.buffer import Backlog, Claim, Outcome
from runtime.events.errors import BufferFullError, BufferUnavailableError
from runtime.events.event import Event
from runtime.events.settings import Settings
from runtime.identity import Identity
from runtime.postgres import Connection, Database
from runtime.postgres.errors import one_line
from runtime.postgres.own_tables import make_own_tables

ANSWER_SECONDS = 10.0
"""The shipper's patience with the server."""

INSERT = """
INSERT INTO runtime.events (id, time, name, actor, properties, version, trace_id) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (id) DO NOTHING
"""

CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM runtime.events WHERE due_at <= clock_timestamp() ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE runtime.events e SET claim = %(token)s, due_at = clock_timestamp() + make_interval(secs => %(lease)s)
FROM due WHERE e.id = due.id
RETURNING e.id, e.time, e.name, e.actor, e.properties, e.version, e.trace_id
"""

DELIVERED = "DELETE FROM runtime.events WHERE id = ANY(%s)"

# What another instance has claimed since is the other's.
REFUSED = """
UPDATE runtime.events SET attempts = attempts + 1, claim = NULL,
    due_at = clock_timestamp() + make_interval(secs => %(pause)s * 2 ^ attempts)
WHERE id = %(id)s AND claim = %(token)s RETURNING attempts
"""

DEAD = """
WITH dead AS (
    DELETE FROM runtime.events WHERE id = %(id)s RETURNING id, time, name, actor, properties, version, trace_id
)
INSERT INTO runtime.dead_events (id, time, name, actor, properties, version, trace_id, reason)
SELECT *, %(reason)s FROM dead ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, died_at = now()
"""

RELEASED = "UPDATE runtime.events SET claim = NULL, due_at = clock_timestamp() WHERE id = ANY(%s) AND claim = %s"

BACKLOG = """
SELECT (SELECT count(*) FROM (SELECT FROM runtime.events LIMIT %s) waiting), (SELECT time FROM runtime.events ORDER BY id LIMIT 1)
"""

FORGOTTEN = "DELETE FROM runtime.dead_events WHERE died_at < now() - make_interval(days => %s)"


class Outbox:
    """The events of one database. A runtime.events.buffer.Buffer."""

    def __init__(self, database: Database, identity: Identity, settings: Settings) -> None:
        self._database = database
        self._identity = identity
        self._settings = settings
        self._waiting = 0
        """As of the last look, and what this instance did since."""

    @property
    def name(self) -> str:
        return self._database.name

    async def open(self) -> None:
        await make_own_tables(self._database)

    async def add(self, event: Event, connection: psycopg.AsyncConnection[Any] | None) -> None:
        """Keep an event: in the connection's transaction, or in one of its own.

        Raises BufferFullError; BufferUnavailableError where it has no connection to use; with one, psycopg's own errors,
        since the caller's transaction has failed with it.
        """
        if self._waiting >= self._settings.max_waiting:
            raise BufferFullError(f"{self._waiting} events wait in database {self.name}")
        if connection is not None:
            await _insert(connection, event)
        else:
            async with self._connected(self._settings.record_wait, self._settings.record_wait) as own:
                await _insert(own, event)
        self._waiting += 1

    async def claim(self, limit: int) -> Claim | None:
        token = uuid4()
        values = {"limit": limit, "token": token, "lease": self._settings.lease}
        async with self._connected(None, ANSWER_SECONDS) as connection:
            rows = await (await connection.execute(CLAIM, values)).fetchall()
        # UPDATE returns rows in no order.
        return Claim(token, [self._event(row) for row in sorted(rows)]) if rows else None

    async def settle(self, claim: Claim, outcome: Outcome) -> Mapping[UUID, str]:
        dead = {}
        async with self._connected(None, ANSWER_SECONDS) as connection:
            await connection.execute(DELIVERED, [outcome.delivered])
            for event_id, reason in outcome.refused.items():
                values = {"id": event_id, "token": claim.token, "pause": self._settings.refused_pause, "reason": reason}
                row = await (await connection.execute(REFUSED, values)).fetchone()
                if row is not None and row[0] >= self._settings.refusals:
                    await connection.execute(DEAD, values)
                    dead[event_id] = reason
            await connection.execute(RELEASED, [[event.id for event in claim.events], claim.token])
        self._waiting = max(0, self._waiting - len(outcome.delivered) - len(dead))
        return dead

    async def tidy(self) -> Backlog:
        async with self._connected(None, ANSWER_SECONDS) as connection:
            await connection.execute(FORGOTTEN, [self._settings.dead_days])
            row = await (await connection.execute(BACKLOG, [self._settings.max_waiting])).fetchone()
        assert row is not None
        self._waiting, oldest = row
        return Backlog(self._waiting, oldest)

    async def close(self) -> None:
        """The database is the service's own: it closes it."""

    def _event(self, row: tuple[Any, ...]) -> Event:
        event_id, time, name, actor, properties, version, trace_id = row
        identity = self._identity
        return Event(event_id, time, name, actor, properties, identity.name, identity.environment, version, trace_id)

    @asynccontextmanager
    async def _connected(self, wait: float | None, patience: float) -> AsyncIterator[Connection]:
        """A transaction. BufferUnavailableError where the database can't be used."""
        try:
            async with self._database.connection(wait=wait) as connection:
                with connection.patient(patience):
                    yield connection
        except psycopg.Error as error:
            raise BufferUnavailableError(one_line(error)) from None


async def _insert(connection: psycopg.AsyncConnection[Any], event: Event) -> None:
    properties = json.dumps(event.properties, ensure_ascii=False)
    await connection.execute(
        INSERT, [event.id, event.time, event.name, event.actor, properties, event.version, event.trace_id]
    )
