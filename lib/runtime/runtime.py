"""What a service is handed when it starts: its settings, what the platform gave it, and a hand on its own life."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from opentelemetry.metrics import Meter
from opentelemetry.trace import Tracer

from .contract import undeclared
from .extras import missing_package
from .google_identity import GoogleIdentity, google_identity
from .health import Check, Health
from .lifecycle.background import Background, Restart
from .lifecycle.pieces import Pieces
from .lifecycle.stop import Stop
from .observability.telemetry import Telemetry
from .provisioned import Provisioned, provisions
from .resource import Resource

if TYPE_CHECKING:
    from .boot import Settings
    from .oidc import Accounts  # pants: no-infer-dep
    from .service import Program

C = TypeVar("C")
R = TypeVar("R", bound=Resource)

LOGGER = logging.getLogger("runtime")

OPEN_SECONDS = 30.0
"""How long a resource may take to open: less than the startup probe waits by default."""


class Runtime(Provisioned, Generic[C]):
    """One per process (in tests one per service that a test boots)."""

    def __init__(self, program: Program[C], settings: Settings[C], telemetry: Telemetry, stop: Stop) -> None:
        self.program: Program[C] = program
        self.identity = identity = settings.identity
        self.contract = settings.contract
        self.options = settings.options
        self.config = settings.config
        self.telemetry = telemetry
        self.tracer: Tracer = telemetry.tracers.get_tracer(identity.name, identity.version)
        self.meter: Meter = telemetry.meters.get_meter(identity.name, identity.version)
        self.health = Health()
        self.stop = stop
        self.pieces = Pieces(stop)
        self._background = Background(stop)
        self.opened: dict[str, Any] = {}
        self._resources: list[Resource] = []

    @cached_property
    def google_identity(self) -> GoogleIdentity:
        """The workload's own: one for the whole process, so that all its resources share their tokens."""
        return google_identity(on_platform=self.contract.on_platform)

    @cached_property
    def oidc(self) -> Accounts:
        """Signing people in, and telling callers apart: imported on first use, closed with the runtime."""
        try:
            accounts = import_module(f"{__package__}.oidc.accounts").accounts
        except ModuleNotFoundError as error:
            if error.name not in (f"{__package__}.oidc", f"{__package__}.oidc.accounts"):
                raise
            raise missing_package("oidc") from None
        found: Accounts = accounts(self)
        self._resources.append(found)
        return found

    def bucket(self, name: str) -> str:
        """The bucket that the spec calls `name`. UndeclaredResourceError with the lines to add where it declares none; the
        same goes for topics, subscriptions and queues, which come with their full names."""
        return _look_up("bucket", self.contract.buckets, name)

    def topic(self, name: str) -> str:
        return _look_up("topic", self.contract.topics, name)

    def subscription(self, name: str) -> str:
        return _look_up("subscription", self.contract.subscriptions, name)

    def queue(self, name: str) -> str:
        return _look_up("queue", self.contract.queues, name)

    async def open(self) -> None:
        """Open what the environment has of `Provisioned`; done before the program's own code runs, in tests by the test."""
        for provision in provisions():
            if provision.declared(self):
                self.opened[provision.name] = await provision.open(self)

    async def use(self, resource: R, seconds: float = OPEN_SECONDS, *, needed: bool = True) -> R:
        """Open a resource; from now on it is on the health page, and it is closed after the last request.

        needed   whether the instance is not ready while it can't be used

        TimeoutError where it does not open within so many seconds.
        """
        self._resources.append(resource)
        try:
            async with asyncio.timeout(seconds) as limit:
                await resource.open()
        except TimeoutError:
            if limit.expired():
                raise TimeoutError(f"{resource.name} did not open within {seconds:g} s") from None
            raise
        self.health.add(resource.name, resource.check, needed=needed)
        return resource

    def check(self, name: str, check: Check, *, needed: bool = True) -> None:
        """Something else that the service needs to be ready, or only shows on its health page; `check` raises with a
        one-line reason while it can't be used."""
        self.health.add(name, check, needed=needed)

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

    def uninterrupted(self) -> AbstractAsyncContextManager[None]:
        """`async with runtime.uninterrupted():` around what a worker or a job should finish when the process is told to
        stop: one message, one file. It has half of SHUTDOWN_GRACE, and no other begins meanwhile."""
        return self.pieces.piece()

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


def _look_up(kind: str, declared: Mapping[str, str], name: str) -> str:
    if name not in declared:
        raise undeclared(kind, name)
    return declared[name]
