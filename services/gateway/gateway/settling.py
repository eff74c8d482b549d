"""What happens after an answer, and must not be lost with the client or with the request's task: counting what it cost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from gateway.quota.limiter import Admission, Limiter
from runtime.events import Events

LOGGER = logging.getLogger("gateway")

CLOSE_SECONDS = 3.0


class Settling:
    """A runtime.Resource: closing it waits for what is under way."""

    name = "settling"

    def __init__(self, limiter: Limiter, events: Events) -> None:
        self._limiter = limiter
        self._events = events
        self._running: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        pass

    async def check(self) -> None:
        pass

    async def close(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=CLOSE_SECONDS)

    def start(self, admission: Admission, tokens: int, refund: bool, event: dict[str, Any]) -> None:
        """Count and record, in a task of its own."""
        task = asyncio.create_task(self._settle(admission, tokens, refund, event))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _settle(self, admission: Admission, tokens: int, refund: bool, event: dict[str, Any]) -> None:
        actor = admission.window.actor
        await _logged("counted", self._limiter.settle(admission, tokens, refund=refund))
        await _logged("recorded", self._events.record("gateway.request", event, actor=f"license:{actor}"))


async def _logged(what: str, work: Awaitable[object]) -> None:
    try:
        await work
    except Exception as error:
        # What was reserved stays charged, which is never less than what was used but for what an estimate missed.
        LOGGER.warning("a request's usage was not %s: %s", what, type(error).__name__)
