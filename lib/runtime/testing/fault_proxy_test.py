"""Each fault as a client sees it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from runtime.testing.fault_proxy import FaultProxy

pytestmark = pytest.mark.anyio


@pytest.fixture
async def proxy() -> AsyncIterator[FaultProxy]:
    """In front of a server that sends back what it gets."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionResetError):
            while data := await reader.read(65536):
                writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with FaultProxy("127.0.0.1", server.sockets[0].getsockname()[1]) as proxy:
        yield proxy
    server.close()


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def connect(cls, proxy: FaultProxy) -> Client:
        return cls(*await asyncio.open_connection(proxy.host, proxy.port))

    async def echo(self, data: bytes) -> bytes:
        self.writer.write(data)
        return await self.reader.readexactly(len(data))


async def test_without_faults_it_passes_everything_on(proxy: FaultProxy) -> None:
    client = await Client.connect(proxy)
    data = bytes(range(256)) * 4096
    assert await client.echo(data) == data
    client.writer.close()
    while proxy.connections:
        await asyncio.sleep(0)


async def test_a_cut_resets_old_connections_and_refuses_new_ones_until_mended(proxy: FaultProxy) -> None:
    client = await Client.connect(proxy)
    await client.echo(b"hello")
    proxy.cut()
    with pytest.raises(ConnectionResetError):
        await client.reader.readexactly(1)
    refused = await Client.connect(proxy)
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError, BrokenPipeError)):
        await refused.echo(b"hello")
    proxy.mend()
    assert await (await Client.connect(proxy)).echo(b"hello") == b"hello"


async def test_a_black_hole_takes_everything_and_gives_nothing(proxy: FaultProxy) -> None:
    quiet, client = await Client.connect(proxy), await Client.connect(proxy)
    await quiet.echo(b"hello")
    await client.echo(b"hello")
    proxy.black_hole()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.echo(b"hello"), 0.1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for((await Client.connect(proxy)).echo(b"hello"), 0.1)
    proxy.mend()
    with pytest.raises(ConnectionResetError):
        await client.reader.readexactly(1)
    # Nothing of this one was lost.
    assert await quiet.echo(b"again") == b"again"


async def test_a_delay_and_a_throttle_take_their_time(proxy: FaultProxy) -> None:
    client = await Client.connect(proxy)
    proxy.faults.delay = 0.1
    started = time.monotonic()
    await client.echo(b"hello")
    assert 0.2 <= time.monotonic() - started < 2
    proxy.mend()
    proxy.faults.bytes_per_second = 10_000
    started = time.monotonic()
    await client.echo(bytes(2_000))
    assert 0.2 <= time.monotonic() - started < 2
