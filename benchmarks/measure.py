"""What a command costs: wall time, CPU time of everything that it started, memory of its largest process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    wall: float
    """Seconds."""
    cpu: float
    """Seconds of user and system time, children included."""
    memory: float
    """Peak resident size of the largest process, MB."""

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.memory, other.memory))


def run(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None, ok: Sequence[int] = (0,)) -> Cost:
    """Run a command to its end and say what it cost. Exits with its output where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ok:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{output.decode(errors='replace')}")
    return Cost(
        wall=time.perf_counter() - started,
        cpu=usage.ru_utime + usage.ru_stime,
        memory=usage.ru_maxrss / 1024,
    )


def best(times: int, command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None, ok: Sequence[int] = (0,)) -> Cost:
    """The cheapest of several runs, by CPU time: what else the machine did only ever adds."""
    return min((run(command, cwd=cwd, env=env, ok=ok) for _ in range(times)), key=lambda cost: cost.cpu)
