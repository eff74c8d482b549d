"""Traces and metrics over OTLP/HTTP: to a collector, or on the platform to Google's own endpoint; else nothing is sent."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from ..contract import Options
from ..contract.options import header_pairs
from ..identity import Identity
from . import propagation

if TYPE_CHECKING:
    import requests

LOGGER = logging.getLogger("runtime.telemetry")

GOOGLE = "https://telemetry.googleapis.com"
"""https://cloud.google.com/stackdriver/docs/reference/telemetry/overview"""
SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)

EXPORT_SECONDS = 5.0
"""How long one export may take: less than a stop has."""
METRIC_SECONDS = 60.0
"""How often metrics are sent; Cloud Monitoring takes a point per series at most every 5 s."""


@dataclass
class Telemetry:
    """What is sent, and how to send the rest of it before the process ends."""

    tracers: trace.TracerProvider
    meters: metrics.MeterProvider
    flushes: list[Callable[[float], object]] = field(default_factory=list)
    """Each sends what it still holds, in at most so many seconds."""

    def flush(self, seconds: float) -> bool:
        """Send everything, all at the same time. False where something was left when the time was up.

        In threads of their own, which do not keep the process alive: an endpoint that does not answer must not.
        """
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=_quietly, args=(one, seconds), daemon=True) for one in self.flushes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)


def _quietly(flush: Callable[[float], object], seconds: float) -> None:
    try:
        flush(seconds)
    except Exception as error:
        LOGGER.warning("telemetry was not sent: %s", error)


def configure_telemetry(identity: Identity, options: Options) -> Telemetry:
    """Decide where telemetry goes and make it the process's. Never raises for want of a network or of credentials."""
    propagation.install()
    destination = _destination(identity, options)
    if destination is None:
        return Telemetry(trace.NoOpTracerProvider(), metrics.NoOpMeterProvider())
    # Imported where something is sent: they bring requests and protobuf.
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    base, settings = destination
    spans = OTLPSpanExporter(endpoint=f"{base}/v1/traces", timeout=EXPORT_SECONDS, **settings)
    points = OTLPMetricExporter(endpoint=f"{base}/v1/metrics", timeout=EXPORT_SECONDS, **settings)
    return install(
        replace(identity, name=options.telemetry_name or identity.name),
        options.trace_ratio,
        [BatchSpanProcessor(spans)],
        [PeriodicExportingMetricReader(points, export_interval_millis=METRIC_SECONDS * 1000)],
    )


def install(
    identity: Identity,
    trace_ratio: float,
    processors: Sequence[SpanProcessor],
    readers: Sequence[MetricReader],
    ids: IdGenerator | None = None,
) -> Telemetry:
    """Providers that feed these; also the global ones, once per process, for libraries that look there."""
    resource = Resource.create(attributes(identity))
    # Ends of the process are lifecycle's business: it flushes in a time that it knows.
    tracers = TracerProvider(
        resource=resource, sampler=ParentBased(TraceIdRatioBased(trace_ratio)), id_generator=ids, shutdown_on_exit=False
    )
    for processor in processors:
        tracers.add_span_processor(processor)
    meters = MeterProvider(metric_readers=readers, resource=resource, shutdown_on_exit=False)
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        trace.set_tracer_provider(tracers)
        metrics.set_meter_provider(meters)
    return Telemetry(
        tracers,
        meters,
        [
            lambda seconds: tracers.force_flush(int(seconds * 1000)),
            lambda seconds: meters.force_flush(seconds * 1000),
        ],
    )


def attributes(identity: Identity) -> dict[str, str]:
    """https://opentelemetry.io/docs/specs/semconv/resource/ ; Google's endpoint wants gcp.project_id."""
    found = {
        "service.name": identity.name,
        "service.version": identity.version,
        "service.instance.id": str(uuid.uuid4()),
        "deployment.environment.name": identity.environment,
        "deployment.environment": identity.environment,
    }
    if identity.on_platform:
        found |= {
            "cloud.provider": "gcp",
            "cloud.platform": "gcp_cloud_run",
            "cloud.account.id": identity.project,
            "cloud.region": identity.region,
            "gcp.project_id": identity.project,
            "faas.name": identity.name,
        }
    if identity.revision:
        found["faas.version"] = identity.revision
    if identity.execution:
        found["gcp.cloud_run.job.execution"] = identity.execution
    return found


def _destination(identity: Identity, options: Options) -> tuple[str, dict[str, Any]] | None:
    """Base URL and the exporters' settings; None where nothing is sent."""
    if options.telemetry_disabled:
        return None
    if options.otlp_endpoint is not None:
        return options.otlp_endpoint.rstrip("/"), {"headers": dict(header_pairs(options.otlp_headers))}
    if not identity.on_platform:
        return None
    session = _google_session()
    return None if session is None else (GOOGLE, {"session": session})


def _google_session() -> requests.Session | None:
    """A session that signs in as the workload; None, and a warning, where there is no identity."""
    import google.auth
    from google.auth.exceptions import GoogleAuthError
    from google.auth.transport.requests import AuthorizedSession

    try:
        credentials, _ = google.auth.default(scopes=SCOPES)
    except GoogleAuthError as error:
        LOGGER.warning("no traces and metrics: no identity of Google here (%s)", error)
        return None
    session: requests.Session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
    return session
