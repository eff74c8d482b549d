"""Environments and contracts for tests."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from opentelemetry import metrics, trace

from ..boot import Settings, settings
from ..contract import Kind
from ..lifecycle.stop import Stop
from ..observability.telemetry import Telemetry
from ..runtime import Runtime
from ..service import Program

C = TypeVar("C")

NOTHING: Mapping[str, str] = MappingProxyType({})

SECRET = "a-diagnostics-secret"


def environment(
    name: str = "sample",
    kind: Kind = "service",
    *,
    on_platform: bool = False,
    variables: Mapping[str, str] = NOTHING,
) -> dict[str, str]:
    """Variables as the platform sets them (or as a developer's machine has them) and `variables`.

    The port is 0: the system gives a free one.
    """
    found = {
        "SERVICE_ID": name,
        "ENVIRONMENT_ID": "test",
        "TIER": "test",
        "GOOGLE_CLOUD_PROJECT": f"{name}-test-0000",
        "GOOGLE_CLOUD_REGION": "europe-west1",
        "DIAGNOSTICS_SECRET": SECRET,
    }
    if kind == "service":
        found["PORT"] = "0"
    if kind == "job" and on_platform:
        found["JOB_DEADLINE_SECONDS"] = "600"
    if on_platform:
        found["MSP"] = "true"
    return {**found, **variables}


def fake_settings(program: Program[C], kind: Kind = "service", variables: Mapping[str, str] = NOTHING) -> Settings[C]:
    """A program's settings as it would read them from `environment(…)`. Raises ConfigurationError as it would, too."""
    return settings(program, kind, environment(program.name, kind, variables=variables))


def fake_runtime(
    program: Program[C],
    kind: Kind = "service",
    telemetry: Telemetry | None = None,
    variables: Mapping[str, str] = NOTHING,
) -> Runtime[C]:
    """What `initialize` and `execute` are handed. Call it while an event loop runs, and close it.

    `await runtime.open()` where the test wants what `variables` declare.
    """
    read = fake_settings(program, kind, variables)
    silent = Telemetry(trace.NoOpTracerProvider(), metrics.NoOpMeterProvider())
    return Runtime(program, read, telemetry or silent, Stop())
