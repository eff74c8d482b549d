"""Takes events out of their buffers and delivers them: soon after they came, on a timer, and at the end.

Cloud Run gives an instance CPU while it answers a request and while it stops (docs/adr/0039): what came with the last request
leaves with the next one of any instance, or at the end. Nothing depends on when this runs, only how soon events arrive.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from opentelemetry import metrics, trace
from opentelemetry.trace import NonRecordingSpan, SpanContext

from runtime.events.buffer import Buffer, Claim, Outcome
from runtime.events.destinations import Destination
from runtime.events.errors import BatchRejectedError, BufferUnavailableError, DestinationError
from runtime.events.event import Event
from runtime.events.settings import Settings

LOGGER = logging.getLogger("runtime.events")

meter = metrics.get_meter("runtime.events")

SHIPPED = meter.create_counter("events.shipped", unit="{event}", description="Events by what became of them at the end.")
WAITING = meter.create_gauge("events.waiting", unit="{event}", description="Events that wait, by where they are kept.")


class Shipper:
    """One per process.

    prepare  done before each look at the buffers
    jitter   random numbers from 0 to 1
    """

    def __init__(
        self,
        buffers: Sequence[Buffer],
        destination: Destination,
        settings: Settings,
        prepare: Callable[[], Awaitable[None]],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._buffers = buffers
        self._destination = destination
        self._settings = settings
        self._prepare = prepare
        self._jitter = jitter
        self._came = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._failures = 0
        self._complained = ""

    def wake(self) -> None:
        """Something came."""
        self._came.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        # What follows is nobody's request: a span for each look at the table would say nothing.
        with trace.use_span(NonRecordingSpan(SpanContext(random.getrandbits(127) + 1, 1, is_remote=False))):
            while True:
                await self._wait()
                try:
                    await self.ship(tidy=True)
                except Exception as error:
                    self._failures += 1
                    LOGGER.error("events are not shipped: %s", type(error).__name__, exc_info=error)

    async def _wait(self) -> None:
        """Until something came and others had time to come with it, or the timer says so."""
        settings = self._settings
        if self._failures:
            # Something that came is no reason to ask again sooner.
            pause = min(settings.retry_cap, settings.retry_base * float(2 ** min(self._failures - 1, 16)))
            await asyncio.sleep(pause * (0.5 + 0.5 * self._jitter()))
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(settings.interval * (0.75 + 0.25 * self._jitter())):
                await self._came.wait()
            await asyncio.sleep(settings.gather)

    async def ship(self, *, tidy: bool = False) -> None:
        """Deliver everything that is due, or until something fails."""
        async with self._one_at_a_time:
            await self._ship(tidy)

    async def _ship(self, tidy: bool) -> None:
        self._came.clear()
        await self._prepare()
        for buffer in self._buffers:
            try:
                while await self._batch(buffer):
                    pass
                if tidy:
                    WAITING.set((await buffer.tidy()).count, {"events.buffer": buffer.name})
            except (DestinationError, BufferUnavailableError) as error:
                self._failures += 1
                self._complain(str(error))
                if isinstance(error, DestinationError):
                    await self._measure(buffer, tidy)
                return
        if self._complained:
            LOGGER.info("events are shipped again")
        self._failures, self._complained = 0, ""

    async def _measure(self, buffer: Buffer, tidy: bool) -> None:
        """So that the bound holds also while nothing can be delivered."""
        with suppress(BufferUnavailableError):
            if tidy:
                WAITING.set((await buffer.tidy()).count, {"events.buffer": buffer.name})

    def _complain(self, reason: str) -> None:
        """Once for each reason, not at every try: how many rows it was about is none."""
        kind = re.sub(r"\d+ rows", "rows", reason)
        if kind != self._complained:
            LOGGER.error("events wait, none is lost: %s", reason)
        self._complained = kind

    async def _batch(self, buffer: Buffer) -> bool:
        """Whether there may be more. Whatever happens, the claim is let go of."""
        claim = await buffer.claim(self._settings.batch)
        if claim is None:
            return False
        outcome = Outcome()
        try:
            async with asyncio.timeout(self._settings.send_timeout):
                await self._deliver(claim.events, outcome)
        except TimeoutError:
            raise DestinationError(f"no answer within {self._settings.send_timeout:g} s") from None
        finally:
            # Also when this is cancelled: else the events wait until the lease is over.
            await asyncio.shield(self._settle(buffer, claim, outcome))
        return len(claim.events) >= self._settings.batch

    async def _settle(self, buffer: Buffer, claim: Claim, outcome: Outcome) -> None:
        dead = await buffer.settle(claim, outcome)
        SHIPPED.add(len(outcome.delivered), {"outcome": "shipped"})
        by_id = {event.id: event for event in claim.events}
        for event_id, reason in outcome.refused.items():
            if event_id in dead:
                SHIPPED.add(1, {"outcome": "dead"})
                LOGGER.error("event %s %s is dead: %s", by_id[event_id].name, event_id, reason)
            else:
                LOGGER.warning("event %s %s was refused: %s", by_id[event_id].name, event_id, reason)

    async def _deliver(self, events: Sequence[Event], outcome: Outcome) -> None:
        """Deliver, by halves where the whole is not taken: the one that is at fault is found, the others arrive."""
        try:
            refused = await self._destination.deliver(events)
        except BatchRejectedError as error:
            if len(events) == 1:
                outcome.refused[events[0].id] = str(error)
                return
            middle = len(events) // 2
            await self._deliver(events[:middle], outcome)
            await self._deliver(events[middle:], outcome)
            return
        outcome.refused |= refused
        outcome.delivered += [event.id for event in events if event.id not in refused]
