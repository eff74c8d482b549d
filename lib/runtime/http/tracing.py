"""A span and a measurement for each request, by OpenTelemetry's stable conventions.

https://opentelemetry.io/docs/specs/semconv/http/ . The packaged middleware puts whole URLs into spans, queries with their
tokens included, and paths with their ids into metrics; here is what is safe to store and cheap to keep.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.metrics import MeterProvider
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, TracerProvider

from ..observability import propagation
from ..service import Scope

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
"""Others are `_OTHER`, so that a caller can't make as many series as it likes."""

DURATIONS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""The conventions' bounds, seconds."""


class RequestSpan:
    """The span of one request and its measurement."""

    __slots__ = ("_method", "_scope", "_started", "_telemetry", "_token", "span")

    def __init__(self, telemetry: RequestTelemetry, scope: Scope) -> None:
        method = scope.get("method", "GET")
        self._method = method if method in METHODS else "_OTHER"
        self._telemetry = telemetry
        self._scope = scope
        self._started = telemetry.clock()
        carrier = {name: value for name, value in scope["headers"] if name in propagation.CARRIERS}
        parent = propagation.PROPAGATOR.extract(carrier, contexts.Context(), propagation.HEADERS) if carrier else None
        self.span: Span = telemetry.tracer.start_span(
            self._method,
            context=parent if parent is not None else contexts.Context(),
            kind=SpanKind.SERVER,
            attributes={
                "http.request.method": self._method,
                "url.path": scope["path"],
                "url.scheme": scope.get("scheme", "http"),
                "network.protocol.version": scope.get("http_version", "1.1"),
            },
        )
        self._token = contexts.attach(trace.set_span_in_context(self.span, parent))
        telemetry.active.add(1)

    def end(self, status: int, error: BaseException | None) -> float:
        """The seconds that it took. `status` is 0 where no response began."""
        telemetry, span, scope = self._telemetry, self.span, self._scope
        seconds = telemetry.clock() - self._started
        attributes: dict[str, Any] = {"http.request.method": self._method, "http.response.status_code": status}
        route = getattr(scope.get("route"), "path", None)
        if isinstance(route, str):
            attributes["http.route"] = route
        if status >= 500 or error is not None:
            attributes["error.type"] = str(status) if error is None else type(error).__qualname__
        telemetry.duration.record(seconds, attributes)
        telemetry.active.add(-1)
        if span.is_recording():
            span.set_attributes(attributes)
            if isinstance(route, str):
                span.update_name(f"{self._method} {route}")
            if error is not None:
                span.record_exception(error)
            if "error.type" in attributes:
                span.set_status(Status(StatusCode.ERROR))
        span.end()
        contexts.detach(self._token)
        return seconds


class RequestTelemetry:
    """What every request is measured with."""

    def __init__(
        self, tracers: TracerProvider, meters: MeterProvider, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        meter = meters.get_meter("runtime.http")
        self.clock = clock
        self.tracer = tracers.get_tracer("runtime.http")
        self.active = meter.create_up_down_counter(
            "http.server.active_requests", unit="{request}", description="Requests that are being answered."
        )
        self.duration = meter.create_histogram(
            "http.server.request.duration",
            unit="s",
            description="How long requests took.",
            explicit_bucket_boundaries_advisory=DURATIONS,
        )
