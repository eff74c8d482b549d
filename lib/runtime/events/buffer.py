"""Where events are kept until they are delivered: what the two kinds of buffer have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from runtime.events.event import Event


@dataclass(frozen=True)
class Claim:
    """Events that one instance has taken upon itself to deliver, for a while."""

    token: Any
    """The buffer's own."""
    events: Sequence[Event]


@dataclass
class Outcome:
    """What became of a claim. What is in neither goes back, to be sent soon again."""

    delivered: list[UUID] = field(default_factory=list)
    refused: dict[UUID, str] = field(default_factory=dict)
    """Event -> why the destination does not want it, for its own sake."""


@dataclass(frozen=True)
class Backlog:
    """What waits."""

    count: int
    oldest: datetime | None


class Buffer(Protocol):
    """Safe to use from many processes at a time."""

    @property
    def name(self) -> str:
        """For metrics."""
        ...

    async def open(self) -> None:
        """Make what it needs."""
        ...

    async def claim(self, limit: int) -> Claim | None:
        """The oldest events that nobody else delivers; None where there are none. BufferUnavailableError."""
        ...

    async def settle(self, claim: Claim, outcome: Outcome) -> Mapping[UUID, str]:
        """Let go of the claim; the events that are dead now, and why. BufferUnavailableError."""
        ...

    async def tidy(self) -> Backlog:
        """Forget what has been dead for long enough; what waits. BufferUnavailableError."""
        ...

    async def close(self) -> None:
        """Let go of everything. Called once."""
        ...
