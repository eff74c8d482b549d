"""uvicorn, with the life cycle's hand on it: no signals of its own, and a stop that no request notices."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Generator
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ..lifecycle.budget import CLOSED, DRAINED, Budget
from ..lifecycle.stop import Stop
from ..service import App

LOGGER = logging.getLogger("runtime.http")

KEEP_ALIVE = 620
"""Seconds: longer than Google's load balancer keeps idle connections, so that it is never surprised by a closed one.
https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries"""
TICK = 0.02
"""Seconds between two looks at how a stop goes."""
BACKLOG = 2048

HTTP2 = b"PRI * HTTP/2.0"
REFUSED = b"HTTP/1.1 505 HTTP Version Not Supported\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Protocol(HttpToolsProtocol):
    """HTTP/1, and a clear word where something speaks HTTP/2 without TLS."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        # uvicorn's access log has whole URLs, and it is on wherever somebody listens to its logger.
        self.access_log = False

    def data_received(self, data: bytes) -> None:
        if data.startswith(HTTP2):
            LOGGER.error(
                "HTTP/2 without TLS is not spoken here: set `service: {protocol: http1}` in service.yaml; Cloud Run still"
                " speaks HTTP/2 with clients"
            )
            self.transport.write(REFUSED)
            self.transport.close()
            return
        super().data_received(data)


class Server(uvicorn.Server):
    """Serves an application on a socket until it is told to stop.

    ready         called once, when requests are answered
    drain_delay   seconds for which the port stays open after the stop began
    budget        of the stop, made when it begins
    """

    def __init__(
        self, app: App, stop: Stop, ready: Callable[[], None], budget: Callable[[], Budget], drain_delay: float
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                interface="asgi3",
                http=Protocol,
                ws="none",
                lifespan="auto",
                log_config=None,
                access_log=False,
                server_header=False,
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE,
                proxy_headers=False,
            )
        )
        self._stop = stop
        self._ready = ready
        self._budget = budget
        self._drain_delay = drain_delay

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def main_loop(self) -> None:
        ticks = 0
        await self.on_tick(ticks)
        self._ready()
        while not self._stop.requested:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._stop.wait()
            # uvicorn counts tenths of seconds, and writes the date into its headers at each tenth of them.
            ticks += 10
            await self.on_tick(ticks)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Callers leave, then the port closes, then what still runs ends; nothing of it takes longer than its share."""
        budget = self._budget()
        await self._until_callers_left(budget)
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._until(
            lambda: not self.server_state.connections and not self.server_state.tasks, budget.until(DRAINED)
        )
        if self.server_state.tasks:
            LOGGER.error("%d requests did not end in time: they are cut off", len(self.server_state.tasks))
            for task in list(self.server_state.tasks):
                task.cancel()
            await self._until(lambda: not self.server_state.tasks, min(1.0, budget.until(CLOSED)))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(budget.until(CLOSED)):
                await self.lifespan.shutdown()

    async def _until_callers_left(self, budget: Budget) -> None:
        """Responses say `connection: close` now: who is about to send a next request opens no window for a lost one.

        A caller with a connection at rest is waited for no longer than the delay, and with Ctrl-C not at all.
        """
        reason = self._stop.reason
        if reason is not None and reason.signal is not signal.SIGINT:
            await self._until(lambda: not self.server_state.connections, min(self._drain_delay, budget.until(DRAINED)))

    async def _until(self, done: Callable[[], bool], seconds: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while not done() and loop.time() < until:
            await asyncio.sleep(TICK)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises OSError where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound
