"""What a service is handed when it starts: its settings, what the platform gave it, and a hand on its own life."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from opentelemetry.metrics import Meter
from opentelemetry.trace import Tracer

from .contract import Contract, Options
from .health import Check, Health
from .identity import Identity
from .lifecycle.background import Background, Restart
from .lifecycle.stop import Stop
from .observability.telemetry import Telemetry
from .resource import Resource

C = TypeVar("C")
R = TypeVar("R", bound=Resource)

LOGGER = logging.getLogger("runtime")

OPEN_SECONDS = 30.0
"""How long a resource may take to open: less than the startup probe waits by default."""


class Runtime(Generic[C]):
    """One per process (in tests one per service that a test boots)."""

    def __init__(
        self, identity: Identity, contract: Contract, options: Options, config: C, telemetry: Telemetry, stop: Stop
    ) -> None:
        self.identity = identity
        self.contract = contract
        self.options = options
        self.config = config
        self.telemetry = telemetry
        self.tracer: Tracer = telemetry.tracers.get_tracer(identity.name, identity.version)
        self.meter: Meter = telemetry.meters.get_meter(identity.name, identity.version)
        self.health = Health()
        self.stop = stop
        self._background = Background(stop)
        self._resources: list[Resource] = []

    async def use(self, resource: R, seconds: float = OPEN_SECONDS) -> R:
        """Open a resource; from now on it counts for readiness, and it is closed after the last request.

        TimeoutError where it does not open within so many seconds.
        """
        self._resources.append(resource)
        async with asyncio.timeout(seconds):
            await resource.open()
        self.health.add(resource.name, resource.check)
        return resource

    def check(self, name: str, check: Check) -> None:
        """Something else that the service needs to be ready; `check` raises with a one-line reason while it is not."""
        self.health.add(name, check)

    def background(
        self,
        name: str,
        run: Callable[[], Awaitable[object]],
        *,
        restart: Restart | None = None,
        may_end: bool = False,
    ) -> None:
        """Run something beside the requests until the process stops.

        The process stops with exit code 1 when it dies, or when it ends although it may not; with `restart` it is started
        again instead.
        """
        self._background.start(name, run, restart, may_end)

    async def close(self, seconds: float) -> None:
        """Cancel the background tasks, then close the resources, the last one first, all within so many seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        await self._background.close(seconds / 2)
        for resource in reversed(self._resources):
            try:
                async with asyncio.timeout(max(0.05, until - loop.time())):
                    await resource.close()
            except Exception as error:
                LOGGER.error("%s was not closed: %s", resource.name, str(error) or type(error).__name__)
        self._resources.clear()
