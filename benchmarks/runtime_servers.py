"""The servers that benchmark d compares, each answering `/` with a few bytes: `runtime_servers.py stock|same|runtime`.

stock     a bare ASGI application in OpenTelemetry's own ASGI middleware
same      the bare application in the span and the measurement that lib/runtime makes, and nothing else of it
runtime   the application as a service of lib/runtime

All of them: uvicorn with uvloop and httptools, the same exporters to the same collector.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

BODY = b"hello, world"
HEADERS = [(b"content-type", b"text/plain"), (b"content-length", str(len(BODY)).encode())]


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": BODY})


def stock() -> None:
    """As the documentation of OpenTelemetry has it."""
    import uvicorn
    from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware

    tracers, meters = providers()
    app = OpenTelemetryMiddleware(
        hello, tracer_provider=tracers, meter_provider=meters, exclude_spans=["receive", "send"]
    )
    uvicorn.run(app, port=int(os.environ["PORT"]), loop="uvloop", http="httptools", access_log=False, log_level="error")


def same() -> None:
    import uvicorn

    from runtime.http.tracing import RequestSpan, RequestTelemetry

    telemetry = RequestTelemetry(*providers())

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        span = RequestSpan(telemetry, scope)
        await hello(scope, receive, send)
        span.end(200, None)

    uvicorn.run(app, port=int(os.environ["PORT"]), loop="uvloop", http="httptools", access_log=False, log_level="error")


def providers() -> tuple[Any, Any]:
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    tracers = TracerProvider()
    tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return tracers, MeterProvider(metric_readers=[PeriodicExportingMetricReader(OTLPMetricExporter())])


def runtime() -> None:
    from runtime import App, Runtime, Service, start

    class Hello(Service[Any]):
        name = "hello"

        async def initialize(self, runtime: Runtime[Any]) -> App:
            return hello  # type: ignore[return-value]

    start(Hello())


if __name__ == "__main__":
    # A service takes no arguments.
    {"stock": stock, "same": same, "runtime": runtime}[sys.argv.pop()]()
