"""The state of what a service stands on, asked for by probes and people."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Check = Callable[[], Awaitable[object]]
"""Raises with a one-line reason while something can't be used."""

TIMEOUT = 2.0
"""Seconds that one check may take: a probe waits for all of them."""
FRESH = 1.0
"""Seconds for which an answer is good enough, so that probes cost a database nothing."""
LONGEST_REASON = 200


@dataclass(frozen=True)
class Finding:
    """How one check went."""

    name: str
    reason: str | None
    """None where all is well."""
    seconds: float
    needed: bool = True
    """Whether an instance is out of service while it fails."""

    @property
    def ok(self) -> bool:
        return self.reason is None

    @property
    def stops_service(self) -> bool:
        return self.needed and not self.ok


class Health:
    """Every check of a process, run at the same time and at most once at a time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, timeout: float = TIMEOUT) -> None:
        self._clock = clock
        self._timeout = timeout
        self._checks: dict[str, tuple[Check, bool]] = {}
        self._last: tuple[float, tuple[Finding, ...]] | None = None
        self._running: asyncio.Task[tuple[Finding, ...]] | None = None

    def add(self, name: str, check: Check, *, needed: bool = True) -> None:
        """ValueError where the name is taken."""
        if name in self._checks:
            raise ValueError(f"there is a check {name!r} already")
        self._checks[name] = (check, needed)

    async def look(self) -> tuple[Finding, ...]:
        """How every check went, by name, at most FRESH seconds ago."""
        if self._last is not None and self._clock() - self._last[0] < FRESH:
            return self._last[1]
        if self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._run(), name="health")
        # A probe that goes away must not end the checks that another one waits for.
        return await asyncio.shield(self._running)

    async def _run(self) -> tuple[Finding, ...]:
        try:
            found = tuple(
                await asyncio.gather(*(self._one(name, *check) for name, check in sorted(self._checks.items())))
            )
            self._last = (self._clock(), found)
            return found
        finally:
            self._running = None

    async def _one(self, name: str, check: Check, needed: bool) -> Finding:
        started = self._clock()
        try:
            async with asyncio.timeout(self._timeout):
                await check()
        except TimeoutError:
            return Finding(name, f"no answer within {self._timeout:g} s", self._clock() - started, needed)
        except Exception as error:
            lines = str(error).splitlines() or [type(error).__name__]
            return Finding(name, lines[0][:LONGEST_REASON], self._clock() - started, needed)
        return Finding(name, None, self._clock() - started, needed)
