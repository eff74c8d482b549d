"""How long an answer about a key is used, with a clock that the test moves."""

from __future__ import annotations

import time

import pytest

from gateway.actors import Actors
from gateway.administration import Administration, KeyTakenError, NotFoundError
from gateway.conftest import LICENSE, LIMITS, opened
from gateway.errors import Refusal
from gateway.keys import derive
from gateway.service import Gateway
from gateway.testing.waiting import until
from runtime.testing.fault_proxy import FaultProxy
from runtime.testing.postgres_server import PostgresServer

pytestmark = pytest.mark.anyio


async def refused(actors: Actors, token: str) -> int:
    with pytest.raises(Refusal) as caught:
        await actors.find(token.encode())
    return caught.value.status


async def is_refused(actors: Actors, token: str, status: int) -> bool:
    return await refused(actors, token) == status


async def test_how_soon_things_take_effect(postgres_server: PostgresServer, dsn: str) -> None:
    now = 1000.0
    async with FaultProxy(postgres_server.host, postgres_server.port) as proxy:
        through = dsn.replace(f":{postgres_server.port}/", f":{proxy.port}/")
        async with opened(dsn, Gateway.migrations) as direct, opened(through) as postgres:
            await direct.open()
            await postgres.open()
            administration = Administration(direct["gateway"])
            actors = Actors(postgres["gateway"], 10, 300, clock=lambda: now, now=lambda: now)
            token = derive(LICENSE)
            assert await refused(actors, token) == 401
            await administration.put_actor("a", "A")
            await administration.allow("a", "embeddings", LIMITS)
            assert await administration.add_key("a", LICENSE) == token
            # What was not there is remembered as long as what was.
            assert await refused(actors, token) == 401
            now += 10
            assert (await actors.find(token.encode())).features == {"embeddings": LIMITS}

            await administration.enable("a", False)
            now += 9.9
            assert (await actors.find(token.encode())).id == "a"
            now += 0.1
            assert await refused(actors, token) == 401
            await administration.enable("a", True)
            now += 10
            assert (await actors.find(token.encode())).id == "a"

            proxy.cut()
            now += 299
            assert (await actors.find(token.encode())).id == "a"
            now += 1
            assert await refused(actors, token) == 503
            proxy.mend()
            now += 2
            await administration.revoke_key(token)
            await until(lambda: is_refused(actors, token, 401))
            with pytest.raises(KeyTakenError):
                await administration.add_key("a", LICENSE)
            with pytest.raises(NotFoundError):
                await administration.revoke_key(token)


async def test_a_key_that_ends(dsn: str) -> None:
    now = time.time()
    async with opened(dsn, Gateway.migrations) as postgres:
        await postgres.open()
        administration = Administration(postgres["gateway"])
        actors = Actors(postgres["gateway"], 10**9, 10**9, now=lambda: now)
        await administration.put_actor("a", "A")
        token = await administration.add_key("a", LICENSE, days=1)
        assert (await actors.find(token.encode())).id == "a"
        now += 86401
        assert await refused(actors, token) == 401
        with pytest.raises(NotFoundError):
            await administration.add_key("b", LICENSE)
        with pytest.raises(NotFoundError):
            await administration.forbid("a", "embeddings")
        (line,) = await administration.actors()
        assert (line.id, line.enabled, line.keys) == ("a", True, 1)
