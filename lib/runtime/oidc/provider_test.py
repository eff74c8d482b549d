"""What a provider may say and take, and how often it is asked."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from runtime.contract import Secret
from runtime.oidc import OpenIdProvider, ProviderError
from runtime.oidc.cached import Cached
from runtime.oidc.fetching import MAXIMUM_BYTES, checked_url, fetch_json
from runtime.testing.issuer import Clock, Issuer

pytestmark = pytest.mark.anyio

DOCUMENT = "/.well-known/openid-configuration"


def provider_of(issuer: Issuer, http: httpx.AsyncClient) -> OpenIdProvider:
    return OpenIdProvider(issuer.url, "me", Secret("s"), http=http, clock=issuer.clock)


@pytest.mark.parametrize(
    "issuer", ["http://issuer.example", "issuer.example", "", "https://", "ftp://x", "https://a@b", "https://x:y", "https://[::1"]
)
async def test_an_issuer_without_tls_is_refused(issuer: str) -> None:
    with pytest.raises(ValueError, match="the issuer is not"):
        OpenIdProvider(issuer, "me", Secret("s"), http=httpx.AsyncClient())


@pytest.mark.parametrize("url", ["http://localhost:9400", "http://127.0.0.1:1", "http://[::1]:1", "https://issuer.example/a"])
async def test_on_this_machine_it_may_do_without(url: str) -> None:
    assert checked_url(url, "issuer") == url


@pytest.mark.parametrize("url", ["http://127.0.0.1.evil.example", "http://localhost.evil.example", "http://10.0.0.1"])
async def test_what_only_looks_like_this_machine(url: str) -> None:
    with pytest.raises(ProviderError, match="https://"):
        checked_url(url, "issuer")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"issuer": "https://evil.example"}, "another issuer"),
        ({"issuer": "https://issuer.example/"}, "another issuer"),
        ({"issuer": None}, "another issuer"),
        ({"jwks_uri": None}, "jwks_uri is missing"),
        ({"jwks_uri": "http://issuer.example/keys"}, "jwks_uri is not an https"),
        ({"token_endpoint": "http://issuer.example/token"}, "token_endpoint is not an https"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "authorization_endpoint is not"),
        ({"userinfo_endpoint": 7}, "userinfo_endpoint is missing or not a text"),
    ],
)
async def test_a_description_that_can_not_be(document: dict[str, object], message: str) -> None:
    issuer = Issuer(document=document)
    async with issuer.client() as http:
        with pytest.raises(ProviderError, match=message):
            await provider_of(issuer, http).metadata()


async def test_an_issuer_with_a_path() -> None:
    issuer = Issuer(url="https://issuer.example/tenant/")
    async with issuer.client() as http:
        assert (await provider_of(issuer, http).metadata()).issuer == issuer.url
    assert issuer.asked("/tenant" + DOCUMENT) == 1


# ---- answers ----

Serve = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def served(serve: Serve) -> AsyncIterator[str]:
    """A server that sends what it is told to."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await serve(writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield "http://127.0.0.1:{}/x?secret=1".format(server.sockets[0].getsockname()[1])


def raw(head: str, body: bytes = b"") -> Serve:
    async def serve(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {head}\r\nconnection: close\r\n\r\n".encode() + body)
        await writer.drain()

    return serve


async def drips(writer: asyncio.StreamWriter) -> None:
    """Each byte in time, the whole never."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n{")
    while True:
        writer.write(b" " * 65536)
        await writer.drain()


async def silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("serve", "message"),
    [
        (endless, f"more than {MAXIMUM_BYTES} bytes"),
        (drips, "within 0.2 s"),
        (silent, "within 0.2 s"),
        (raw("302 Found\r\nlocation: http://169.254.169.254/"), "answered 302"),
        (raw("500 Oops", b"secret"), "answered 500"),
        (raw("200 OK", b"<html>secret"), "is not JSON"),
        (raw("200 OK", b"[" * 100000), "is not JSON"),
        (raw("200 OK", b"[1]"), "not a JSON object"),
        (raw("200 OK\r\ncontent-encoding: gzip", gzip.compress(b" " * 10**7)), "compressed"),
        (raw("nonsense"), "RemoteProtocolError"),
    ],
)
async def test_answers_are_bounded(serve: Serve, message: str) -> None:
    async with served(serve) as url, httpx.AsyncClient(trust_env=False, timeout=None) as http:
        with pytest.raises(ProviderError, match=message) as caught:
            await fetch_json(http, "GET", url, "answer", seconds=5.0 if serve is endless else 0.2)
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


async def test_nobody_listens() -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises(ProviderError, match="ConnectError"):
            await fetch_json(http, "GET", "http://127.0.0.1:1/", "answer")


# ---- caching ----


class Source:
    def __init__(self) -> None:
        self.clock = Clock()
        self.loads = 0
        self.error: ProviderError | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.cached: Cached[int] = Cached("number", self.load, self.clock)

    async def load(self) -> int:
        self.loads += 1
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.loads


async def until_waiting() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_one_fetch_serves_all_who_ask() -> None:
    source = Source()
    source.gate.clear()
    asking = [asyncio.create_task(source.cached.get()) for _ in range(20)]
    await until_waiting()
    source.gate.set()
    assert set(await asyncio.gather(*asking)) == {1}


async def test_who_asked_first_may_go_away() -> None:
    source = Source()
    source.gate.clear()
    first, second = (asyncio.create_task(source.cached.get()) for _ in range(2))
    await until_waiting()
    first.cancel()
    await until_waiting()
    source.gate.set()
    assert await second == 2


async def test_it_is_looked_at_again_after_an_hour() -> None:
    source = Source()
    await source.cached.get()
    source.clock.now += 3599
    assert await source.cached.get() == 1
    source.clock.now += 1
    assert await source.cached.get() == 2
    source.clock.now -= 10
    assert await source.cached.get() == 3, "a clock that was set back"


async def test_nobody_makes_us_ask_more_often_than_every_half_minute() -> None:
    source = Source()
    for _ in range(10):
        assert await source.cached.renewed() == 1
    source.clock.now += 30
    assert await source.cached.renewed() == 2


async def test_while_somebody_looks_others_go_on_with_what_there_is() -> None:
    source = Source()
    await source.cached.get()
    source.clock.now += 3600
    source.gate.clear()
    looking = asyncio.create_task(source.cached.get())
    await until_waiting()
    assert await source.cached.get() == 1
    source.gate.set()
    assert await looking == 2


async def test_a_source_that_is_away_is_forgiven_for_a_day(caplog: pytest.LogCaptureFixture) -> None:
    source = Source()
    await source.cached.get()
    source.error = ProviderError("away")
    source.clock.now += 3600
    for _ in range(10):
        assert await source.cached.get() == 1
    assert source.loads == 2 and caplog.text.count("away") == 1
    source.clock.now += 24 * 3600
    with pytest.raises(ProviderError, match="away"):
        await source.cached.get()
    source.error = None
    source.clock.now += 30
    assert await source.cached.get() == source.loads


async def test_without_a_value_an_error_is_kept_for_two_seconds() -> None:
    source = Source()
    source.error = ProviderError("away")
    for _ in range(5):
        with pytest.raises(ProviderError, match="away"):
            await source.cached.get()
    assert source.loads == 1
    source.error = None
    source.clock.now += 2
    assert await source.cached.get() == 2
