"""What can go wrong with events."""

from __future__ import annotations

from collections.abc import Sequence


class InvalidEventError(ValueError):
    """The code records what is no event; `reasons` has all that is wrong with it, without its values."""

    def __init__(self, name: str, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(f"event {name!r}: " + "; ".join(self.reasons))


class BufferFullError(Exception):
    """As many events wait as may wait."""


class BufferUnavailableError(Exception):
    """Nothing can be kept just now: the database does not answer."""


class DestinationError(Exception):
    """No event can be delivered just now. They wait; none is lost by it."""


class BatchRejectedError(DestinationError):
    """The destination does not take these events together, and might take each for itself."""
