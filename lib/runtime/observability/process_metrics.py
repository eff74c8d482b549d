"""Metrics of the process itself: pauses of the garbage collector and lateness of the event loop."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

from opentelemetry.metrics import MeterProvider

PAUSES = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
"""Bounds of the histograms, seconds."""


class CollectorPauses:
    """Measures each collection of the garbage collector until it is closed."""

    def __init__(self, meters: MeterProvider, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._started = 0.0
        self._histogram = meters.get_meter("runtime").create_histogram(
            "runtime.gc.pause",
            unit="s",
            description="How long collections of the garbage collector stopped the process.",
            explicit_bucket_boundaries_advisory=PAUSES,
        )
        self._attributes = tuple({"generation": generation} for generation in range(3))
        gc.callbacks.append(self._on_collection)

    def _on_collection(self, phase: str, info: dict[str, Any]) -> None:
        if phase == "start":
            self._started = self._clock()
        # Of the youngest generation there are thousands, each too short to matter.
        elif info["generation"] > 0:
            self._histogram.record(self._clock() - self._started, self._attributes[info["generation"]])

    def close(self) -> None:
        gc.callbacks.remove(self._on_collection)


def loop_lag(meters: MeterProvider) -> Callable[[float], None]:
    """What records how late, in seconds, the event loop came to a call."""
    histogram = meters.get_meter("runtime").create_histogram(
        "runtime.event_loop.lag",
        unit="s",
        description="How late the event loop came to a timed call.",
        explicit_bucket_boundaries_advisory=PAUSES,
    )
    return lambda seconds: histogram.record(seconds)
