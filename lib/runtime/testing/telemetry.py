"""Spans, metrics and log lines, kept in memory instead of sent."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader, NumberDataPoint
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from ..identity import Identity
from ..observability import propagation
from ..observability.cloud_logging import CloudLoggingFormatter
from ..observability.telemetry import Telemetry, install
from .fixed import CountingIds

SOMEBODY = Identity(
    name="sample",
    version="1.0",
    environment="test",
    project="sample-test-0000",
    region="europe-west1",
    on_platform=False,
)


class CapturedTelemetry:
    """What a service would have sent; `telemetry` is what to hand to it."""

    def __init__(self, identity: Identity = SOMEBODY, trace_ratio: float = 1.0) -> None:
        self._spans = InMemorySpanExporter()
        self._metrics = InMemoryMetricReader()
        self.telemetry: Telemetry = install(
            identity, trace_ratio, [SimpleSpanProcessor(self._spans)], [self._metrics], CountingIds()
        )
        propagation.install()

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """Those that ended, in that order."""
        return self._spans.get_finished_spans()

    def span(self, name: str) -> ReadableSpan:
        """The one span of that name."""
        (found,) = (span for span in self.spans if span.name == name)
        return found

    def metric(self, name: str) -> list[NumberDataPoint | HistogramDataPoint]:
        """The points of a metric as they are now; none where nothing was recorded."""
        data = self._metrics.get_metrics_data()
        if data is None:
            return []
        return [
            point
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
            if isinstance(point, NumberDataPoint | HistogramDataPoint)
        ]


class CapturedLogs:
    """Log lines as the platform would see them."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]

    @property
    def messages(self) -> list[str]:
        return [entry["message"] for entry in self.entries]


@contextmanager
def captured_logs(identity: Identity = SOMEBODY, level: int = logging.DEBUG) -> Iterator[CapturedLogs]:
    """Everything logged in this block, as JSON lines; other handlers see it too."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(CloudLoggingFormatter(identity))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(level)
    try:
        yield CapturedLogs(stream)
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
