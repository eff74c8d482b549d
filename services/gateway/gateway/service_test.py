"""The service on real servers: it boots, migrates, and is ready."""

from __future__ import annotations

import httpx
import pytest

from gateway.service import Gateway
from runtime.testing.redis_server import RedisServer
from runtime.testing.served import serve

pytestmark = pytest.mark.anyio


async def test_it_boots(redis_server: RedisServer, dsn: str) -> None:
    variables = {
        "PGDSN": dsn,
        "PGDATABASES": "gateway",
        "REDIS_ENDPOINT": redis_server.endpoint,
        "OPENAI_API_KEY": "sk-organisation",
        "ANTHROPIC_API_KEY": "sk-ant-organisation",
    }
    async with serve(Gateway(), variables=variables) as served, httpx.AsyncClient() as client:
        assert (await client.get(f"{served.url}/-/readyz")).status_code == 200
