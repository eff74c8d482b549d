"""The one way to end a process: somebody says why and with which exit code, the first one counts."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass

FINE = 0
FAILED = 1
MISUSED = 2
"""The environment or the command line does not fit."""
SIGNALLED = 128
"""Plus the signal's number, as shells have it: work was cut off."""


@dataclass(frozen=True)
class Reason:
    """Why a process ends."""

    text: str
    exit_code: int
    signal: signal.Signals | None = None


class Stop:
    """Set once; from the event loop's thread (from others through `call_soon_threadsafe`)."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.reason: Reason | None = None

    @property
    def requested(self) -> bool:
        return self.reason is not None

    def request(self, reason: Reason) -> None:
        """End the process. What comes after the first reason is ignored."""
        if self.reason is None:
            self.reason = reason
            self._event.set()

    async def wait(self) -> Reason:
        await self._event.wait()
        assert self.reason is not None
        return self.reason
