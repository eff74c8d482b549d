"""PostgreSQL and Redis go away under load, with a reset and in silence, and come back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from spec.constants import LIVE_PATH, READY_PATH

from ..bench import Bench
from ..load import load
from ..network import Link
from ..outcome import Check, NotApplicable, expect

CALLERS = 4
IN_A_ROW = 20
"""Good answers after which it counts as well again."""


def postgres(bench: Bench) -> None:
    if bench.databases is None:
        raise NotApplicable("the environment has no PostgreSQL")
    _survives(bench, bench.databases.link, "PostgreSQL")


def redis(bench: Bench) -> None:
    if bench.redis is None:
        raise NotApplicable("the environment has no Redis")
    _survives(bench, bench.redis, "Redis")


def _survives(bench: Bench, link: Link, name: str) -> None:
    instance, subject = bench.ready(), bench.subject
    with load(instance, subject.paths, subject.headers, bench.evidence, callers=CALLERS, again=True) as callers:
        faults: tuple[tuple[str, Callable[[], None]], ...] = (("is cut off", link.cut), ("is silent", link.black_hole))
        for what, fault in faults:
            expect(callers.until_well(IN_A_ROW, bench.patience.recover), "it does not answer under load", "; ".join(callers.failures[-3:]))
            fault()
            try:
                unready = partial(_has_status, instance.status, READY_PATH, 503)
                instance.until(unready, bench.patience.notice, f"{READY_PATH} does not say 503 while {name} {what}")
                alive = instance.asked(LIVE_PATH).status
                expect(alive == 200, f"{LIVE_PATH} does not say 200 while {name} {what}", f"status {alive}")
            finally:
                link.mend()
            ready = partial(_has_status, instance.status, READY_PATH, 200)
            instance.until(ready, bench.patience.recover, f"it is not ready again after {name} {what}")
            callers.in_a_row = 0
            well = callers.until_well(IN_A_ROW, bench.patience.recover)
            expect(well, f"requests still fail after {name} {what}", "; ".join(callers.failures[-3:]))
    instance.stop(f"it does not stop in order after {name} was away")


def _has_status(status: Callable[[str], int | None], path: str, wanted: int) -> bool:
    return status(path) == wanted


CHECKS = tuple(
    Check(
        f"survives-{name.lower()}",
        f"{name} is cut off, then silent, under load: the process lives on and says that it is not ready, and is well again"
        " afterwards, without a restart.",
        run,
        ("service",),
    )
    for name, run in (("PostgreSQL", postgres), ("Redis", redis))
)
