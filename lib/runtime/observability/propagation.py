"""Which trace a request belongs to: W3C's headers first, then those that Google's load balancer adds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from opentelemetry import propagate, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.textmap import (
    CarrierT,
    Getter,
    Setter,
    TextMapPropagator,
    default_getter,
    default_setter,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

HEADER = "x-cloud-trace-context"

# https://cloud.google.com/trace/docs/trace-context#http-requests : TRACE_ID/SPAN_ID;o=OPTIONS, the span in decimal.
VALUE = re.compile(r"(?P<trace>[0-9a-fA-F]{32})(?:/(?P<span>\d{1,20}))?(?:;o=(?P<options>[0-3]))?")


class CloudTraceHeader(TextMapPropagator):
    """Reads X-Cloud-Trace-Context where no W3C header was; never writes it, as Google's own services read W3C's."""

    def extract(
        self, carrier: CarrierT, context: Context | None = None, getter: Getter[CarrierT] = default_getter
    ) -> Context:
        context = Context() if context is None else context
        if trace.get_current_span(context).get_span_context().is_valid:
            return context
        found = getter.get(carrier, HEADER)
        match = VALUE.fullmatch(found[0].strip()) if found else None
        if match is None:
            return context
        span = trace.SpanContext(
            trace_id=int(match["trace"], 16),
            # A trace without a span still is the trace: any span that is not zero is valid.
            span_id=int(match["span"] or 0) or 1,
            is_remote=True,
            trace_flags=trace.TraceFlags(int(match["options"] or 0) & 1),
        )
        if not span.is_valid:
            return context
        return trace.set_span_in_context(trace.NonRecordingSpan(span), context)

    def inject(
        self, carrier: CarrierT, context: Context | None = None, setter: Setter[CarrierT] = default_setter
    ) -> None:
        return None

    @property
    def fields(self) -> set[str]:
        return {HEADER}


class HeaderGetter(Getter[Mapping[bytes, bytes]]):
    """Reads ASGI headers that were put into a mapping."""

    def get(self, carrier: Mapping[bytes, bytes], key: str) -> list[str] | None:
        value = carrier.get(key.encode("ascii"))
        return None if value is None else [value.decode("latin-1")]

    def keys(self, carrier: Mapping[bytes, bytes]) -> list[str]:
        return [name.decode("latin-1") for name in carrier]


PROPAGATOR = CompositePropagator([TraceContextTextMapPropagator(), CloudTraceHeader(), W3CBaggagePropagator()])
CARRIERS = (b"traceparent", HEADER.encode(), b"baggage", b"tracestate")
HEADERS = HeaderGetter()


def install() -> None:
    """Make it what instrumented clients inject."""
    propagate.set_global_textmap(PROPAGATOR)
