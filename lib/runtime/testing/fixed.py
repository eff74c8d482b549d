"""A clock that stands still and ids that count, so that tests compare whole values."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from opentelemetry.sdk.trace.id_generator import IdGenerator


@dataclass
class FixedClock:
    """Seconds since some point, as time.monotonic; moves when told to."""

    seconds: float = 0.0
    epoch: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return self.epoch + timedelta(seconds=self.seconds)

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class CountingIds(IdGenerator):
    """Traces 1, 2, 3 and spans 1, 2, 3."""

    def __init__(self) -> None:
        self._traces = itertools.count(1)
        self._spans = itertools.count(1)

    def generate_trace_id(self) -> int:
        return next(self._traces)

    def generate_span_id(self) -> int:
        return next(self._spans)
