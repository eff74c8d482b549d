"""Notices that the event loop is blocked, while it is, and says by what."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Callable

from . import dump

LOGGER = logging.getLogger("runtime.event_loop")

BEAT = 0.25
"""Seconds between two beats of the loop."""


class LoopMonitor:
    """A beat on the loop, and a thread that looks whether it comes.

    threshold  how late, in seconds, a beat may be
    on_lag     told by each beat how late it was, seconds
    """

    def __init__(self, threshold: float, on_lag: Callable[[float], None]) -> None:
        self._threshold = threshold
        self._on_lag = on_lag
        self._loop = asyncio.get_running_loop()
        self._thread_id = threading.get_ident()
        self._closed = threading.Event()
        self._due = time.monotonic() + BEAT
        self._timer = self._loop.call_later(BEAT, self._beat)
        threading.Thread(target=self._watch, name="loop-monitor", daemon=True).start()

    def close(self) -> None:
        self._closed.set()
        self._timer.cancel()

    def _beat(self) -> None:
        self._on_lag(max(0.0, time.monotonic() - self._due))
        self._due = time.monotonic() + BEAT
        self._timer = self._loop.call_later(BEAT, self._beat)

    def _watch(self) -> None:
        """Warn once for each time that the loop is blocked."""
        warned_of = 0.0
        while not self._closed.wait(BEAT):
            looked = time.monotonic()
            due = self._due
            # Cloud Run takes the processor away between requests: this thread stood still then too, and the first thing
            # it sees is an old beat. Only a beat that fails to come while this thread runs tells of a blocked loop.
            if looked - due < self._threshold or due == warned_of or self._closed.wait(BEAT) or self._due != due:
                continue
            warned_of = due
            frame = sys._current_frames().get(self._thread_id)
            if frame is not None:
                late = time.monotonic() - due
                LOGGER.warning("the event loop is blocked, for %.2f s so far, here:\n%s", late, dump.stack(frame))
