"""Something that is fetched when it is needed, kept for a while, and fetched once for all who ask meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from .errors import ProviderError

T = TypeVar("T")

LOGGER = logging.getLogger("runtime.oidc")

FRESH_SECONDS = 3600.0
"""How long a document is used without looking whether it has changed."""
KEPT_SECONDS = 24 * 3600.0
"""How long it is used while its source can't be reached: a provider that is away for an hour locks nobody out."""
FLOOR_SECONDS = 30.0
"""How long nobody asks again for what was just fetched, whatever key a token claims to be signed with."""
RETRY_SECONDS = 2.0
"""How long everybody gets the error of the last try, instead of one time-out after the other, where there is no value."""


class Cached(Generic[T]):
    """Refreshed on use, never in the background: an instance that is idle has no CPU.

    load   raises ProviderError
    clock  seconds since 1970
    """

    def __init__(self, what: str, load: Callable[[], Awaitable[T]], clock: Callable[[], float]) -> None:
        self._what = what
        self._load = load
        self._clock = clock
        self._value: T | None = None
        self._loaded_at = float("-inf")
        self._error: ProviderError | None = None
        self._failed_at = float("-inf")
        self._lock = asyncio.Lock()

    async def get(self) -> T:
        """The value, new enough. ProviderError where there is none."""
        if self._value is not None and self._lock.locked() and self._age() < KEPT_SECONDS:
            # Somebody is looking for a newer one, which may take until a time-out.
            return self._value
        return await self._newer_than(FRESH_SECONDS)

    async def renewed(self) -> T:
        """The value as it is now: for what should be in it and is not. ProviderError likewise."""
        return await self._newer_than(FLOOR_SECONDS)

    async def _newer_than(self, seconds: float) -> T:
        if self._value is None or self._age() >= seconds:
            async with self._lock:
                # Somebody else may have fetched it while this task waited.
                if self._value is None or self._age() >= seconds:
                    await self._refresh()
        assert self._value is not None
        return self._value

    async def _refresh(self) -> None:
        patience = RETRY_SECONDS if self._value is None else FLOOR_SECONDS
        if self._error is None or not 0 <= self._clock() - self._failed_at < patience:
            try:
                self._value = await self._load()
                self._loaded_at = self._clock()
                self._error = None
                return
            except ProviderError as error:
                self._error, self._failed_at = error, self._clock()
                if self._value is not None:
                    LOGGER.warning("the %s of %.0f s ago is used on: %s", self._what, self._age(), error)
        if self._value is None or self._age() >= KEPT_SECONDS:
            raise ProviderError(str(self._error))

    def _age(self) -> float:
        # A clock that was set back makes nothing young again.
        age = self._clock() - self._loaded_at
        return age if age >= 0 else float("inf")
