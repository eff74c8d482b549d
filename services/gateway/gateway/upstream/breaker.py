"""A provider that does not answer is left in peace for a while: its requests are refused at once instead of queueing up."""

from __future__ import annotations

import time
from collections.abc import Callable

FAILURES = 5
"""In a row."""
OPEN_SECONDS = 10.0


class Breaker:
    """Closed while things work; open after `FAILURES` failures in a row; then one request tries."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0

    def wait(self) -> float | None:
        """Seconds until it is worth trying, or None where a request may go. Who is told so then is the one that tries."""
        if self._failures < FAILURES:
            return None
        now = self._clock()
        if now < self._open_until:
            return self._open_until - now
        # The others wait for what becomes of this one.
        self._open_until = now + OPEN_SECONDS
        return None

    def worked(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES:
            self._open_until = self._clock() + OPEN_SECONDS
