"""Waiting for what has to come, without knowing when."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable

PATIENCE = 20.0
TICK = 0.01


async def until(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    """Raises TimeoutError when it does not come within `PATIENCE` seconds."""
    async with asyncio.timeout(PATIENCE):
        while True:
            met = condition()
            if (await met if inspect.isawaitable(met) else met):
                return
            await asyncio.sleep(TICK)
