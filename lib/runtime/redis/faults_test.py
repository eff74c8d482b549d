"""What a client sees when Redis goes away and comes back: typed errors soon, no crash, no restart, within the bound."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Any

import pytest
from redis.exceptions import ConnectionError, RedisError, TimeoutError

from runtime.contract import RedisContract
from runtime.redis import Redis, Settings
from runtime.testing.fault_proxy import FaultProxy
from runtime.testing.redis_server import RedisServer, start_redis

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that services run on."""
    return "asyncio", {"use_uvloop": True}


CALLERS = 20
CUT_SECONDS = 3.0


def connect(port: int, **settings: Any) -> Any:
    """Any: redis-py's types are those of both its clients."""
    contract = RedisContract(f"redis://127.0.0.1:{port}")
    return Redis.connect(contract, client_name="x", on_platform=False, settings=Settings(**settings))


@pytest.mark.parametrize("fault", ["cut", "black_hole"])
async def test_a_cut_under_load(proxy: FaultProxy, fault: str) -> None:
    cache = connect(proxy.port, max_connections=4, command_timeout=0.5, connect_timeout=0.5, wait_timeout=1.0)
    await cache.open()
    await cache.delete("written")
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    running = True

    async def caller(write: bool) -> None:
        nonlocal slowest
        while running:
            started = time.monotonic()
            try:
                await (cache.incr("written") if write else cache.get("written"))
                outcomes["written" if write else "read"] += 1
            except RedisError as error:
                assert isinstance(error, (ConnectionError, TimeoutError))
                outcomes[type(error).__name__] += 1
            slowest = max(slowest, time.monotonic() - started)
            await asyncio.sleep(0.002)

    async def successes(more: int) -> None:
        goal = outcomes["read"] + outcomes["written"] + more
        while outcomes["read"] + outcomes["written"] < goal:
            await asyncio.sleep(0.002)

    async with asyncio.TaskGroup() as tasks:
        for number in range(CALLERS):
            tasks.create_task(caller(write=number % 2 == 0))
        await successes(100)
        getattr(proxy, fault)()
        until = time.monotonic() + CUT_SECONDS
        while time.monotonic() < until:
            assert proxy.connections <= 4
            await asyncio.sleep(0.02)
        during = outcomes.total() - outcomes["read"] - outcomes["written"]
        with pytest.raises((RedisError, asyncio.TimeoutError)):
            await cache.check()
        proxy.mend()
        mended = time.monotonic()
        await asyncio.wait_for(successes(1), 15)
        recovery = time.monotonic() - mended
        await asyncio.wait_for(successes(100), 15)
        running = False
    await cache.check()
    counted = int(await cache.get("written"))
    await cache.close()
    print(f"{fault}: recovered after {recovery:.2f} s, slowest call {slowest:.2f} s, counted {counted}, {dict(outcomes)}")
    assert during >= CALLERS
    assert slowest < 8
    assert recovery < 5
    # No write was done twice; one whose answer was lost may have been done.
    assert outcomes["written"] <= counted <= outcomes["written"] + outcomes.total() - outcomes["read"] - outcomes["written"]


async def test_a_write_is_never_sent_twice_and_a_read_is(proxy: FaultProxy) -> None:
    cache = connect(proxy.port, command_timeout=0.3)
    await cache.open()
    await cache.set("n", 0)
    proxy.black_hole()
    accepted = proxy.accepted
    with pytest.raises(TimeoutError):
        await cache.incr("n")
    assert proxy.accepted == accepted
    reading = asyncio.create_task(cache.get("n"))
    while proxy.accepted == accepted:
        await asyncio.sleep(0.01)
    proxy.mend()
    assert await reading == b"0"
    await cache.close()


async def test_a_restart_of_the_server_is_survived(tmp_path: Any) -> None:
    server: RedisServer = start_redis(tmp_path, "--appendonly", "yes")
    cache = connect(server.port)
    await cache.open()
    await cache.set("a", 1)
    await asyncio.to_thread(server.restart)
    assert await cache.get("a") == b"1"
    await cache.set("a", 2)
    await cache.close()
    server.stop()


async def test_a_start_without_a_cache_fails_with_the_reason(proxy: FaultProxy) -> None:
    proxy.cut()
    cache = connect(proxy.port)
    with pytest.raises(ConnectionError, match="Connection"):
        await cache.open()
    await cache.close()
