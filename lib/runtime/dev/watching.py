"""Whether somebody changed the program, for `--reload`."""

from __future__ import annotations

import threading
from pathlib import Path

SECONDS = 0.3
"""Between two looks: a service has hundreds of files at most."""


def changed(source_root: Path, stop: threading.Event) -> bool:
    """Waits for a change of a file that a program reads, tests aside; False once told to stop."""
    before = _state(source_root)
    while not stop.wait(SECONDS):
        if _state(source_root) != before:
            return True
    return False


def _state(source_root: Path) -> dict[Path, int]:
    found = {}
    for path in source_root.rglob("*"):
        if "__pycache__" in path.parts or path.name.endswith("_test.py"):
            continue
        try:
            found[path] = path.stat().st_mtime_ns if path.is_file() else 0
        except FileNotFoundError:
            continue
    return found
