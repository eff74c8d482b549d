"""Tasks beside the requests: each is watched, and one that dies ends the process unless it may be started again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .stop import FAILED, Exited, Reason, Stop, contained

LOGGER = logging.getLogger("runtime.background")


@dataclass(frozen=True)
class Restart:
    """Start the task again after it died: after `first` seconds, then twice as long each time, at most `longest`.

    A task that ran for longer than `longest` before it died begins with `first` again.
    """

    first: float = 0.5
    longest: float = 30.0

    def delay(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row."""
        return float(min(self.longest, self.first * 2 ** min(failures - 1, 30)))


class Background:
    """The background tasks of one process."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, name: str, run: Callable[[], Awaitable[object]], restart: Restart | None, may_end: bool) -> None:
        """Run it until the process stops. It is cancelled then, and has the time that a stop has left to clean up."""
        watched = self._once(name, run, may_end) if restart is None else self._again(name, run, restart, may_end)
        task = asyncio.get_running_loop().create_task(watched, name=f"background {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, seconds: float) -> None:
        """Cancel what runs and wait for it, for so long."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                LOGGER.error("%s did not stop in time", task.get_name())

    async def _once(self, name: str, run: Callable[[], Awaitable[object]], may_end: bool) -> None:
        try:
            await contained(run())
        except Exited as error:
            LOGGER.critical("background task %s ends the process: %s", name, error)
            self._stop.request(Reason(f"background task {name} called sys.exit", error.exit_code))
            return
        except Exception as error:
            LOGGER.critical("background task %s died: the process stops", name, exc_info=error)
            self._stop.request(Reason(f"background task {name} died", FAILED))
            return
        if not may_end and not self._stop.requested:
            LOGGER.critical("background task %s ended, which it never should: the process stops", name)
            self._stop.request(Reason(f"background task {name} ended", FAILED))

    async def _again(self, name: str, run: Callable[[], Awaitable[object]], restart: Restart, may_end: bool) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            started = loop.time()
            try:
                await contained(run())
            except Exception as error:
                failures = 1 if loop.time() - started > restart.longest else failures + 1
                delay = restart.delay(failures)
                LOGGER.error("background task %s died: again in %g s", name, delay, exc_info=error)
            else:
                if may_end:
                    return
                failures += 1
                delay = restart.delay(failures)
                LOGGER.error("background task %s ended, which it never should: again in %g s", name, delay)
            await asyncio.sleep(delay)
