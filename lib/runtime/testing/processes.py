"""A service or job as a process of its own, as the platform starts it: for tests of signals and exits."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

SERVES = re.compile(r"serves on (http://\S+)")


class ProgramProcess:
    """Killed at the end of the block, if it still runs. Standard error is kept, line by line."""

    def __init__(self, program: Path | str, environment: Mapping[str, str], arguments: Sequence[str] = ()) -> None:
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(
            [sys.executable, str(program), *arguments],
            # Nothing of this machine's own environment: what is not in the contract is not there.
            env={"PATH": os.environ["PATH"], "PYTHONPATH": paths, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._unread = b""
        self.lines: list[str] = []

    def __enter__(self) -> ProgramProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The log lines that are JSON."""
        return [json.loads(line) for line in self.lines if line.startswith("{")]

    def wait_for(self, pattern: str, seconds: float = 20.0) -> re.Match[str]:
        """The first line of the log that the pattern is in, among those that came before too."""
        until = time.monotonic() + seconds
        looked = 0
        while True:
            for line in self.lines[looked:]:
                if match := re.search(pattern, line):
                    return match
            looked = len(self.lines)
            if not self._read(until - time.monotonic()):
                raise AssertionError(f"no line with {pattern!r} within {seconds:g} s:\n{self.log}")

    def url(self) -> str:
        """Where the service answers, once it does."""
        return self.wait_for(SERVES.pattern)[1].replace("0.0.0.0", "127.0.0.1")

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def exit_code(self, seconds: float = 20.0) -> int:
        """Wait for the end; the log is complete then."""
        until = time.monotonic() + seconds
        while self._read(until - time.monotonic()):
            pass
        return self._process.wait(max(0.1, until - time.monotonic()))

    def output(self) -> str:
        """Standard output, once it ended."""
        assert self._process.stdout is not None
        return self._process.stdout.read().decode()

    def _read(self, seconds: float) -> bool:
        """Take in what there is, waiting for it at most so long; False at the end or when the time is up."""
        assert self._process.stderr is not None
        descriptor = self._process.stderr.fileno()
        if seconds <= 0 or not select.select([descriptor], [], [], seconds)[0]:
            return False
        data = os.read(descriptor, 65536)
        *lines, self._unread = (self._unread + data).split(b"\n")
        self.lines += [line.decode(errors="replace") for line in lines]
        return bool(data)
