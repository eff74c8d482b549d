"""`environments[].healthProbes`: how Cloud Run finds out whether an instance works."""

from __future__ import annotations

from typing import Any, Self

from .base import Section, key

MAX_STARTUP_SECONDS = 240
"""Cloud Run ends an instance that takes longer to start: https://cloud.google.com/run/docs/configuring/healthchecks"""

_SOURCE = "https://cloud.google.com/run/docs/configuring/healthchecks"


def _startup_interval(above: dict[str, Any]) -> int:
    return int(above.get("timeout_seconds", 3))


def _startup_failures(above: dict[str, Any]) -> int:
    return min(10, MAX_STARTUP_SECONDS // int(above.get("startup_interval_seconds", 3)))


def _liveness_interval(above: dict[str, Any]) -> int:
    return 10 * int(above.get("timeout_seconds", 3))


class HealthProbes(Section):
    """How Cloud Run finds out whether an instance has started and is still well, by asking its health endpoint."""

    enabled: bool = key(
        "Whether Cloud Run asks at all. Without probes an instance counts as started once its port is open.",
        default=True,
    )
    timeout_seconds: int = key("How long an answer may take.", default=3, ge=1, le=240, unit="seconds", source=_SOURCE)
    startup_interval_seconds: int = key(
        "Time between two questions while an instance starts; at least the timeout.",
        default_from=_startup_interval,
        default_text="`timeoutSeconds`",
        ge=1,
        le=240,
        unit="seconds",
        source=_SOURCE,
    )
    startup_failure_threshold: int = key(
        "How many questions may fail while an instance starts. Times the interval: at most 240 seconds.",
        default_from=_startup_failures,
        default_text="10, or as many as fit into 240 seconds; with `postgres` as many as fit, for an instance migrates first",
        ge=1,
        le=240,
        unit="failures",
        source=_SOURCE,
    )
    liveness_interval_seconds: int = key(
        "Time between two questions while an instance runs; at least the timeout. Three failures in a row restart it.",
        default_from=_liveness_interval,
        default_text="10 × `timeoutSeconds`",
        ge=1,
        le=3600,
        unit="seconds",
        source=_SOURCE,
    )

    def patient(self) -> Self:
        """The same with as much time to start as Cloud Run gives, unless the spec says how much."""
        if "startup_failure_threshold" in self.model_fields_set:
            return self
        return self.model_copy(
            update={"startup_failure_threshold": max(1, MAX_STARTUP_SECONDS // self.startup_interval_seconds)}
        )

    @property
    def startup_seconds(self) -> int:
        """How long an instance may take to start, in seconds."""
        return self.startup_interval_seconds * self.startup_failure_threshold
