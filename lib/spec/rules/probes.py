"""Health probes."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding
from ..model.probes import MAX_STARTUP_SECONDS
from ..shapes import keys_of
from .base import Place


def timings_need_probes(place: Place) -> Iterator[Finding]:
    """Where nobody asks, no timing has a meaning."""
    probes = place.environment.health_probes
    if not place.workload.answers or probes.enabled:
        return
    for key in keys_of(type(probes)):
        if key.attribute in probes.model_fields_set and key.name != "enabled":
            yield Finding(
                place.keys("healthProbes", key.name),
                "without-effect",
                "no timing while `enabled` is false",
                "delete it, or set `enabled: true`",
                on_key=True,
            )


def intervals_hold_timeout(place: Place) -> Iterator[Finding]:
    """An answer comes before the next question:
    https://cloud.google.com/run/docs/configuring/healthchecks"""
    probes = place.environment.health_probes
    for name, interval in (
        ("startupIntervalSeconds", probes.startup_interval_seconds),
        ("livenessIntervalSeconds", probes.liveness_interval_seconds),
    ):
        if place.workload.answers and probes.enabled and interval < probes.timeout_seconds:
            yield Finding(
                place.keys("healthProbes", name),
                "interval-below-timeout",
                f"at least {probes.timeout_seconds}, the value of timeoutSeconds",
                f"write {probes.timeout_seconds}, or lower timeoutSeconds",
            )


def start_ends_in_time(place: Place) -> Iterator[Finding]:
    """Cloud Run waits 240 seconds for a start and no longer:
    https://cloud.google.com/run/docs/configuring/healthchecks"""
    probes = place.environment.health_probes
    if place.workload.answers and probes.enabled and probes.startup_seconds > MAX_STARTUP_SECONDS:
        most = MAX_STARTUP_SECONDS // probes.startup_interval_seconds
        yield Finding(
            place.keys("healthProbes", "startupFailureThreshold"),
            "startup-too-long",
            f"startupIntervalSeconds × startupFailureThreshold of at most {MAX_STARTUP_SECONDS} seconds",
            f"write {most}, or lower startupIntervalSeconds",
            f"{probes.startup_interval_seconds} × {probes.startup_failure_threshold} = {probes.startup_seconds} seconds",
        )


ENVIRONMENT_RULES = (timings_need_probes, intervals_hold_timeout, start_ends_in_time)
