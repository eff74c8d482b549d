"""Spans and durations of statements, by OpenTelemetry's names: https://opentelemetry.io/docs/specs/semconv/database/

A span has the statement's text, without its arguments. Errors leave their code, not their text: PostgreSQL quotes values
in it ("Key (email)=(…) already exists").
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from opentelemetry import metrics, trace
from opentelemetry.trace import SpanKind, Status, StatusCode
from psycopg import sql

tracer = trace.get_tracer("runtime.postgres")
meter = metrics.get_meter("runtime.postgres")

DURATION = meter.create_histogram(
    "db.client.operation.duration", unit="s", description="How long statements take, until their first answer."
)

MAX_TEXT = 4096
MAX_ARGUMENT = 240


@contextmanager
def statement(target: Mapping[str, str | int], query: object, arguments: object = None) -> Iterator[None]:
    """A span around one statement.

    target     attributes of the database
    arguments  None unless they are wanted in the trace
    """
    text = query_text(query)
    words = text.split(None, 1)
    operation = words[0].upper().rstrip(";") if words else "EMPTY"
    attributes: dict[str, Any] = {**target, "db.operation.name": operation}
    recorded = {**attributes, "db.query.text": text[:MAX_TEXT], **_arguments(arguments)}
    started = time.perf_counter()
    with tracer.start_as_current_span(
        f"{operation} {target.get('db.namespace', '')}",
        kind=SpanKind.CLIENT,
        attributes=recorded,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except BaseException as error:
            code = getattr(error, "sqlstate", None)
            attributes["error.type"] = code or type(error).__name__
            span.set_attribute("error.type", attributes["error.type"])
            if code is not None:
                span.set_attribute("db.response.status_code", code)
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
        finally:
            DURATION.record(time.perf_counter() - started, attributes)


def query_text(query: object) -> str:
    """A statement's text with `?` for each value that was put into it."""
    if isinstance(query, str):
        return query.strip()
    if isinstance(query, bytes):
        return query.decode(errors="replace").strip()
    if isinstance(query, sql.Composed):
        return "".join(query_text(part) for part in query).strip()
    if isinstance(query, sql.Literal):
        return "?"
    if isinstance(query, sql.Composable):
        # The spaces around a part of a statement belong to it.
        return query.as_string(None)
    # A template string (Python 3.14): its fixed parts.
    return "?".join(str(part) for part in getattr(query, "strings", ("(statement)",)))


def _arguments(arguments: object) -> dict[str, str]:
    """https://opentelemetry.io/docs/specs/semconv/registry/attributes/db/#db-query-parameter"""
    if isinstance(arguments, Mapping):
        pairs: Sequence[tuple[object, object]] = tuple(arguments.items())
    elif isinstance(arguments, Sequence) and not isinstance(arguments, (str, bytes)):
        pairs = tuple(enumerate(arguments))
    else:
        return {}
    return {f"db.query.parameter.{name}": str(value)[:MAX_ARGUMENT] for name, value in pairs}
