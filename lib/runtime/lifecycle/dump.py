"""What the process does right now, as text: every task and every thread with its stack."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
import traceback
from types import FrameType
from typing import Any

LOGGER = logging.getLogger("runtime.dump")


def tasks(loop: asyncio.AbstractEventLoop) -> str:
    """Every task of the loop, innermost call last."""
    found = sorted(asyncio.all_tasks(loop), key=lambda task: task.get_name())
    parts = [f"{len(found)} tasks"]
    for task in found:
        parts.append(f"\n{task.get_name()}\n{''.join(traceback.format_list(_awaited(task.get_coro()))).rstrip()}")
    return "\n".join(parts)


def _awaited(coroutine: Any) -> list[traceback.FrameSummary]:
    """Where a coroutine waits, through everything that it awaits. (Task.get_stack knows the outermost call only.)"""
    found = []
    while coroutine is not None:
        frame = _first(coroutine, "cr_frame", "gi_frame", "ag_frame")
        if frame is not None:
            found.append(traceback.FrameSummary(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_qualname))
        coroutine = _first(coroutine, "cr_await", "gi_yieldfrom", "ag_await")
    return found


def _first(thing: Any, *names: str) -> Any:
    return next((found for name in names if (found := getattr(thing, name, None)) is not None), None)


def threads() -> str:
    """Every thread, innermost call last."""
    frames = sys._current_frames()
    parts = [f"{len(frames)} threads"]
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    for ident, frame in frames.items():
        parts.append(f"\n{names.get(ident, ident)}\n{stack(frame)}")
    return "\n".join(parts)


def stack(frame: FrameType) -> str:
    """Files, lines and functions; never values of variables."""
    return "".join(traceback.format_stack(frame)).rstrip()


def on_user_signal(loop: asyncio.AbstractEventLoop) -> None:
    """`kill -USR1` logs tasks and threads, also while the loop is blocked."""

    def handle(_signal: int, _frame: FrameType | None) -> None:
        # Not here: the signal may have come in the middle of writing another line.
        threading.Thread(target=log, name="dump", daemon=True).start()

    def log() -> None:
        LOGGER.warning("asked by SIGUSR1:\n%s\n\n%s", tasks(loop), threads())

    signal.signal(signal.SIGUSR1, handle)
