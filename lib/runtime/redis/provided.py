"""`runtime.redis`."""

from __future__ import annotations

from typing import Any

from runtime.redis.client import Redis
from runtime.redis.settings import Settings
from runtime.runtime import Runtime


async def provide(runtime: Runtime[Any]) -> Redis:
    """The cache, which has answered once."""
    contract = runtime.contract
    assert contract.redis is not None
    return await runtime.use(
        Redis.connect(
            contract.redis,
            client_name=runtime.identity.client_name,
            on_platform=contract.on_platform,
            identity=runtime.google_identity if contract.on_platform else None,
            settings=runtime.program.redis_settings or Settings(),
        )
    )
