"""A TCP proxy that misbehaves on request: what a network and a failing server do to a client, on this machine.

    async with FaultProxy("127.0.0.1", 5432) as proxy:
        …                        # connect to proxy.host, proxy.port
        proxy.cut()              # every connection ends with a reset, new ones are refused
        proxy.mend()
"""

from __future__ import annotations

import asyncio
import ssl
import struct
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET
from types import TracebackType
from typing import Self

CHUNK = 65536


@dataclass
class Faults:
    """What happens to traffic from now on; nothing by default."""

    delay: float = 0.0
    """Seconds that every chunk waits, in each direction."""
    bytes_per_second: float | None = None
    """Throttle of each direction of each connection."""
    refuse: bool = False
    """New connections are reset as soon as they are made."""
    black_hole: bool = False
    """Connections are accepted and what is sent is taken, but nothing is passed on: no error, no answer."""


@dataclass(eq=False)
class _Link:
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter | None = None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    lost: bool = False
    """Whether a black hole has swallowed some of its traffic: it can't go on after that."""


class FaultProxy:
    """Listens and forwards to `host:port`, as `faults` has it at each moment.

    listen        address and port to listen on; port 0 is a free one
    tls           end TLS here and speak plainly to the server
    postgres_tls  with `tls`: as PostgreSQL begins it, after a request of its own
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tls: ssl.SSLContext | None = None,
        postgres_tls: bool = False,
        listen: tuple[str, int] = ("127.0.0.1", 0),
    ) -> None:
        self.faults = Faults()
        self.accepted = 0
        """Connections that clients have made, refused ones too."""
        self._target = (host, port)
        self._tls = tls
        self._postgres_tls = postgres_tls
        self._links: set[_Link] = set()
        self._server: asyncio.Server | None = None
        self.host, self.port = listen

    async def start(self) -> None:
        at_once = self._tls if not self._postgres_tls else None
        self._server = await asyncio.start_server(self._accept, self.host, self.port, ssl=at_once)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
        tasks = [task for link in self._links for task in link.tasks]
        self.drop()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def connections(self) -> int:
        """Connections that are open now."""
        return len(self._links)

    def drop(self) -> None:
        """Reset every open connection; new ones work."""
        for link in tuple(self._links):
            self._reset(link)

    def cut(self) -> None:
        """Reset every open connection and refuse new ones until `mend`."""
        self.faults.refuse = True
        self.drop()

    def black_hole(self) -> None:
        """Swallow everything on old and new connections until `mend`: a firewall that forgot them."""
        self.faults.black_hole = True

    def mend(self) -> None:
        """No faults any more. Connections of which a black hole has swallowed something are reset."""
        self.faults = Faults()
        for link in tuple(self._links):
            if link.lost:
                self._reset(link)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        link = _Link(writer)
        self._links.add(link)
        if self.faults.refuse:
            self._reset(link)
            return
        current = asyncio.current_task()
        assert current is not None
        link.tasks.append(current)
        try:
            await self._serve(link, reader)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._reset(link)

    async def _serve(self, link: _Link, reader: asyncio.StreamReader) -> None:
        if self.faults.black_hole:
            link.lost = True
            while await reader.read(CHUNK):
                pass
            return
        if self._tls is not None and self._postgres_tls:
            # https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
            await reader.readexactly(8)
            link.client.write(b"S")
            await link.client.drain()
            await link.client.start_tls(self._tls)
        from_server, link.server = await asyncio.open_connection(*self._target)
        forth = asyncio.create_task(self._pump(link, reader, link.server))
        back = asyncio.create_task(self._pump(link, from_server, link.client))
        link.tasks += [forth, back]
        await asyncio.wait((forth, back), return_when=asyncio.FIRST_COMPLETED)

    async def _pump(self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            if self.faults.black_hole:
                link.lost = True
                continue
            rate = self.faults.bytes_per_second
            if self.faults.delay:
                await asyncio.sleep(self.faults.delay)
            step = len(data) if rate is None else max(1, int(rate / 20))
            for start in range(0, len(data), step):
                piece = data[start : start + step]
                if rate is not None:
                    await asyncio.sleep(len(piece) / rate)
                writer.write(piece)
                await writer.drain()

    def _reset(self, link: _Link) -> None:
        """End both sides with a reset rather than a farewell, as a crash or a firewall does."""
        if link not in self._links:
            return
        self._links.discard(link)
        for writer in (link.client, link.server):
            if writer is None:
                continue
            raw = writer.get_extra_info("socket")
            if raw is not None and raw.fileno() >= 0:
                raw.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        for task in link.tasks:
            if task is not asyncio.current_task():
                task.cancel()
