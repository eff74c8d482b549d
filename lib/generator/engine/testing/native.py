"""The native engine inside a test process, which it may share with other tests."""

from __future__ import annotations

from generator import engine
from generator.bindings import ensure


def activate() -> None:
    """Activate the native engine unless this process has it already."""
    if engine.active() is None:
        engine.activate("native", ensure())
