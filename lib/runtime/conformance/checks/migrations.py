"""Migrations at start: the same result from one start, a second one, and twenty at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from ..bench import Bench
from ..outcome import Broken, Check, NotApplicable, expect
from ..process import Instance

STARTS = 20


def migrations(bench: Bench) -> None:
    databases = bench.databases
    if databases is None:
        raise NotApplicable("the environment has no PostgreSQL")
    bench.stop_shared()
    databases.empty()
    bench.ready().stop()
    once = databases.structure()
    if not once:
        raise NotApplicable("its start makes no tables")
    bench.ready().stop()
    expect(databases.structure() == once, "a second start changes the database again")
    databases.empty()
    instances = [bench.start() for _ in range(STARTS)]
    try:
        with ThreadPoolExecutor(STARTS) as pool:
            failed = [text for text in pool.map(partial(_problem, bench), instances) if text is not None]
    finally:
        for instance in instances:
            with suppress(OSError):
                instance.kill()
    expect(not failed, f"of {STARTS} starts at the same time not all become ready", f"{len(failed)}: {failed[:1]}")
    expect(databases.structure() == once, f"{STARTS} starts at the same time make another database than one")


def _problem(bench: Bench, instance: Instance) -> str | None:
    try:
        bench.until_started(instance)
    except Broken as error:
        return str(error)
    return None


CHECKS = (
    Check(
        "migrations",
        f"{STARTS} starts at the same time on empty databases all become ready, and leave what one start leaves; a second"
        " start changes nothing.",
        migrations,
        ("service",),
    ),
)
