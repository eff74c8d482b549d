"""What the process does right now, as text: every task and every thread with its stack."""

from __future__ import annotations

import asyncio
import io
import logging
import signal
import sys
import threading
import traceback
from types import FrameType

LOGGER = logging.getLogger("runtime.dump")


def tasks(loop: asyncio.AbstractEventLoop) -> str:
    """Every task of the loop, innermost call last."""
    out = io.StringIO()
    found = sorted(asyncio.all_tasks(loop), key=lambda task: task.get_name())
    out.write(f"{len(found)} tasks\n")
    for task in found:
        out.write(f"\n{task.get_name()}: {getattr(task.get_coro(), '__qualname__', task.get_coro())}\n")
        task.print_stack(file=out)
    return out.getvalue()


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
    """`kill -USR1` logs tasks and threads. Works while the loop is blocked: the handler runs between any two steps."""

    def handle(_signal: int, _frame: FrameType | None) -> None:
        LOGGER.warning("asked by SIGUSR1:\n%s\n\n%s", tasks(loop), threads())

    signal.signal(signal.SIGUSR1, handle)
