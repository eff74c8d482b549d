"""What the gateway tells of itself: numbers and names, nothing of a prompt or an answer.

Names follow OpenTelemetry's conventions: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
"""

from __future__ import annotations

from typing import Any

from opentelemetry.metrics import Meter
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer

from gateway.requests import Prompt
from gateway.stream.usage import Usage

FIRST_TOKEN = (0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 20, 40, 80)
DURATION = (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
TOKENS = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144)


class Measures:
    """Instruments and the tracer, made once."""

    def __init__(self, meter: Meter, tracer: Tracer) -> None:
        self._tracer = tracer
        self.first_token = meter.create_histogram(
            "gen_ai.server.time_to_first_token",
            unit="s",
            description="From the request's arrival to the first token.",
            explicit_bucket_boundaries_advisory=FIRST_TOKEN,
        )
        self.duration = meter.create_histogram(
            "gen_ai.client.operation.duration",
            unit="s",
            description="How long answers took, to their end.",
            explicit_bucket_boundaries_advisory=DURATION,
        )
        self.tokens = meter.create_histogram(
            "gen_ai.client.token.usage",
            unit="{token}",
            description="Tokens of prompts and answers.",
            explicit_bucket_boundaries_advisory=TOKENS,
        )
        self.refusals = meter.create_counter(
            "gateway.refusals", unit="{request}", description="Requests that were answered with an error, by its code."
        )

    def span(self, prompt: Prompt, feature: str) -> Span:
        """Of the request to the provider."""
        return self._tracer.start_span(
            f"{feature} {prompt.model.name}", kind=SpanKind.CLIENT, attributes=_attributes(prompt, feature)
        )

    def ended(self, span: Span, prompt: Prompt, feature: str, usage: Usage, seconds: float, outcome: str) -> None:
        """The end of an answer, however it came. `outcome` is `complete` or a word for what went wrong."""
        attributes = _attributes(prompt, feature)
        self.tokens.record(usage.input, {**attributes, "gen_ai.token.type": "input"})
        self.tokens.record(usage.output, {**attributes, "gen_ai.token.type": "output"})
        if outcome != "complete":
            attributes["error.type"] = outcome
            span.set_attribute("error.type", outcome)
            # A client that leaves is no error of anybody's.
            if outcome != "client_left":
                span.set_status(Status(StatusCode.ERROR))
        self.duration.record(seconds, attributes)
        span.set_attributes(
            {"gen_ai.usage.input_tokens": usage.input, "gen_ai.usage.output_tokens": usage.output, "gateway.usage.exact": usage.exact}
        )
        span.end()


def _attributes(prompt: Prompt, feature: str) -> dict[str, Any]:
    return {
        "gen_ai.operation.name": prompt.model.api,
        "gen_ai.provider.name": prompt.model.owner,
        "gen_ai.request.model": prompt.model.name,
        "gateway.feature": feature,
    }
