"""Blocks of an actor's quota, each unit of which PostgreSQL hands out once."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.errors import ForeignKeyViolation

from gateway.actors import FeatureLimits
from runtime.postgres import Database

SHARE = 50
"""A block is this part of the quota: what a restart of Redis may cost an actor, per window and instance of the gateway."""
LARGEST_REQUESTS = 1000
LARGEST_TOKENS = 1_000_000


class UnknownActorError(LookupError):
    """The actor was deleted meanwhile."""


@dataclass(frozen=True)
class Window:
    """One actor's feature in one stretch of time; seconds since 1970, a multiple of the quota's own length."""

    actor: str
    feature: str
    start: int
    seconds: int

    @property
    def end(self) -> int:
        return self.start + self.seconds


@dataclass(frozen=True)
class Grant:
    """What was granted before and after."""

    requests: tuple[int, int]
    tokens: tuple[int, int]

    @property
    def is_empty(self) -> bool:
        return self.requests[0] == self.requests[1] and self.tokens[0] == self.tokens[1]


_INSERT = """
    INSERT INTO quota_grants (actor_id, feature, window_start) VALUES (%s, %s, to_timestamp(%s)) ON CONFLICT DO NOTHING
"""
_LOCK = """
    SELECT requests, tokens FROM quota_grants
    WHERE actor_id = %s AND feature = %s AND window_start = to_timestamp(%s) FOR UPDATE
"""
_UPDATE = """
    UPDATE quota_grants SET requests = %s, tokens = %s, updated_at = now()
    WHERE actor_id = %s AND feature = %s AND window_start = to_timestamp(%s)
"""


async def grant(database: Database, window: Window, limits: FeatureLimits, requests: int, tokens: int) -> Grant:
    """Take the next blocks: at least so many requests and tokens, where the quota still has them.

    Raises UnknownActorError, and psycopg's OperationalError where the database can't be asked.
    """
    key = (window.actor, window.feature, window.start)
    async with database.transaction() as connection:
        try:
            await connection.execute(_INSERT, key)
        except ForeignKeyViolation:
            raise UnknownActorError from None
        row = await (await connection.execute(_LOCK, key)).fetchone()
        assert row is not None
        more_requests = _block(limits.quota_requests, LARGEST_REQUESTS, requests)
        more_tokens = _block(limits.quota_tokens, LARGEST_TOKENS, tokens)
        made = Grant(
            (row[0], _granted(row[0], limits.quota_requests, more_requests)),
            (row[1], _granted(row[1], limits.quota_tokens, more_tokens)),
        )
        if not made.is_empty:
            await connection.execute(_UPDATE, (made.requests[1], made.tokens[1], *key))
    return made


def _block(quota: int | None, largest: int, needed: int) -> int:
    """Nothing where nothing is needed: a grant for the sake of tokens leaves requests alone."""
    if quota is None or needed <= 0:
        return 0
    return max(needed, min(largest, quota // SHARE))


def _granted(before: int, quota: int | None, more: int) -> int:
    # A quota that was lowered meanwhile takes nothing back.
    return before if quota is None else max(before, min(quota, before + more))
