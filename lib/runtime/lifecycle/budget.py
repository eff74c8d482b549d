"""How the time that a stop may take is shared out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

DRAINED = 0.7
"""Share of the grace after which requests that still run are cut off."""
CLOSED = 0.85
"""Share after which tasks and resources are let go of as they are; the rest is for telemetry."""


@dataclass(frozen=True)
class Budget:
    """The grace of one stop, from its first signal on."""

    grace: float
    """Seconds."""
    clock: Callable[[], float] = time.monotonic
    started: float = field(default=-1.0)

    def __post_init__(self) -> None:
        if self.started < 0:
            object.__setattr__(self, "started", self.clock())

    def until(self, share: float) -> float:
        """Seconds that are left until this share of the grace is used up; never negative."""
        return max(0.0, self.started + share * self.grace - self.clock())
