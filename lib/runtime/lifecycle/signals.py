"""SIGTERM and SIGINT: the first asks for an orderly stop, the second ends the process at once.

Handlers of `signal.signal`, not of the loop: they also run while the loop is blocked by Python code. They must be set in
the main thread.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

from . import dump
from .stop import FAILED, SIGNALLED, Reason, Stop

LOGGER = logging.getLogger("runtime.signals")

HANDLED = (signal.SIGTERM, signal.SIGINT)


def install(
    loop: asyncio.AbstractEventLoop, stop: Stop, grace: float, exit_now: Callable[[int], None] = os._exit
) -> None:
    """Watch the signals; `grace` in seconds is what an orderly stop may take before it is forced."""
    first: list[signal.Signals] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        received = signal.Signals(number)
        if first:
            try:
                # It may have come in the middle of writing another line, which logging does not like.
                LOGGER.warning("%s again: stopping at once", received.name)
            finally:
                exit_now(SIGNALLED + number)
            return
        first.append(received)
        force_after(grace, FAILED, f"{received.name} was {grace:g} s ago", exit_now)
        loop.call_soon_threadsafe(stop.request, Reason(f"{received.name} received", SIGNALLED + number, received))

    for number in HANDLED:
        signal.signal(number, handle)


def force_after(seconds: float, exit_code: int, because: str, exit_now: Callable[[int], None] = os._exit) -> None:
    """End the process after a while, whatever its threads and its loop do then; says in the log where they are."""

    def wait() -> None:
        time.sleep(seconds)
        LOGGER.critical("%s: stopping by force\n%s", because, dump.threads())
        exit_now(exit_code)

    threading.Thread(target=wait, name="forced-stop", daemon=True).start()
