"""Benchmark (c): `check` on a fleet through Pants, with the daemon warm, against `list` on it."""

from __future__ import annotations

import os
import shutil
import signal
import statistics
from collections.abc import Callable
from pathlib import Path

import fleet
import measure

REPOSITORY = Path(__file__).parent.parent
NEEDED = ("pants", "pants.toml", "BUILD", "pants-plugins", "3rdparty", "build-support", "lib")


def warm_goals(work: Path, services: int, times: int) -> None:
    root = work / "repository"
    root.mkdir()
    for name in NEEDED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy2(source, root / name)
    shutil.copy(REPOSITORY / "lib/generator/testdata/fleet/platform.yaml", root / "platform.yaml")
    specs = fleet.write(root, services)
    try:
        _measure(root, specs, services, times)
    finally:
        for pid in (root / ".pids").glob("*/pantsd/pid"):
            os.kill(int(pid.read_text()), signal.SIGTERM)


def _measure(root: Path, specs: list[Path], services: int, times: int) -> None:
    generate = _pants(root, "msp-generate", "services::", "//:platform")
    _pants(root, "check", "services::")
    listing = _median(times, lambda: _pants(root, "list", "services::"))
    again = _median(times, lambda: _pants(root, "check", "services::"))
    edited = statistics.median(_check_after_edit(root, specs[number], number) for number in range(times))
    print(f"(c) {services} services x 3 environments through Pants, daemon warm (median of {times})")
    print(f"    msp-generate, generator cached, output absent     {generate:6.2f} s")
    print(f"    list                                              {listing:6.2f} s   baseline")
    print(f"    check, nothing changed                            {again:6.2f} s   {again / listing:5.2f} of list")
    print(f"    check after one spec's edit (and its failure)     {edited:6.2f} s   {edited / listing:5.2f} of list")


def _check_after_edit(root: Path, spec: Path, number: int) -> float:
    path = root / spec
    original = path.read_text(encoding="utf-8")
    path.write_text(original.replace("value 0", f"other value {number}"), encoding="utf-8")
    try:
        return _pants(root, "check", "services::", ok=(1,))
    finally:
        path.write_text(original, encoding="utf-8")
        _pants(root, "check", "services::")


def _median(times: int, run: Callable[[], float]) -> float:
    return statistics.median(run() for _ in range(times))


def _pants(root: Path, *arguments: str, ok: tuple[int, ...] = (0,)) -> float:
    return measure.run(["./pants", *arguments], cwd=root, ok=ok).wall
