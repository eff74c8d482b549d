"""Run `generator.engine.testing.run` in a process of its own: a process has one engine, and jsii's needs Node."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.engine.testing import run as program


def run(engine: str, bindings: Path, out: Path, seeds: Sequence[int], env: Mapping[str, str] | None = None) -> bytes:
    """What the engine made, as the program wrote it. Fails with the program's stderr."""
    arguments = [
        sys.executable,
        "-m",
        program.__name__,
        engine,
        str(bindings),
        str(out),
        *map(str, seeds),
    ]
    done = subprocess.run(
        arguments, env=environment(env or {}), capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", f"a run is silent, but this one said: {done.stderr}"
    return out.read_bytes()


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """This process's environment, with its import path, and `more`."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **more}


def text(value: Any) -> str:
    """One value as text in which 1, 1.0 and true differ, for comparisons byte by byte."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)
