"""The stand-in as a process, for tests and benchmarks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from types import TracebackType
from typing import Any, Self
from urllib.request import urlopen


class UpstreamProcess:
    """Runs for the time of the block."""

    def __enter__(self) -> Self:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gateway.testing.upstream"], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip().rpartition(" ")[2]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def seen(self) -> dict[str, Any]:
        """What it tells of itself."""
        with urlopen(f"{self.url}/-/seen", timeout=10) as answer:
            told: dict[str, Any] = json.load(answer)
        return told
