"""A job from its settings to its end, on the running event loop."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TypeVar

from opentelemetry.trace import Span, Status, StatusCode

from .boot import Settings
from .contract import ConfigurationError, UndeclaredResourceError
from .lifecycle.blocked import LoopMonitor
from .lifecycle.budget import CLOSED, DRAINED, Budget
from .lifecycle.failures import failed
from .lifecycle.stop import FAILED, FINE, Exited, Reason, Stop, contained
from .observability.error_reports import check_in
from .observability.process_metrics import CollectorPauses, loop_lag
from .observability.telemetry import Telemetry
from .runtime import Runtime
from .service import Job
from .serving import BLOCKED_SECONDS

C = TypeVar("C")

LOGGER = logging.getLogger("runtime")

MARGIN_SHARE = 0.1
LONGEST_MARGIN = 5.0
"""Seconds, and share of the deadline, that are kept for cleaning up before Cloud Run kills the container."""


async def work(job: Job[C], settings: Settings[C], telemetry: Telemetry, stop: Stop, booted: float) -> int:
    """Run the job under a span of its own until it ends, its deadline passes or it is told to stop.

    booted   when the process began, on time.monotonic: the deadline counts from there
    """
    contract, identity = settings.contract, settings.identity
    assert contract.job is not None
    runtime = Runtime(job, settings, telemetry, stop)
    pauses = CollectorPauses(telemetry.meters)
    monitor = LoopMonitor(BLOCKED_SECONDS, loop_lag(telemetry.meters))
    report = check_in(identity, contract.job, settings.options.sentry_dsn)
    duration = runtime.meter.create_histogram("runtime.job.duration", unit="s", description="How long the job ran.")
    started = time.monotonic()
    if report is not None:
        report("in_progress", None)
    code = FAILED
    try:
        attributes = {"job.attempt": contract.job.attempt}
        with runtime.tracer.start_as_current_span(f"job {job.name}", attributes=attributes) as span:
            LOGGER.info("%s %s begins", job.name, job.version)
            try:
                code = await _watched(job, runtime, span, _deadline(contract.job.deadline_seconds, booted))
            except BaseException:
                span.set_status(Status(StatusCode.ERROR))
                raise
            LOGGER.info("%s ended with %d after %.2f s", job.name, code, time.monotonic() - started)
        return code
    finally:
        took = time.monotonic() - started
        duration.record(took, {"outcome": "ok" if code == FINE else "error"})
        if report is not None:
            report("ok" if code == FINE else "error", took)
        await runtime.close(settings.options.shutdown_grace.total_seconds() * (1 - DRAINED))
        monitor.close()
        pauses.close()


def _deadline(seconds: int | None, booted: float) -> float | None:
    """When to end the job, on time.monotonic; None where nothing ends it."""
    return None if seconds is None else booted + seconds - min(LONGEST_MARGIN, seconds * MARGIN_SHARE)


async def _execute(job: Job[C], runtime: Runtime[C]) -> None:
    await runtime.open()
    await job.execute(runtime)


async def _watched(job: Job[C], runtime: Runtime[C], span: Span, deadline: float | None) -> int:
    task = asyncio.ensure_future(contained(_execute(job, runtime)))
    told = asyncio.ensure_future(runtime.stop.wait())
    left = None if deadline is None else max(0.0, deadline - time.monotonic())
    await asyncio.wait((task, told), timeout=left, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if task.done():
        return _outcome(job, task, span)

    reason = runtime.stop.reason or Reason("its deadline passed", FAILED)
    LOGGER.error("%s is ended: %s", job.name, reason.text)
    span.set_status(Status(StatusCode.ERROR, reason.text))
    grace = Budget(runtime.options.shutdown_grace.total_seconds()).until(DRAINED)
    await runtime.pieces.end(task, grace if runtime.stop.requested else LONGEST_MARGIN * CLOSED)
    if task.done() and not task.cancelled() and task.exception() is None:
        # It had finished, or it knows how to stop half-way and called that a success.
        return FINE
    return reason.exit_code


def _outcome(job: Job[C], task: asyncio.Future[None], span: Span) -> int:
    error = None if task.cancelled() else task.exception()
    if error is None and not task.cancelled():
        return FINE
    if error is None:
        LOGGER.critical("%s cancelled itself", job.name)
        code = FAILED
    else:
        code = failed(job.name, error)
        if not isinstance(error, Exited | ConfigurationError | UndeclaredResourceError):
            span.record_exception(error)
    if code != FINE:
        span.set_status(Status(StatusCode.ERROR))
    return code
