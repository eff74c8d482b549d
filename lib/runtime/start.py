"""All of `main`: `start(Service())`, `run_worker(Worker())` and `run_job(Job())`.

In this order, and nothing of the service's own code before its turn:

 1. the sanity check (`SANITY_CHECK=true`): name and version as JSON, exit 0
 2. the environment is read: contract, this library's options, the service's settings
 3. `--help` prints every variable that was asked for, exit 0
 4. everything that is wrong with the environment is reported at once, exit 2
 5. logs   6. error reports   7. traces and metrics
 8. the event loop (uvloop); SIGTERM, SIGINT and SIGUSR1; the monitor of the loop
 9. a job: the check-in and the root span; then what the spec declares is opened (runtime.provisioned)
    a service: `initialize`, then the port opens; a worker: `work`; a job: `execute`
10. until a signal, the end of the job, its deadline, or the death of a background task
11. a service drains, a worker and a job finish what they must not break off; background tasks end, resources close in reverse order, telemetry is flushed

Exit codes: 0 in order · 1 failed · 2 wrong environment or arguments · 128 + n cut off by signal n.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

import uvloop

from .boot import Settings, boot
from .contract import Kind
from .lifecycle import dump, signals
from .lifecycle.stop import FAILED, FINE, Stop
from .observability.error_reports import configure_error_reports
from .observability.logs import configure_logs
from .observability.telemetry import Telemetry, configure_telemetry
from .service import Job, Program, Service, Worker
from .serving import serve
from .staying import stay
from .working import work

C = TypeVar("C")

LOGGER = logging.getLogger("runtime")

FLUSH_SHARE = 0.15
"""Share of the grace in which telemetry has to be sent."""
LEFTOVER_SECONDS = 2.0
"""How long threads that somebody left running may hold the process up after everything is done."""


def start(service: Service[Any]) -> NoReturn:
    """Run a service until it is told to stop, then end the process."""

    async def main(settings: Settings[Any], telemetry: Telemetry, stop: Stop) -> int:
        return await serve(service, settings, telemetry, stop)

    _end(_run(service, "service", main))


def run_worker(worker: Worker[Any]) -> NoReturn:
    """Run a worker until it is told to stop, then end the process."""

    async def main(settings: Settings[Any], telemetry: Telemetry, stop: Stop) -> int:
        return await stay(worker, settings, telemetry, stop)

    _end(_run(worker, "worker", main))


def run_job(job: Job[Any]) -> NoReturn:
    """Run a job to its end, then end the process."""
    booted = time.monotonic()

    async def main(settings: Settings[Any], telemetry: Telemetry, stop: Stop) -> int:
        return await work(job, settings, telemetry, stop, booted)

    _end(_run(job, "job", main))


Main = Callable[[Settings[Any], Telemetry, Stop], Coroutine[Any, Any, int]]


def _run(program: Program[Any], kind: Kind, main: Main) -> int:
    """The exit code. However the program ends, what it has to tell is sent before this returns."""
    faulthandler.enable()
    settings = boot(program, kind, sys.argv[1:], os.environ)
    configure_logs(settings.identity, settings.options)
    error_reports = configure_error_reports(settings.identity, settings.options.sentry_dsn)
    telemetry = configure_telemetry(settings.identity, settings.options)
    if error_reports is not None:
        telemetry.flushes.append(error_reports)
    grace = settings.options.shutdown_grace.total_seconds()
    try:
        return _on_a_loop(settings, telemetry, grace, main)
    except SystemExit as exit:
        return _code_of(exit)
    except KeyboardInterrupt:
        return 130
    except BaseException as error:
        LOGGER.critical("crashed: %s", type(error).__name__, exc_info=error)
        return FAILED
    finally:
        if not telemetry.flush(grace * FLUSH_SHARE):
            LOGGER.warning("not all telemetry could be sent")


def _on_a_loop(settings: Settings[Any], telemetry: Telemetry, grace: float, main: Main) -> int:
    async def with_signals() -> int:
        loop = asyncio.get_running_loop()
        stop = Stop()
        signals.install(loop, stop, grace)
        dump.on_user_signal(loop)
        return await main(settings, telemetry, stop)

    loop = uvloop.new_event_loop()
    try:
        asyncio.set_event_loop(loop)
        return loop.run_until_complete(with_signals())
    finally:
        # Not asyncio.run: it waits for the threads of the default executor, for ever if need be.
        _cancel_the_rest(loop)


def _cancel_the_rest(loop: asyncio.AbstractEventLoop) -> None:
    rest = asyncio.all_tasks(loop)
    for task in rest:
        task.cancel()
    if rest:
        loop.run_until_complete(asyncio.wait(rest, timeout=1))


def _code_of(exit: SystemExit) -> int:
    """As the interpreter has it: no code is 0, a text is a failure and is shown."""
    if exit.code is None:
        return FINE
    if isinstance(exit.code, int):
        return exit.code
    LOGGER.critical("%s", exit.code)
    return FAILED


def _end(code: int) -> NoReturn:
    """End the process, also where a thread that is no daemon does not."""
    signals.force_after(LEFTOVER_SECONDS, code, "everything is done, but a thread goes on")
    sys.exit(code)
