"""What a developer is told when a service can't run here: one message, with the command that mends it."""

from __future__ import annotations


class DevError(Exception):
    """Its text is all that is shown."""
