"""Spans and durations of commands: their names alone, as keys and values are often about people.

https://opentelemetry.io/docs/specs/semconv/database/redis/
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import metrics, trace
from opentelemetry.trace import SpanKind, Status, StatusCode

tracer = trace.get_tracer("runtime.redis")
meter = metrics.get_meter("runtime.redis")

DURATION = meter.create_histogram(
    "db.client.operation.duration", unit="s", description="How long commands take, with their retries."
)


@contextmanager
def command(name: str, attributes: Mapping[str, Any]) -> Iterator[None]:
    """A span around one command or one pipeline."""
    recorded = {"db.system.name": "redis", "db.operation.name": name, **attributes}
    measured = {"db.system.name": "redis", "db.operation.name": name}
    started = time.perf_counter()
    with tracer.start_as_current_span(
        name, kind=SpanKind.CLIENT, attributes=recorded, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield
        except BaseException as error:
            measured["error.type"] = type(error).__name__
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
        finally:
            DURATION.record(time.perf_counter() - started, measured)
