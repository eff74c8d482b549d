"""The platform's OpenTelemetry collector: where it runs, and what of an instance it takes."""

from __future__ import annotations

from .model.environment import Environment
from .model.root import ServiceSpec
from .platform import Platform
from .platform.telemetry import Collector
from .workloads import WORKLOADS

CONTAINER = "opentelemetry-collector"
"""Longer than any name that a spec may give."""

OTLP_GRPC_PORT = 4317
OTLP_HTTP_PORT = 4318
HEALTH_PORT = 13133
PORTS = (OTLP_GRPC_PORT, OTLP_HTTP_PORT, HEALTH_PORT)

CPU = 1
MEMORY_MEBIBYTES = 512
"""What Cloud Run gives a container that asks for nothing, as Google's documentation has the collector run."""


def collector(spec: ServiceSpec, environment: Environment, platform: Platform) -> Collector | None:
    """The collector that runs beside the service there; None without one.

    Beside services only: nothing that is documented ends a job whose sidecar goes on (docs/adr/0019), and a worker pool has
    no probe by which to wait for one.
    """
    offered = platform.telemetry.collector
    if offered is None or not WORKLOADS[spec.service.kind].answers:
        return None
    wanted = environment.telemetry.collector
    return offered if (offered.by_default if wanted is None else wanted) else None
