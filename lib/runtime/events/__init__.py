"""Product events: recorded with what they are about, kept, and delivered to BigQuery's table `events`."""

from __future__ import annotations

from runtime.events.errors import InvalidEventError
from runtime.events.event import SCHEMA, TABLE, Event, Uuid7
from runtime.events.events import Events
from runtime.events.settings import Settings

__all__ = ["SCHEMA", "TABLE", "Event", "Events", "InvalidEventError", "Settings", "Uuid7"]
