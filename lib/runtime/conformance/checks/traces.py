"""Traces: a request's span is its caller's child, and the caller's decision counts."""

from __future__ import annotations

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from ..bench import Bench
from ..outcome import Check, expect


def traces(bench: Bench) -> None:
    instance = bench.ready()
    header, trace, caller = bench.evidence.traceparent()
    dropped, unwanted, _ = bench.evidence.traceparent(sampled=False)
    path = bench.subject.paths[0]
    for value in (header, dropped):
        instance.asked(path, {**bench.subject.headers, "traceparent": value})
    # What is left is sent before the end.
    instance.stop()
    spans = bench.collector.spans
    ours = [span for span in spans if span.trace_id.hex() == trace]
    expect(bool(ours), "no span of a request's trace arrives", f"spans: {len(spans)}")
    expect(
        any(span.parent_span_id.hex() == caller and span.kind == Span.SPAN_KIND_SERVER for span in ours),
        "the span of a request is not its caller's child",
        ", ".join(f"{span.name} {span.parent_span_id.hex()}" for span in ours),
    )
    expect(
        not any(span.trace_id.hex() == unwanted for span in spans), "a trace that its caller does not keep is sent"
    )
    expected = instance.environment.get("OTEL_SERVICE_NAME") or bench.subject.id
    found = bench.collector.resource.get("service.name")
    expect(found == expected, "traces have another service's name", f"found {found!r}, expected {expected!r}")


CHECKS = (
    Check(
        "traces",
        "A request with `traceparent` becomes a span below its caller's, kept or not as the caller has it, and is sent"
        " before the process ends.",
        traces,
        ("service",),
    ),
)
