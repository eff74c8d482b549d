"""Noticing at once that the client has left, whatever is being waited for."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from runtime.service import Receive


class ClientLeft(Exception):
    """The client closed the connection before it had its answer."""


class Presence:
    """`async with Presence(receive):` cancels the block when the client leaves, and raises ClientLeft in its stead.

    To be entered after the request's body was read: from then on `receive` has nothing but the end to tell. It works as
    asyncio.timeout does, so that a cancellation from elsewhere stays one.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = False

    async def __aenter__(self) -> Self:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._cancelling = task.cancelling()
        self._watch = asyncio.create_task(self._wait())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._watch.cancel()
        if self._left and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise ClientLeft from None

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._left = True
        self._task.cancel()
