"""The one way to end a process: somebody says why and with which exit code, the first one counts."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

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


class Exited(Exception):
    """The service's code called `sys.exit`: as an exception that a task may end with, which SystemExit is not."""

    def __init__(self, exit: SystemExit) -> None:
        super().__init__(f"sys.exit({exit.code!r})")
        self.exit_code = exit.code if isinstance(exit.code, int) else FINE if exit.code is None else FAILED


async def contained(work: Awaitable[T]) -> T:
    """The same work, with Exited for SystemExit."""
    try:
        return await work
    except SystemExit as exit:
        raise Exited(exit) from None
