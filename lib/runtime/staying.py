"""A worker from its settings to its end, on the running event loop: what `run_worker` runs."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TypeVar

from .boot import Settings
from .lifecycle.blocked import LoopMonitor
from .lifecycle.budget import CLOSED, DRAINED, Budget
from .lifecycle.failures import failed
from .lifecycle.stop import FAILED, FINE, Exited, Stop, contained
from .observability.process_metrics import CollectorPauses, loop_lag
from .observability.telemetry import Telemetry
from .runtime import Runtime
from .service import Worker
from .serving import BLOCKED_SECONDS, exit_code

C = TypeVar("C")

LOGGER = logging.getLogger("runtime")


async def stay(worker: Worker[C], settings: Settings[C], telemetry: Telemetry, stop: Stop) -> int:
    """Run the worker until it is told to stop, and let it finish what it began. Returns the exit code.

    There is no other orderly end: a worker whose `work` returns has failed.
    """
    runtime = Runtime(worker, settings, telemetry, stop)
    pauses = CollectorPauses(telemetry.meters)
    monitor = LoopMonitor(BLOCKED_SECONDS, loop_lag(telemetry.meters))
    budget: Budget | None = None
    try:
        work = asyncio.ensure_future(contained(_work(worker, runtime, time.monotonic())))
        told = asyncio.ensure_future(stop.wait())
        await asyncio.wait((work, told), return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        budget = Budget(settings.options.shutdown_grace.total_seconds())
        if stop.reason is None:
            return _ended_by_itself(worker, work)
        LOGGER.info("%s stops: %s", worker.name, stop.reason.text)
        await runtime.pieces.end(work, budget.until(DRAINED))
        if not work.done():
            LOGGER.error("%s did not stop in time", worker.name)
            return FAILED
        return _stopped(worker, work, exit_code(stop.reason))
    finally:
        await runtime.close((budget or Budget(settings.options.shutdown_grace.total_seconds())).until(CLOSED))
        monitor.close()
        pauses.close()


async def _work(worker: Worker[C], runtime: Runtime[C], started: float) -> None:
    await runtime.open()
    LOGGER.info("%s %s works after %.2f s", worker.name, worker.version, time.monotonic() - started)
    await worker.work(runtime)


def _ended_by_itself(worker: Worker[C], work: asyncio.Future[None]) -> int:
    if work.cancelled():
        LOGGER.critical("%s cancelled itself", worker.name)
        return FAILED
    error = work.exception()
    if isinstance(error, Exited) and error.exit_code == FINE or error is None:
        LOGGER.critical("%s ended by itself, which a worker never does", worker.name)
        return FAILED
    return failed(worker.name, error)


def _stopped(worker: Worker[C], work: asyncio.Future[None], code: int) -> int:
    """An error on the way out is still one; being cancelled is how it is told."""
    error = None if work.cancelled() else work.exception()
    if error is None or isinstance(error, Exited):
        return code
    return failed(worker.name, error)
