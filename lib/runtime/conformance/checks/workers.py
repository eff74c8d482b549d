"""A worker: it stays until it is told to stop."""

from __future__ import annotations

from ..bench import Bench
from ..outcome import Check


def worker(bench: Bench) -> None:
    bench.ready().stop()


CHECKS = (
    Check(
        "worker-stops",
        "It runs with the environment that the platform gives it until SIGTERM, and ends with 0 within the grace.",
        worker,
        ("worker",),
    ),
)
