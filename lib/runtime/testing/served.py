"""A service in this process on a free port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from opentelemetry import metrics, trace

from ..lifecycle.stop import Reason, Stop
from ..observability.telemetry import Telemetry
from ..service import Service
from ..serving import serve as run
from .contracts import NOTHING, SECRET, fake_settings
from .telemetry import CapturedTelemetry

C = TypeVar("C")


@dataclass(frozen=True)
class Served:
    """A service that answers."""

    url: str
    """Without a slash at its end."""
    stop: Stop
    done: asyncio.Task[int]
    """Ends with the service's exit code."""
    authorization: dict[str, str] = field(default_factory=lambda: {"authorization": f"Bearer {SECRET}"})
    """The header that opens the diagnostic pages."""


@asynccontextmanager
async def serve(
    service: Service[C], telemetry: CapturedTelemetry | None = None, variables: Mapping[str, str] = NOTHING
) -> AsyncIterator[Served]:
    """Boot it with a fake environment and `variables` over it; stopped in order at the end of the block.

    Raises RuntimeError where it does not come up; the log says why.
    """
    silent = Telemetry(trace.NoOpTracerProvider(), metrics.NoOpMeterProvider())
    stop = Stop()
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    settings = fake_settings(service, variables={"DRAIN_DELAY": "1ms", **variables})
    used = telemetry.telemetry if telemetry is not None else silent
    done = asyncio.ensure_future(run(service, settings, used, stop, ready.set_result))
    await asyncio.wait((ready, done), return_when=asyncio.FIRST_COMPLETED)
    if not ready.done():
        raise RuntimeError(f"{service.name} ended with {done.result()} before it served")
    try:
        yield Served(url=f"http://127.0.0.1:{ready.result()}", stop=stop, done=done)
    finally:
        stop.request(Reason("the test is over", 0))
        await done
