"""The native engine inside a test process, which it may share with other tests."""

from __future__ import annotations

from generator import engine
from generator.bindings import ensure


def activate() -> None:
    """Activate the native engine on the cut bindings; more than once does no harm."""
    engine.activate("native", ensure())
