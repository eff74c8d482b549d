"""A service from its settings to its end, on the running event loop: what `start` runs, and what tests boot."""

from __future__ import annotations

import asyncio
import errno
import logging
import time
from collections.abc import Callable
from typing import TypeVar

from .boot import Settings
from .http.diagnostics import Diagnostics
from .http.guard import Guard
from .http.server import Server, listen
from .http.tracing import RequestTelemetry
from .lifecycle.blocked import LoopMonitor
from .lifecycle.budget import CLOSED, Budget
from .lifecycle.failures import failed
from .lifecycle.stop import FAILED, FINE, MISUSED, Reason, Stop, contained
from .observability.process_metrics import CollectorPauses, loop_lag
from .observability.telemetry import Telemetry
from .runtime import Runtime
from .service import App, Service

C = TypeVar("C")

LOGGER = logging.getLogger("runtime")

BLOCKED_SECONDS = 0.5
"""For how long the event loop may be blocked before that is worth a warning."""


async def serve(
    service: Service[C],
    settings: Settings[C],
    telemetry: Telemetry,
    stop: Stop,
    ready: Callable[[int], None] = lambda port: None,
) -> int:
    """Initialize, serve until told to stop, drain, and close everything. Returns the exit code.

    ready   told the port once requests are answered
    """
    contract, options = settings.contract, settings.options
    runtime = Runtime(service, settings, telemetry, stop)
    pauses = CollectorPauses(telemetry.meters)
    monitor = LoopMonitor(BLOCKED_SECONDS, loop_lag(telemetry.meters))
    budget: list[Budget] = []

    def stopping() -> Budget:
        """The budget of the stop, which begins with the first call."""
        if not budget:
            budget.append(Budget(options.shutdown_grace.total_seconds(), time.monotonic))
        return budget[0]

    started = time.monotonic()
    try:
        app = await _initialized(service, runtime)
        if isinstance(app, int):
            return app
        host = "0.0.0.0" if contract.on_platform else "127.0.0.1"
        try:
            bound = listen(host, contract.port)
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            LOGGER.critical("PORT: %d %s", contract.port, "is taken: set another" if taken else error.strerror)
            return MISUSED
        port = bound.getsockname()[1]

        def announce() -> None:
            LOGGER.info(
                "%s %s serves on http://%s:%d after %.2f s", service.name, service.version, host, port,
                time.monotonic() - started,
            )  # fmt: skip
            ready(port)

        guarded = Guard(
            app,
            service.limits,
            RequestTelemetry(telemetry.tracers, telemetry.meters),
            lambda: stop.requested,
            access_log=options.log_format == "text",
        )
        pages = Diagnostics(
            guarded,
            settings.identity,
            contract.diagnostics_secret,
            runtime.health,
            contract.operations_guide,
            lambda: not stop.requested,
        )
        await Server(pages, stop, announce, stopping, options.drain_delay.total_seconds()).serve([bound])
        reason = stop.reason or Reason("the application's own start failed", FAILED)
        LOGGER.info("stopped: %s", reason.text)
        return exit_code(reason)
    finally:
        await runtime.close(stopping().until(CLOSED))
        monitor.close()
        pauses.close()


async def _begin(service: Service[C], runtime: Runtime[C]) -> App:
    await runtime.open()
    return await service.initialize(runtime)


async def _initialized(service: Service[C], runtime: Runtime[C]) -> App | int:
    """The application, or the exit code where the service failed or was told to stop first."""
    work = asyncio.ensure_future(contained(_begin(service, runtime)))
    told = asyncio.ensure_future(runtime.stop.wait())
    await asyncio.wait((work, told), return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not work.done():
        reason = told.result() if told.done() else await runtime.stop.wait()
        LOGGER.info("told to stop while starting: %s", reason.text)
        work.cancel()
        await asyncio.wait((work,))
        return exit_code(reason)
    error = work.exception()
    if error is None:
        return work.result()
    return failed(service.name, error, starting=True)


def exit_code(reason: Reason) -> int:
    """Of a service: being told to stop is no failure."""
    return FINE if reason.signal is not None else reason.exit_code
