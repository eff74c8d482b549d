"""redis-py's client with limits, safe retries, spans and a readiness check."""

from __future__ import annotations

import asyncio
from typing import Any, Self

import redis.asyncio
from redis.asyncio.client import Pipeline as PlainPipeline
from redis.asyncio.connection import Connection, SSLConnection, parse_url

from runtime import pools
from runtime.contract import ConfigurationError, Problem, RedisContract
from runtime.google_identity import GoogleIdentity
from runtime.redis import tracing
from runtime.redis.pool import NAME, IdentityCredentials, Pool, safe
from runtime.redis.settings import Settings

DEFAULTS = Settings()

READS = frozenset(
    """PING ECHO GET MGET STRLEN GETRANGE EXISTS TTL PTTL TYPE KEYS SCAN DBSIZE RANDOMKEY HGET HMGET HGETALL HEXISTS HKEYS
    HVALS HLEN HSTRLEN HSCAN LRANGE LINDEX LLEN LPOS SMEMBERS SISMEMBER SMISMEMBER SCARD SRANDMEMBER SINTER SUNION SDIFF
    SSCAN ZSCORE ZMSCORE ZRANGE ZRANGEBYSCORE ZREVRANGE ZRANK ZREVRANK ZCARD ZCOUNT ZLEXCOUNT ZSCAN BITCOUNT GETBIT PFCOUNT
    XRANGE XREVRANGE XLEN XINFO GEOPOS GEODIST GEOSEARCH INFO TIME""".split()
)
"""Commands that change nothing: sent again when the answer is lost."""


class Pipeline(PlainPipeline):
    """A pipeline as one span. It is never sent twice."""

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        names = " ".join(sorted({str(command[0][0]) for command in self.command_stack}))
        attributes = {"db.operation.batch.size": len(self.command_stack), "db.stored_procedure.name": names}
        with tracing.command("MULTI" if self.is_transaction else "PIPELINE", attributes):
            return list(await super().execute(raise_on_error))


class Redis(redis.asyncio.Redis):
    """`runtime.redis`: the cache, with redis-py's commands. A runtime.Resource; `connect` makes one from the contract."""

    name = NAME
    connection_pool: Pool

    @classmethod
    def connect(
        cls,
        contract: RedisContract,
        *,
        client_name: str,
        on_platform: bool,
        identity: GoogleIdentity | None = None,
        settings: Settings = DEFAULTS,
        **arguments: Any,
    ) -> Self:
        """A client that connects on first use.

        on_platform  sign in with the identity's token over TLS; elsewhere as the endpoint says
        arguments    Pool's clock and jitter, and redis-py's own of a connection, such as decode_responses

        ConfigurationError with all that is wrong.
        """
        _validate(contract, on_platform, identity)
        address: dict[str, Any] = dict(parse_url(contract.endpoint))
        kind = address.get("connection_class", Connection)
        address["connection_class"] = safe(kind)
        if kind is SSLConnection:
            address |= {"ssl_ca_data": contract.ca_certificate, "ssl_check_hostname": settings.verify_host}
        if identity is not None:
            address["credential_provider"] = IdentityCredentials(identity)
        # Redis takes no spaces in the name of a client.
        return cls(connection_pool=Pool(settings, client_name=client_name.replace(" ", "/"), **address, **arguments))

    async def open(self) -> None:
        """Connect once, so that a start without cache fails with the reason. redis-py's ConnectionError, TimeoutError."""
        pools.watch(NAME, self.connection_pool.usage)
        await self.check()

    async def check(self) -> None:
        """Raise with a one-line reason while the cache can't be used."""
        async with asyncio.timeout(self.connection_pool.settings.retry_within):
            await super().execute_command("PING")  # type: ignore[no-untyped-call]

    async def close(self, close_connection_pool: bool | None = None) -> None:
        pools.forget(NAME)
        await self.connection_pool.aclose()

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """A command as a span; one that only reads is done again after the connection was lost."""
        name = str(args[0]).upper()
        run = super().execute_command
        with tracing.command(name, {}):
            if name.split(" ")[0] in READS:
                return await self.connection_pool.again(lambda: run(*args, **options), name)  # type: ignore[no-untyped-call]
            return await run(*args, **options)  # type: ignore[no-untyped-call]

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        """Commands that go to the server together; with `transaction` all of them or none."""
        return Pipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


def _validate(contract: RedisContract, on_platform: bool, identity: GoogleIdentity | None) -> None:
    if not on_platform:
        return
    problems = []
    if not contract.endpoint.startswith("rediss://"):
        problems.append(Problem("REDIS_ENDPOINT", "an address without TLS", "rediss://<private address>:<port>"))
    if contract.ca_certificate is None:
        problems.append(Problem("REDIS_CA_CERTIFICATE", "nothing", "certificates as PEM text"))
    if identity is None:
        raise ValueError("identity: found None; expected the platform's identity")
    if problems:
        raise ConfigurationError(problems)
