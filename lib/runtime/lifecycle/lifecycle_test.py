"""The parts of the life cycle that need no process of their own."""

from __future__ import annotations

import asyncio
import gc

import pytest

from runtime.lifecycle.background import Background, Restart
from runtime.lifecycle.blocked import LoopMonitor
from runtime.lifecycle.budget import Budget
from runtime.lifecycle.dump import tasks
from runtime.lifecycle.stop import FAILED, Reason, Stop
from runtime.observability.process_metrics import CollectorPauses
from runtime.testing.fixed import FixedClock
from runtime.testing.telemetry import CapturedTelemetry

pytestmark = pytest.mark.anyio


async def test_the_first_reason_counts() -> None:
    stop = Stop()
    stop.request(Reason("first", 1))
    stop.request(Reason("second", 0))
    assert (await stop.wait()).text == "first"


async def test_shares_of_the_grace_are_counted_from_its_beginning() -> None:
    clock = FixedClock()
    budget = Budget(10.0, clock)
    assert budget.until(0.7) == 7.0
    clock.advance(8.0)
    assert budget.until(0.7) == 0.0
    assert budget.until(0.85) == pytest.approx(0.5)


async def test_restarts_come_later_and_later_up_to_a_limit() -> None:
    restart = Restart(first=0.5, longest=30)
    assert [restart.delay(failures) for failures in (1, 2, 3, 7, 10_000)] == [0.5, 1, 2, 30, 30]


async def test_background_tasks_have_time_to_clean_up_when_the_process_stops() -> None:
    stop, cleaned = Stop(), []

    async def run() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    background = Background(stop)
    background.start("one", run, None, may_end=False)
    await asyncio.sleep(0)
    await background.close(1.0)
    assert cleaned == [True] and not stop.requested


async def test_sys_exit_in_a_background_task_is_the_processs_exit_code() -> None:
    stop = Stop()

    async def run() -> None:
        raise SystemExit(9)

    Background(stop).start("one", run, None, may_end=False)
    assert (await stop.wait()).exit_code == 9


async def test_a_task_that_may_end_may() -> None:
    stop = Stop()
    background = Background(stop)

    async def run() -> None:
        return None

    background.start("one", run, None, may_end=True)
    background.start("two", run, None, may_end=False)
    assert (await stop.wait()) == Reason("background task two ended", FAILED)


async def test_a_dump_shows_the_innermost_await() -> None:
    async def innermost() -> None:
        await asyncio.Event().wait()

    async def outer() -> None:
        await innermost()

    task = asyncio.create_task(outer(), name="sleeper")
    await asyncio.sleep(0)
    text = tasks(asyncio.get_running_loop())
    task.cancel()
    assert text.index("sleeper") < text.index("await innermost()") < text.index("await asyncio.Event().wait()")


async def test_the_loops_lateness_is_measured() -> None:
    lags: list[float] = []
    measured = asyncio.Event()

    def record(seconds: float) -> None:
        lags.append(seconds)
        measured.set()

    monitor = LoopMonitor(0.5, record)
    await measured.wait()
    monitor.close()
    assert lags[0] >= 0


async def test_pauses_of_the_collector_are_measured_until_it_is_closed() -> None:
    captured = CapturedTelemetry()
    pauses = CollectorPauses(captured.telemetry.meters)
    gc.collect()
    pauses.close()
    gc.collect()
    (point,) = captured.metric("runtime.gc.pause")
    assert getattr(point, "count", None) == 1
    assert dict(point.attributes or {}) == {"generation": 2}
