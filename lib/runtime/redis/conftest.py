"""Real servers for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from runtime.testing.fault_proxy import FaultProxy
from runtime.testing.redis_server import RedisServer
from runtime.testing.servers import redis_server

__all__ = ["proxy", "redis_server"]


@pytest.fixture
async def proxy(redis_server: RedisServer) -> AsyncIterator[FaultProxy]:
    """The way to the server, which can be broken."""
    async with FaultProxy(redis_server.host, redis_server.port) as proxy:
        yield proxy
