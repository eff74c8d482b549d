"""Pieces of work that a stop does not cut in half."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .stop import Stop


class Pieces:
    """Those of one process that are being done."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._running = 0
        self._none = asyncio.Event()
        self._none.set()

    @asynccontextmanager
    async def piece(self) -> AsyncIterator[None]:
        """One of them. Once the process is told to stop none begins: who asks for one waits to be cancelled."""
        if self._stop.requested:
            await asyncio.Event().wait()
        self._running += 1
        self._none.clear()
        try:
            yield
        finally:
            self._running -= 1
            if self._running == 0:
                self._none.set()

    async def end(self, work: asyncio.Future[None], seconds: float) -> None:
        """After a stop: let the pieces that were begun be finished, then cancel `work`; both within so many seconds.

        `work` is done afterwards, unless it does not heed its cancellation.
        """
        until = asyncio.get_running_loop().time() + seconds
        none = asyncio.ensure_future(self._none.wait())
        # A quarter of the time is for cleaning up after the cancellation.
        await asyncio.wait((work, none), timeout=seconds * 0.75, return_when=asyncio.FIRST_COMPLETED)
        none.cancel()
        work.cancel()
        await asyncio.wait((work,), timeout=max(0.0, until - asyncio.get_running_loop().time()))
