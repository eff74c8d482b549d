"""What the platform offers services for seeing what they do."""

from __future__ import annotations

from ..model.base import Section, key
from ..model.build import PinnedImage


class Collector(Section):
    """An OpenTelemetry collector that runs beside services and passes on their traces and metrics."""

    image: PinnedImage = key(
        "Google's build of the collector, or another with the same parts; by its digest. A copy in the organisation's own"
        " registry keeps services starting when another registry is away.",
        examples=(f"europe-west1-docker.pkg.dev/acme-artifacts/tools/otelcol-google@sha256:{'0' * 64}",),
        source="https://cloud.google.com/stackdriver/docs/instrumentation/google-built-otel",
    )
    by_default: bool = key(
        "Whether a service whose environment says nothing has one. It takes one CPU and 512Mi in each instance.",
        default=True,
    )


class PlatformTelemetry(Section):
    """What services are offered for seeing what they do."""

    collector: Collector | None = key(
        "An OpenTelemetry collector beside services.", default=None, default_text="none is offered"
    )
