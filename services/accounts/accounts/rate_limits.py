"""Rate limits, counted in Redis for all instances together.

They are there against load, not against guessing: every secret has 256 bits. So a cache that does not answer lets requests
through, with a line in the log.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from redis.exceptions import RedisError

from accounts.errors import TooManyRequestsError
from runtime.redis import Redis

LOGGER = logging.getLogger("accounts.rate_limits")

# The generic cell rate algorithm: one number per key, the time at which it will be as if nothing had happened.
# https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local gap, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + gap
local wait = due - gap * burst - now
if wait > 0 then return wait end
redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000))
return 0
"""


@dataclass(frozen=True)
class Limit:
    """So many at once, and as many more in each `seconds`, evenly."""

    name: str
    count: int
    seconds: float


SIGN_INS = Limit("sign-in", 60, 60)
"""Begun or ended by one address. Many people may be behind it."""
BAD_TOKENS = Limit("bad-token", 20, 60)
"""Refused API tokens of one address."""
TOKEN_REQUESTS = Limit("token", 600, 60)
"""Requests with one API token."""


class RateLimits:
    """Counts and refuses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def take(self, limit: Limit, whose: str) -> None:
        """Count one. TooManyRequestsError where it is one too many."""
        # An address is personal data, a key in Redis is not its place.
        key = f"limit:{limit.name}:{hashlib.sha256(whose.encode()).hexdigest()[:32]}"
        gap = limit.seconds * 1_000_000 / limit.count
        try:
            wait = await self._redis.eval(SCRIPT, 1, key, str(int(gap)), str(limit.count))  # type: ignore[misc, no-untyped-call, unused-ignore]
        except (RedisError, TimeoutError) as error:
            LOGGER.warning("rate limit %s is not counted: %s", limit.name, type(error).__name__)
            return
        if int(wait) > 0:
            seconds = int(wait) / 1_000_000
            raise TooManyRequestsError(f"Too many requests. Try again in {max(1, round(seconds))} s.", seconds)
