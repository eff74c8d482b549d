"""Checks: at most once at a time, fresh for a moment, and whoever gives up does not spoil them for others."""

from __future__ import annotations

import asyncio

import pytest

from runtime.health import Health
from runtime.testing.fixed import FixedClock

pytestmark = pytest.mark.anyio


async def test_an_answer_is_good_for_a_second() -> None:
    clock, times = FixedClock(), 0

    async def check() -> None:
        nonlocal times
        times += 1

    health = Health(clock)
    health.add("store", check)
    for _ in range(3):
        await health.look()
    assert times == 1
    clock.advance(1.0)
    await health.look()
    assert times == 2


async def test_who_gives_up_waiting_does_not_end_the_check() -> None:
    go = asyncio.Event()
    health = Health(FixedClock())
    health.add("store", go.wait)
    impatient = asyncio.ensure_future(health.look())
    patient = asyncio.ensure_future(health.look())
    await asyncio.sleep(0)
    impatient.cancel()
    go.set()
    assert [finding.ok for finding in await patient] == [True]


async def test_an_error_without_words_is_named_by_its_type() -> None:
    async def check() -> None:
        raise ConnectionResetError

    health = Health(FixedClock())
    health.add("store", check)
    (finding,) = await health.look()
    assert finding.reason == "ConnectionResetError"


async def test_a_name_is_taken_once() -> None:
    health = Health(FixedClock())
    health.add("store", asyncio.Event().wait)
    with pytest.raises(ValueError, match="store"):
        health.add("store", asyncio.Event().wait)
