"""Time limits: in order, once, and with no timer while nothing is open."""

from __future__ import annotations

import asyncio

import pytest

from runtime.http.deadlines import Deadlines

pytestmark = pytest.mark.anyio


async def test_what_is_late_is_called_once_and_what_was_removed_never() -> None:
    deadlines = Deadlines(0.05)
    called: list[str] = []
    both = asyncio.Event()

    def first() -> None:
        called.append("first")

    def second() -> None:
        called.append("second")

    def last() -> None:
        called.append("last")
        both.set()

    for expire in (first, second, last):
        deadlines.add(expire)
    deadlines.remove(second)
    await both.wait()
    deadlines.remove(first)
    assert called == ["first", "last"]


async def test_an_idle_process_is_not_woken() -> None:
    deadlines = Deadlines(0.02)

    def expire() -> None:
        raise AssertionError

    deadlines.add(expire)
    deadlines.remove(expire)
    while deadlines._timer is not None:
        await asyncio.sleep(0.005)
    assert deadlines._open == {}
