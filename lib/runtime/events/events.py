"""`runtime.events`: what happened in the product, kept until it is delivered."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from opentelemetry import metrics, trace

from runtime.events.destinations import Destination
from runtime.events.errors import BufferFullError, BufferUnavailableError
from runtime.events.event import Event, Uuid7
from runtime.events.segments import Segments
from runtime.events.settings import Settings
from runtime.events.shipper import Shipper
from runtime.events.validation import valid_properties
from runtime.identity import Identity

if TYPE_CHECKING:
    import psycopg

    from runtime.events.outbox import Outbox

LOGGER = logging.getLogger("runtime.events")

meter = metrics.get_meter("runtime.events")

RECORDED = meter.create_counter("events.recorded", unit="{event}", description="Events that were kept, by name.")
DROPPED = meter.create_counter("events.dropped", unit="{event}", description="Events that could not be kept, by reason.")
REDACTED = meter.create_counter("events.redacted", unit="{text}", description="Texts that were cut or replaced, by what they held.")

COMPLAINT_SECONDS = 60.0
"""What was dropped is logged at most so often."""

NOTHING: Mapping[str, Any] = {}

DEFAULTS = Settings()


class Events:
    """A runtime.Resource.

    buffers   the outbox of each database, the first one for events without connection; or the files
    clock     what time it is
    new_id    a new id at each call, greater than those before
    """

    name = "events"

    def __init__(
        self,
        identity: Identity,
        buffers: Sequence[Outbox] | Segments,
        destination: Destination,
        *,
        settings: Settings = DEFAULTS,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], UUID] | None = None,
    ) -> None:
        self._identity = identity
        self._files = buffers if isinstance(buffers, Segments) else None
        self._outboxes = {} if isinstance(buffers, Segments) else {outbox.name: outbox for outbox in buffers}
        self._buffers = (buffers,) if isinstance(buffers, Segments) else tuple(buffers)
        self._settings = settings
        self._clock = clock
        self._new_id = new_id or Uuid7()
        self._held: deque[Event] = deque()
        self._shipper = Shipper(self._buffers, destination, settings, self._keep_held)
        self._task: asyncio.Task[None] | None = None
        self._complained_at = -COMPLAINT_SECONDS

    async def open(self) -> None:
        """Make what keeps the events, and begin to deliver what is left from before."""
        for buffer in self._buffers:
            await buffer.open()
        self._shipper.wake()
        self._task = asyncio.create_task(self._shipper.run(), name="events shipper")

    async def record(
        self,
        name: str,
        properties: Mapping[str, Any] = NOTHING,
        *,
        actor: str | None = None,
        connection: psycopg.AsyncConnection[Any] | None = None,
    ) -> Event:
        """Keep an event; it is delivered soon, at least once, and told apart by its id.

        name        what happened, as the past has it: `user.signed_up`
        properties  what else is known: text, numbers, lists and mappings of them; nobody's data, no secret
        actor       who did it, by id: `user:1`
        connection  a connection to one of the service's databases: the event is kept if and only if its transaction is

        Raises InvalidEventError for what is no event. With a connection also psycopg's errors. Otherwise nothing: where
        there is no room left, the event is dropped, counted and logged, and the caller goes on.
        """
        event = self._event(name, properties, actor)
        try:
            await self._keep(event, connection)
        except BufferUnavailableError as error:
            self._hold(event, error)
        except BufferFullError as error:
            self._drop(1, "full", str(error))
        else:
            RECORDED.add(1, {"event.name": name})
        self._shipper.wake()
        return event

    def _event(self, name: str, properties: Mapping[str, Any], actor: str | None) -> Event:
        def redacted(where: str, what: str) -> None:
            REDACTED.add(1, {"event.name": name, "events.found": what})
            LOGGER.warning("event %s: property %s held what has no place in it (%s)", name, where, what)

        valid = valid_properties(name, properties, actor, redacted)
        span = trace.get_current_span().get_span_context()
        identity = self._identity
        return Event(
            self._new_id(), self._clock(), name, actor, valid, identity.name, identity.environment, identity.version,
            f"{span.trace_id:032x}" if span.is_valid else None,
        )  # fmt: skip

    async def _keep(self, event: Event, connection: psycopg.AsyncConnection[Any] | None) -> None:
        if self._files is not None:
            if connection is not None:
                raise ValueError("connection: found one; expected None where the spec has no resources.postgres")
            await self._files.add(event)
            return
        if connection is None:
            outbox = next(iter(self._outboxes.values()))
        else:
            # As the service calls it: a developer's or a test's server may have it under a longer name.
            target = getattr(connection, "target", {})
            outbox = self._outboxes[target.get("db.namespace", connection.info.dbname)]
        await outbox.add(event, connection)

    def _hold(self, event: Event, error: Exception) -> None:
        """In memory, until the shipper finds the database well again."""
        if len(self._held) >= self._settings.max_held:
            self._drop(1, "unavailable", str(error))
        else:
            self._held.append(event)

    def _drop(self, count: int, reason: str, text: str) -> None:
        DROPPED.add(count, {"reason": reason})
        if time.monotonic() - self._complained_at >= COMPLAINT_SECONDS:
            self._complained_at = time.monotonic()
            LOGGER.error("events are dropped: %s", text)

    async def _keep_held(self) -> None:
        while self._held:
            event = self._held[0]
            try:
                await self._keep(event, None)
            except BufferUnavailableError:
                return
            except BufferFullError as error:
                self._drop(1, "full", str(error))
            else:
                RECORDED.add(1, {"event.name": event.name})
            self._held.popleft()

    async def flush(self) -> None:
        """Deliver what waits, or until something fails: for jobs and tests; a service need not."""
        await self._shipper.ship()

    async def check(self) -> None:
        """Raise where nothing is delivered any more. BigQuery's absence is none of the instance's faults."""
        if self._task is not None and self._task.done():
            raise RuntimeError("the shipper has ended")

    async def close(self) -> None:
        """Deliver what is left, for a while. The rest stays where it is kept; what is only in memory is reported."""
        if self._task is not None:
            self._task.cancel()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.close_timeout):
                    await asyncio.wait((self._task,))
                    await self.flush()
        if self._held:
            self._drop(len(self._held), "unavailable", f"{len(self._held)} are lost with the process' end")
        for buffer in self._buffers:
            await buffer.close()
