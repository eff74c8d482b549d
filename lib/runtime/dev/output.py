"""What a developer sees: lines of several processes, each with its name before it, coloured on a terminal."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import IO

COLOURS = ("36", "35", "33", "32", "34")
"""ANSI, for one process after the other: cyan, magenta, yellow, green, blue."""


class Output:
    """Writes whole lines to standard error, from any thread; a reader that went away is no reason to fail."""

    def __init__(self, width: int) -> None:
        """`width`: of the longest name."""
        self._width = width
        self._colours: dict[str, str] = {}
        self._lock = threading.Lock()
        self.in_colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")

    def line(self, name: str, text: str) -> None:
        with self._lock, suppress(OSError, ValueError):
            sys.stderr.write(f"{self._prefix(name)} {text}\n")
            sys.stderr.flush()

    def block(self, text: str) -> None:
        """Lines of the run itself, without a name."""
        with self._lock, suppress(OSError, ValueError):
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def follow(self, name: str, stream: IO[bytes]) -> threading.Thread:
        """Write what a process writes, until it ends."""

        def run() -> None:
            for line in stream:
                self.line(name, line.decode(errors="replace").rstrip("\r\n"))

        thread = threading.Thread(target=run, name=f"output of {name}", daemon=True)
        thread.start()
        return thread

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.in_colour else text

    def _prefix(self, name: str) -> str:
        text = f"{name:<{self._width}} │"
        colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
        return f"\x1b[{colour}m{text}\x1b[0m" if self.in_colour else text
