"""The cache: redis-py's asynchronous client with limits, safe retries and spans. Needs redis[hiredis]."""

from __future__ import annotations

from runtime.extras import REQUIREMENTS, missing

try:
    import redis as _redis
except ModuleNotFoundError as error:
    if error.name != "redis":
        raise
    raise missing("redis", REQUIREMENTS["redis"], "runtime.redis") from None

from runtime.redis.client import Pipeline, Redis
from runtime.redis.errors import RedisIdentityError, RedisPoolExhaustedError
from runtime.redis.settings import Settings

__all__ = ["Pipeline", "Redis", "RedisIdentityError", "RedisPoolExhaustedError", "Settings"]

del _redis
