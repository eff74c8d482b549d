"""The client on a real Redis: commands, bounds, spans, sign-in with tokens over TLS."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from redis.exceptions import ConnectionError, ResponseError

from runtime.contract import ConfigurationError, RedisContract
from runtime.google_identity import AccessToken, GoogleIdentity, IdentityError
from runtime.redis import Redis, RedisPoolExhaustedError, Settings, tracing
from runtime.resource import Resource
from runtime.testing.certificates import make_authority
from runtime.testing.fault_proxy import FaultProxy
from runtime.testing.redis_server import RedisServer, start_redis

pytestmark = pytest.mark.anyio


def connect(endpoint: str, settings: dict[str, Any] | None = None, **arguments: Any) -> Any:
    """Any: redis-py's types are those of both its clients."""
    return Redis.connect(
        RedisContract(endpoint), client_name="accounts dev", on_platform=False, settings=Settings(**(settings or {})),
        **arguments,
    )  # fmt: skip


async def test_commands_pipelines_and_the_life_cycle(redis_server: RedisServer) -> None:
    cache = connect(redis_server.endpoint, decode_responses=True)
    is_resource = isinstance(cache, Resource)
    assert is_resource
    await cache.open()
    await cache.set("a", "1", ex=60)
    async with cache.pipeline() as pipeline:
        assert await pipeline.incr("a").get("a").execute() == [2, "2"]
    assert await cache.client_getname() == "accounts/dev"
    assert await cache.eval("return ARGV[1]", 0, "x") == "x"
    await cache.check()
    await cache.close()


async def test_the_pool_is_bounded_and_says_so(redis_server: RedisServer) -> None:
    cache = connect(redis_server.endpoint, {"max_connections": 2, "wait_timeout": 0.2})
    blocked = [asyncio.create_task(cache.blpop(["nothing"], timeout=1)) for _ in range(2)]
    while cache.connection_pool.usage().in_use < 2:
        await asyncio.sleep(0)
    started = time.monotonic()
    with pytest.raises(RedisPoolExhaustedError, match=r"within 0.2 s: all 2 are in use\..*max_connections"):
        await cache.get("a")
    assert time.monotonic() - started < 1
    assert await asyncio.gather(*blocked) == [None, None]
    await cache.get("a")
    await cache.close()


async def test_spans_have_neither_keys_nor_values(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "tracer", provider.get_tracer("test"))
    cache = connect(redis_server.endpoint)
    await cache.set("a.person@example.com", "a.person@example.com")
    async with cache.pipeline() as pipeline:
        await pipeline.get("a.person@example.com").delete("a.person@example.com").execute()
    with pytest.raises(ResponseError):
        await cache.execute_command("NOTHING", "a.person@example.com")
    await cache.close()
    spans = exporter.get_finished_spans()
    assert [span.name for span in spans] == ["SET", "MULTI", "NOTHING"]
    assert dict(spans[1].attributes or {})["db.operation.batch.size"] == 2
    assert dict(spans[2].attributes or {})["error.type"] == "ResponseError"
    assert "a.person" not in "".join(span.to_json() for span in spans)


class Tokens:
    """Tokens of an hour. Like Memorystore, the server takes only the one that is valid now."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin
        self.now = 1_800_000_000.0
        self.fetched = 0
        self.error: IdentityError | None = None

    def clock(self) -> float:
        return self.now

    async def fetch(self) -> AccessToken:
        if self.error is not None:
            raise self.error
        self.fetched += 1
        token = f"ya29.secret-{self.fetched}"
        await self.admin.acl_setuser(
            "default", enabled=True, reset_passwords=True, passwords=[f"+{token}"], keys="*", categories=["+@all"]
        )
        return AccessToken(token, self.now + 3600)


async def test_signing_in_with_tokens_over_tls(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = start_redis(tmp_path, "--save", "")
    authority = make_authority()
    admin = connect(server.endpoint)
    await admin.acl_setuser("admin", enabled=True, nopass=True, keys="*", categories=["+@all"])
    await admin.close()
    admin = connect(f"redis://admin:x@{server.host}:{server.port}")
    tokens = Tokens(admin)
    async with FaultProxy(server.host, server.port, tls=authority.server) as proxy:
        cache: Any = Redis.connect(
            RedisContract(f"rediss://127.0.0.1:{proxy.port}", authority.pem),
            client_name="accounts prod",
            on_platform=True,
            identity=GoogleIdentity(tokens, clock=tokens.clock),
            clock=tokens.clock,
        )
        await cache.open()
        assert await cache.acl_whoami() == "default"
        assert tokens.fetched == 1
        # An hour of sleep: the connection is gone, the token worth nothing.
        tokens.now += 61 * 60
        proxy.drop()
        await cache.set("a", 1)
        assert tokens.fetched == 2
        # A connection is made anew before its sign-in ends, with a token of then.
        accepted = proxy.accepted
        tokens.now += 7 * 3600
        await cache.set("a", 2)
        assert (proxy.accepted, tokens.fetched) == (accepted + 1, 3)
        tokens.now += 7 * 3600
        tokens.error = IdentityError("the metadata server gave no access token: status 503")
        with pytest.raises(ConnectionError, match="no access token for the cache: the metadata server .* status 503"):
            await cache.set("a", 3)
        await cache.close()

        stranger = Redis.connect(
            RedisContract(f"rediss://127.0.0.1:{proxy.port}", make_authority().pem),
            client_name="x", on_platform=True, identity=GoogleIdentity(tokens, clock=tokens.clock),
        )  # fmt: skip
        with pytest.raises(ConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
            await stranger.open()
        await stranger.close()
    await admin.close()
    server.stop()
    assert "ya29" not in caplog.text


def test_the_platform_wants_tls() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Redis.connect(
            RedisContract("redis://:hunter2@h:1"), client_name="x", on_platform=True,
            identity=GoogleIdentity(Tokens(connect("redis://h:1"))),
        )  # fmt: skip
    assert [problem.name for problem in caught.value.problems] == ["REDIS_ENDPOINT", "REDIS_CA_CERTIFICATE"]
    assert "hunter2" not in str(caught.value)
