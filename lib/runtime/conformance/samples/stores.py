"""A service that uses PostgreSQL and Redis in each request. `python -X sabotage=<name> -m …` breaks a promise (sabotage.py)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from runtime import App, Runtime, Secret, Service, env, start
from runtime.conformance.samples.sabotage import chosen, sabotage
from runtime.service import Receive, Scope, Send

LOGGER = logging.getLogger("sample")

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Config:
    key: Secret = env.secret("UPSTREAM_KEY", help="What upstream knows it by.")


class Sample(Service[Config]):
    name = "sample"
    version = "1.2.3"
    description = "A service for the tests of the conformance kit."
    config = Config
    migrations: ClassVar[Mapping[str, Path]] = {"sample": MIGRATIONS}

    async def initialize(self, runtime: Runtime[Config]) -> App:
        if runtime.contract.postgres is None:
            return _plain
        postgres, redis = runtime.postgres, runtime.redis
        await _held(runtime)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                raise NotImplementedError
            async with postgres["sample"].connection() as connection:
                await connection.execute("SELECT count(*) FROM notes")
            await redis.get("notes")
            LOGGER.debug("counted")
            await _answer(send)

        return app


async def _plain(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise NotImplementedError
    await _answer(send)


async def _answer(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


async def _held(runtime: Runtime[Config]) -> None:
    """Connections beside the pool's, where that is what is sabotaged."""
    if chosen() != "connects-beside-the-pool":
        return
    import psycopg

    from runtime.postgres.connecting import Address
    from runtime.postgres.settings import Settings

    assert runtime.contract.postgres is not None
    address = Address(runtime.contract.postgres, "sample", "beside", Settings(), runtime.google_identity.token)
    arguments: dict[str, Any] = await address.arguments()
    kept = await asyncio.gather(*(psycopg.AsyncConnection.connect(**arguments) for _ in range(5)))
    runtime.background("keeper", lambda: asyncio.sleep(3600, kept))


if __name__ == "__main__":
    sabotage()
    start(Sample())
