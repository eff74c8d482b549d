"""Quota and rate through the whole service, on a real Redis that is killed, and with the database cut off."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.conftest import LIMITS, Gate, MakeGate, opened
from gateway.quota.checkpoint import Checkpoint
from gateway.quota.grants import Window
from gateway.quota.limiter import Limiter
from gateway.testing.waiting import until
from runtime.contract import RedisContract
from runtime.redis import Redis
from runtime.testing.fault_proxy import FaultProxy
from runtime.testing.postgres_server import PostgresServer
from runtime.testing.redis_server import RedisServer, start_redis

pytestmark = pytest.mark.anyio


async def outcomes(*gates: Gate, times: int, **more: Any) -> Counter[tuple[int, str]]:
    """Status and code of so many requests at once, shared out among the gateways."""

    async def one(gw: Gate) -> tuple[int, str]:
        answer = await gw.chat(**more)
        return answer.status_code, "" if answer.status_code == 200 else answer.json()["error"]["code"]

    return Counter(await asyncio.gather(*(one(gates[index % len(gates)]) for index in range(times))))


async def test_exactly_the_quota_passes(gate: MakeGate) -> None:
    async with gate(replace(LIMITS, quota_requests=10)) as gw:
        assert await outcomes(gw, times=100) == {(200, ""): 10, (429, "insufficient_quota"): 90}
        answer = await gw.chat()
        assert 0 < int(answer.headers["retry-after"]) <= 86400
        assert (await gw.used())["used_requests"] == 10


async def test_exactly_the_quota_passes_through_several_instances(gate: MakeGate) -> None:
    limits = replace(LIMITS, quota_requests=60)
    async with gate(limits) as first, gate(limits) as second:
        # The same customer on both.
        second.client.headers["authorization"] = f"Bearer {first.token}"
        found = await outcomes(first, second, times=160)
        assert found.keys() == {(200, ""), (429, "insufficient_quota")}
        passed = found[(200, "")]
        # Never more. A block that one instance fetches while another gives up waiting for it counts as used.
        while await _counts(first):
            passed += 1
        assert 56 <= passed <= 60


async def test_exactly_the_rate_passes(gate: MakeGate) -> None:
    async with gate(replace(LIMITS, rate_requests=10, rate_seconds=3600)) as gw:
        assert await outcomes(gw, times=100) == {(200, ""): 10, (429, "rate_limit_exceeded"): 90}
        answer = await gw.chat()
        # One in six minutes.
        assert 300 < int(answer.headers["retry-after"]) <= 360


async def test_tokens_are_reserved_before_they_are_used(gate: MakeGate) -> None:
    async with gate(replace(LIMITS, quota_tokens=1000)) as gw:
        # 100 that may be written, about 35 that are asked; 18 in truth.
        found = await outcomes(gw, times=50, text="!slow:300", max_tokens=100)
        assert found.keys() == {(200, ""), (429, "insufficient_quota")}
        assert 5 <= found[(200, "")] <= 9
        used = await gw.used()
        await until(lambda: _settled(gw, 18 * found[(200, "")]))
        assert used["tokens"] == 1000
        assert (await gw.chat(max_tokens=100)).status_code == 200


async def _settled(gw: Gate, tokens: int) -> bool:
    return bool((await gw.used())["used_tokens"] == tokens)


async def test_what_was_counted_is_written_down(gate: MakeGate, dsn: str, redis_server: RedisServer) -> None:
    async with gate() as gw, opened(dsn) as postgres:
        await postgres.open()
        for _ in range(3):
            assert (await gw.chat()).status_code == 200
        await until(lambda: _settled(gw, 3 * 18))
        actor = (await gw.client.get("/v1/limits")).json()["actor"]
        client = Redis.connect(RedisContract(redis_server.endpoint), client_name="test", on_platform=False)
        limiter = Limiter(client, postgres["gateway"])
        limiter.touched.add(Window(actor, "chat_completions", int(time.time()) // 86400 * 86400, 86400))
        await Checkpoint(limiter, client, postgres["gateway"]).write()
        (line,) = await gw.administration.usage(actor)
        assert (line.requests, line.tokens) == (3, 54)
        assert line.granted_requests == 20
        assert limiter.touched == set()
        await client.close()


async def test_what_the_provider_failed_at_counts_for_nothing(gate: MakeGate) -> None:
    async with gate(replace(LIMITS, quota_requests=10)) as gw:
        assert (await gw.chat("!status:418")).status_code == 502
        await until(lambda: _unused(gw))


async def _unused(gw: Gate) -> bool:
    used = await gw.used()
    return bool(used["used_requests"] == used["used_tokens"] == 0)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """One that can be killed. It saves when it is told to, and loads that when it starts."""
    server = start_redis(tmp_path / "redis", "--save", "", "--appendonly", "no")
    yield server
    server.stop()


async def save(server: RedisServer) -> None:
    client = Redis.connect(RedisContract(server.endpoint), client_name="test", on_platform=False)
    await client.save()
    await client.close()


def kill(server: RedisServer) -> None:
    server.process.kill()
    server.process.wait()


@pytest.mark.parametrize("snapshot", ["none", "old"])
async def test_a_killed_redis_gives_nothing_for_nothing(gate: MakeGate, own_redis: RedisServer, snapshot: str) -> None:
    """Killed twice under load, with nothing saved, or with counters that are lower than the truth."""
    quota = 200
    async with gate(replace(LIMITS, quota_requests=quota), redis=own_redis.endpoint) as gw:
        total: Counter[tuple[int, str]] = Counter()
        for _ in range(2):
            total += await outcomes(gw, times=20)
            if snapshot == "old":
                await save(own_redis)
            total += await outcomes(gw, times=30)
            kill(own_redis)
            # Nobody can count: nobody passes.
            without = await outcomes(gw, times=10)
            assert without.keys() == {(503, "unavailable")}
            own_redis.restart()
            await until(lambda: _counts(gw))
            # What that one took.
            total[(200, "")] += 1
        # No request for nothing, and at most the blocks that were under way are lost: four requests each.
        while (found := await outcomes(gw, times=40)).get((200, "")):
            total += found
        assert found == {(429, "insufficient_quota"): 40}
        assert quota - 2 * quota // 50 <= total[(200, "")] <= quota


async def test_an_old_snapshot_is_not_believed(gate: MakeGate, own_redis: RedisServer) -> None:
    """Each time it has one request left that was used after it was taken."""
    async with gate(replace(LIMITS, quota_requests=100), redis=own_redis.endpoint) as gw:
        for _ in range(3):
            # The first of a block of two.
            await until(lambda: _counts(gw))
            await save(own_redis)
            assert await _counts(gw)
            await asyncio.to_thread(kill, own_redis)
            await asyncio.to_thread(own_redis.restart)
        passed = 6
        await until(lambda: _counts(gw))
        passed += 1
        while await _counts(gw):
            passed += 1
        assert passed == 100


async def _counts(gw: Gate) -> bool:
    return (await gw.chat()).status_code == 200


async def test_a_redis_killed_at_any_moment(gate: MakeGate, own_redis: RedisServer) -> None:
    quota = 150
    async with gate(replace(LIMITS, quota_requests=quota), redis=own_redis.endpoint) as gw:
        passed = 0
        running = True

        async def caller() -> None:
            nonlocal passed
            while running:
                answer = await gw.chat()
                passed += answer.status_code == 200
                if answer.status_code == 429:
                    return

        async with asyncio.TaskGroup() as tasks:
            for _ in range(8):
                tasks.create_task(caller())
            for goal in (20, 50, 80):
                await until(lambda goal=goal: passed >= goal)  # type: ignore[misc]
                await save(own_redis)
                await until(lambda goal=goal: passed >= goal + 10)  # type: ignore[misc]
                await asyncio.to_thread(kill, own_redis)
                await asyncio.to_thread(own_redis.restart)
        assert 100 <= passed <= quota


async def test_without_a_database_known_keys_use_up_what_was_granted(
    gate: MakeGate, postgres_server: PostgresServer, dsn: str
) -> None:
    async with FaultProxy(postgres_server.host, postgres_server.port) as proxy:
        through = dsn.replace(f":{postgres_server.port}/", f":{proxy.port}/")
        limits = replace(LIMITS, quota_requests=500)
        async with gate(limits, database=through, ACTOR_CACHE="1ms") as gw:
            assert (await gw.chat()).status_code == 200
            proxy.cut()
            # A block is ten, and one of them is used. An unknown key is not let in, nor told that it is wrong.
            found = await outcomes(gw, times=30)
            assert found == {(200, ""): 9, (503, "unavailable"): 21}
            headers = {"authorization": "Bearer mgk_" + 64 * "0"}
            assert (await gw.client.post("/v1/chat/completions", headers=headers, json={})).status_code == 503
            proxy.mend()
            await until(lambda: _counts(gw))


async def test_a_quota_that_changes(gate: MakeGate) -> None:
    async with gate(replace(LIMITS, quota_requests=100), ACTOR_CACHE="1ms") as gw:
        actor = (await gw.client.get("/v1/limits")).json()["actor"]

        async def change(requests: int) -> None:
            limits = replace(LIMITS, quota_requests=requests)
            await gw.administration.allow(actor, "chat_completions", limits)

        assert await outcomes(gw, times=30) == {(200, ""): 30}
        await change(20)
        assert await outcomes(gw, times=5) == {(429, "insufficient_quota"): 5}
        await change(40)
        assert await outcomes(gw, times=20) == {(200, ""): 10, (429, "insufficient_quota"): 10}
