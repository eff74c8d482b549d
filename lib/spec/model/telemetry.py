"""`environments[].telemetry`: what is seen of the service from within."""

from __future__ import annotations

from .base import Section, key


class Telemetry(Section):
    """What is seen of the service from within."""

    collector: bool | None = key(
        "Whether the platform's OpenTelemetry collector runs beside the service: it takes OTLP at localhost and writes"
        " traces to Cloud Trace and metrics to Managed Service for Prometheus. It takes one CPU and 512Mi. Without it, the"
        " variables that begin with OTEL_ may be set under `env`.",
        default=None,
        default_text="as `telemetry.collector.byDefault` of platform.yaml says",
        source="https://cloud.google.com/stackdriver/docs/instrumentation/opentelemetry-collector-cloud-run",
    )
