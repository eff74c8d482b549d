"""Connections: as many as the budget of the instance allows, under more load than that."""

from __future__ import annotations

import threading

from ..bench import Bench
from ..load import load
from ..outcome import Check, NotApplicable, expect
from ..process import PAUSE

CALLERS = 24
ANSWERS = 600


def pool(bench: Bench) -> None:
    databases, subject = bench.databases, bench.subject
    if databases is None:
        raise NotApplicable("the environment has no PostgreSQL")
    bench.stop_shared()
    # Tighter than the environment's own, so that the load is sure to press against it.
    budget = len(subject.databases) + 1
    instance = bench.ready(changes={"PGPOOLSIZE": str(budget)})
    most, ended = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        with databases.watch() as connection:
            while not ended.wait(PAUSE):
                most = max(most, databases.sessions(connection))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    with load(instance, subject.paths, subject.headers, bench.evidence, callers=CALLERS, again=True) as callers:
        enough = callers.until(ANSWERS, 30.0)
    ended.set()
    watcher.join(10)
    instance.stop()
    expect(enough or callers.answered > CALLERS, "it does not answer under load", "; ".join(callers.failures[:3]))
    expect(most > 0, "it holds no connection to PostgreSQL")
    expect(most <= budget, "it holds more connections than PGPOOLSIZE", f"{most} with a budget of {budget}")


CHECKS = (
    Check(
        "pool-budget",
        "Under load it holds no more connections to PostgreSQL than `PGPOOLSIZE`.",
        pool,
        ("service",),
    ),
)
