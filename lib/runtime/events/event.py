"""One event, and how it looks in BigQuery."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from runtime.bigquery.schema import Column

TABLE = "events"

SCHEMA: tuple[Mapping[str, str], ...] = (
    {"name": "id", "type": "STRING", "mode": "REQUIRED", "description": "UUIDv7; the same where a row came twice."},
    {"name": "time", "type": "TIMESTAMP", "mode": "REQUIRED", "description": "When it happened."},
    {"name": "name", "type": "STRING", "mode": "REQUIRED", "description": "What happened: user.signed_up."},
    {"name": "actor", "type": "STRING", "description": "Who did it, by id: user:1."},
    {"name": "properties", "type": "JSON", "mode": "REQUIRED", "description": "What else is known of it."},
    {"name": "service", "type": "STRING", "mode": "REQUIRED"},
    {"name": "environment", "type": "STRING", "mode": "REQUIRED"},
    {"name": "version", "type": "STRING", "mode": "REQUIRED", "description": "What recorded it."},
    {"name": "trace_id", "type": "STRING", "description": "The trace that it happened in, where there was one."},
)
"""Of `services/<id>/bigquery/events.json`."""

COLUMNS = tuple(Column(each["name"], each["type"], each.get("mode", "NULLABLE")) for each in SCHEMA)


@dataclass(frozen=True)
class Event:
    """What happened. `properties` holds what JSON can hold."""

    id: UUID
    time: datetime
    name: str
    actor: str | None
    properties: Mapping[str, Any]
    service: str
    environment: str
    version: str
    trace_id: str | None

    def row(self) -> dict[str, Any]:
        """As BigQuery has it, by SCHEMA."""
        return {
            "id": str(self.id),
            "time": self.time,
            "name": self.name,
            "actor": self.actor,
            "properties": self.properties,
            "service": self.service,
            "environment": self.environment,
            "version": self.version,
            "trace_id": self.trace_id,
        }


class Uuid7:
    """Ids that begin with the time, each greater than the one before: they sort in the order in which they were made.

    now          seconds since 1970
    random_bits  a random whole number of so many bits

    https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7 ; the standard library has it from Python 3.14 on.
    """

    def __init__(
        self, now: Callable[[], float] = time.time, random_bits: Callable[[int], int] = secrets.randbits
    ) -> None:
        self._now = now
        self._random_bits = random_bits
        self._last = 0

    def __call__(self) -> UUID:
        milliseconds = int(self._now() * 1000) & (1 << 48) - 1
        made = milliseconds << 80 | 7 << 76 | self._random_bits(12) << 64 | 2 << 62 | self._random_bits(62)
        # Within one millisecond, or where the clock was put back, they count.
        self._last = made if made > self._last else self._last + 1
        return UUID(int=self._last)
