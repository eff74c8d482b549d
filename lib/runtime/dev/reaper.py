"""Ends what a developer's run has started, also where the run itself was killed and could not.

A process of its own, in a session of its own, that holds the other end of a pipe. It is told the process groups line by line,
`+<id>` and `-<id>`; when the pipe ends, because nobody is left who could write into it, it ends the groups that it knows,
the last one first. As a program it needs the standard library alone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

GRACE_SECONDS = 5.0


class Reaper:
    """The run's side. Harmless where the process is gone."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", Path(__file__)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def watch(self, process: subprocess.Popen[Any]) -> None:
        """`process` leads a group of its own."""
        self._tell(f"+{process.pid}")

    def forget(self, process: subprocess.Popen[Any]) -> None:
        self._tell(f"-{process.pid}")

    def close(self) -> None:
        """It ends what is left, and itself."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass
        self._process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{line}\n".encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            pass


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: list[int] = []
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            groups.append(group)
        elif group in groups:
            groups.remove(group)
    for group in reversed(groups):
        _end(group)


def _end(group: int) -> None:
    """SIGINT first: to PostgreSQL it means to end at once and in order, and to all others likewise."""
    until = time.monotonic() + GRACE_SECONDS
    if not _send(group, signal.SIGINT):
        return
    while time.monotonic() < until:
        if not _send(group, 0):
            return
        time.sleep(0.05)
    _send(group, signal.SIGKILL)


def _send(group: int, number: int) -> bool:
    """False where there is no such group any more."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()
