"""A sampling profiler in the standard library alone: it works on every Python, and costs nothing while it does not run.

It sees Python code of every thread; time in C code counts for the Python line that called it.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from types import FrameType
from typing import Any

INTERVAL = 0.01
"""Seconds between samples."""

Stack = tuple[tuple[str, str, int], ...]
"""(function, file, line of its definition), outermost first."""


def sample(seconds: float, interval: float = INTERVAL) -> dict[str, Counter[Stack]]:
    """By thread, how often each stack was seen. Blocks: call it in a thread of its own, which it leaves out."""
    seen: dict[str, Counter[Stack]] = {}
    me = threading.get_ident()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        for ident, frame in sys._current_frames().items():
            if ident != me:
                seen.setdefault(names.get(ident, str(ident)), Counter())[_stack(frame)] += 1
        time.sleep(interval)
    return seen


def _stack(frame: FrameType | None) -> Stack:
    found = []
    while frame is not None:
        code = frame.f_code
        found.append((code.co_qualname, code.co_filename, code.co_firstlineno))
        frame = frame.f_back
    return tuple(reversed(found))


def speedscope(name: str, seen: dict[str, Counter[Stack]], interval: float = INTERVAL) -> dict[str, Any]:
    """For https://www.speedscope.app, which runs in the browser: https://www.speedscope.app/file-format-schema.json"""
    frames: dict[tuple[str, str, int], int] = {}
    profiles = []
    for thread, stacks in sorted(seen.items()):
        samples = [[frames.setdefault(frame, len(frames)) for frame in stack] for stack in stacks]
        weights = [count * interval for count in stacks.values()]
        profiles.append(
            {
                "type": "sampled",
                "name": thread,
                "unit": "seconds",
                "startValue": 0,
                "endValue": sum(weights),
                "samples": samples,
                "weights": weights,
            }
        )
    return {
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "name": name,
        "exporter": "runtime",
        "shared": {"frames": [{"name": name, "file": file, "line": line} for name, file, line in frames]},
        "profiles": profiles,
    }
