"""Spans and durations of questions: the relation and the object's type, never who and which.

There are no agreed names for authorisation; these follow those for databases,
https://opentelemetry.io/docs/specs/semconv/database/
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import metrics, propagate, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

tracer = trace.get_tracer("runtime.authorization")
meter = metrics.get_meter("runtime.authorization")

OPERATION = "authorization.operation.name"
RELATION = "authorization.relation"
TYPE = "authorization.object.type"
SIZE = "authorization.batch.size"

DURATION = meter.create_histogram(
    "authorization.client.operation.duration", unit="s", description="How long answers take, with their retries."
)
RETRIES = meter.create_counter(
    "authorization.client.operation.retries", unit="{retry}", description="Calls that were done again."
)


@contextmanager
def operation(name: str, attributes: Mapping[str, str | int]) -> Iterator[Span]:
    """A span around one call with all its tries."""
    measured: dict[str, str | int] = {OPERATION: name}
    started = time.perf_counter()
    with tracer.start_as_current_span(
        f"authorization {name}", kind=SpanKind.CLIENT, attributes={**measured, **attributes},
        record_exception=False, set_status_on_exception=False,
    ) as span:  # fmt: skip
        try:
            yield span
        except BaseException as error:
            measured["error.type"] = type(error).__name__
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
        finally:
            DURATION.record(time.perf_counter() - started, measured)


def headers() -> dict[str, str]:
    """What tells the server which trace a request belongs to."""
    found: dict[str, str] = {}
    propagate.inject(found)
    return found
