"""The way to the databases, with faults at will: proxies on an event loop of their own, in a thread."""

from __future__ import annotations

import asyncio
import errno
import secrets
import ssl
import threading
from types import TracebackType
from typing import Self

from runtime.testing.fault_proxy import FaultProxy

POSTGRES_PORT = 5432
"""The one that Cloud SQL has: the contract gives an address without one."""


class Link:
    """One proxy, from the threads of the checks."""

    def __init__(self, loop: asyncio.AbstractEventLoop, proxy: FaultProxy) -> None:
        self._loop, self._proxy = loop, proxy
        self.host, self.port = proxy.host, proxy.port

    def cut(self) -> None:
        """Every connection ends with a reset, new ones too."""
        self._loop.call_soon_threadsafe(self._proxy.cut)

    def black_hole(self) -> None:
        """Nothing goes through and nobody says so."""
        self._loop.call_soon_threadsafe(self._proxy.black_hole)

    def mend(self) -> None:
        self._loop.call_soon_threadsafe(self._proxy.mend)


class Network:
    """Ends every connection when its block ends."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="conformance-network", daemon=True)
        self._proxies: list[FaultProxy] = []

    def postgres(self, port: int, tls: ssl.SSLContext) -> Link:
        """PostgreSQL with TLS at an address of its own, on the port that it has everywhere."""
        for _ in range(20):
            parts = (127, *(1 + secrets.randbelow(250) for _ in range(3)))
            listen = (".".join(map(str, parts)), POSTGRES_PORT)
            try:
                return self._add(FaultProxy("127.0.0.1", port, tls=tls, postgres_tls=True, listen=listen))
            except OSError as error:
                if error.errno not in (errno.EADDRINUSE, errno.EADDRNOTAVAIL):
                    raise
        # Systems that give a machine one address of its own.
        listen = ("127.0.0.1", POSTGRES_PORT)
        return self._add(FaultProxy("127.0.0.1", port, tls=tls, postgres_tls=True, listen=listen))

    def tls(self, port: int, tls: ssl.SSLContext) -> Link:
        """Redis or an HTTP server with TLS, on a free port."""
        return self._add(FaultProxy("127.0.0.1", port, tls=tls))

    def _add(self, proxy: FaultProxy) -> Link:
        asyncio.run_coroutine_threadsafe(proxy.start(), self._loop).result(10)
        self._proxies.append(proxy)
        return Link(self._loop, proxy)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for proxy in self._proxies:
            asyncio.run_coroutine_threadsafe(proxy.stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
