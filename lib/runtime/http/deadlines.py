"""One timer for the time limits of all requests: they have the same limit, so that the oldest is always the first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

SHARE = 0.05
"""Of the limit: how late a request may be noticed."""


class Deadlines:
    """Calls what was added `seconds` ago, unless it was removed. A request costs an entry in a dictionary, not a timer."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._open: dict[Callable[[], None], float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def add(self, expire: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        self._open[expire] = loop.time() + self.seconds
        if self._timer is None:
            self._timer = loop.call_later(self.seconds * SHARE, self._look)

    def remove(self, expire: Callable[[], None]) -> None:
        """Also where it has been called already."""
        self._open.pop(expire, None)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        late = []
        for expire, deadline in self._open.items():
            if deadline > now:
                break
            late.append(expire)
        for expire in late:
            del self._open[expire]
            expire()
        # An idle process has no timer: it may sleep.
        self._timer = loop.call_later(self.seconds * SHARE, self._look) if self._open else None
