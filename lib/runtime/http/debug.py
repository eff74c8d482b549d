"""Pages for somebody who looks into a running process; all behind the diagnostics secret.

/-/debug/tasks                 tasks and threads with their stacks
/-/debug/profile?seconds=10    where the time goes, for speedscope.app
/-/debug/memory?seconds=10     what was allocated meanwhile and is still held, by line
"""

from __future__ import annotations

import asyncio
import threading
import time
import tracemalloc

from ..lifecycle import dump
from ..service import Scope, Send
from . import profile
from .answers import TEXT, answer, answer_json, problem

LONGEST = 60.0
"""Seconds; more than one look at a time would only see each other."""
LINES = 40

_BUSY = threading.Lock()


async def tasks(_scope: Scope, send: Send) -> None:
    text = f"{dump.tasks(asyncio.get_running_loop())}\n{dump.threads()}\n"
    await answer(send, 200, TEXT, text.encode())


async def profiled(scope: Scope, send: Send) -> None:
    seconds = await _begin(scope, send)
    if seconds is None:
        return
    try:
        seen = await asyncio.to_thread(profile.sample, seconds)
    finally:
        _BUSY.release()
    await answer_json(send, 200, profile.speedscope(f"{seconds:g} s", seen))


async def memory(scope: Scope, send: Send) -> None:
    seconds = await _begin(scope, send)
    if seconds is None:
        return
    try:
        text = await asyncio.to_thread(_allocations, seconds)
    finally:
        _BUSY.release()
    await answer(send, 200, TEXT, text.encode())


def _allocations(seconds: float) -> str:
    tracemalloc.start(1)
    try:
        time.sleep(seconds)
        snapshot = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    found = snapshot.filter_traces([tracemalloc.Filter(False, tracemalloc.__file__)]).statistics("lineno")
    total = sum(one.size for one in found)
    lines = [f"{one.size / 1024:10.1f} KiB {one.count:8d}  {one.traceback}" for one in found[:LINES]]
    return "\n".join([f"allocated in {seconds:g} s and still held: {total / 1024:.1f} KiB", *lines, ""])


async def _begin(scope: Scope, send: Send) -> float | None:
    """How long to look, with the lock taken; or None, and the request is answered."""
    from .diagnostics import query_of

    text = query_of(scope).get("seconds", "10")
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST:
        await problem(send, 400, f"Expected ?seconds= a number up to {LONGEST:g}.")
        return None
    if not _BUSY.acquire(blocking=False):
        await problem(send, 409, "Somebody is looking already.")
        return None
    return seconds


PAGES = {"/-/debug/tasks": tasks, "/-/debug/profile": profiled, "/-/debug/memory": memory}
